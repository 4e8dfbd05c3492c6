import { type Batch, CellstateError, isNdArray, type NdArray, ndarray } from '@cellstate/core';

/** Weights by class id; a class that is not listed weighs 1. */
export type ClassWeight = Readonly<Record<number, number>>;

/**
 * Turns class weights into sample weights: the class of a sample is its target, rounded, or the largest entry of a one-hot
 * target.
 *
 * @throws CellstateError `CONTRADICTORY_OPTIONS` beside sample weights; `CLASS_WEIGHT` for several targets.
 */
export function withClassWeight(batch: Batch, classWeight: ClassWeight): Batch {
  if (batch.sampleWeight !== undefined) {
    throw new CellstateError('CONTRADICTORY_OPTIONS', 'classWeight and sampleWeight cannot be combined.', {
      expected: 'one of them',
      received: 'both',
      where: 'option classWeight',
    });
  }
  const { y } = batch;
  if (y === undefined || !isNdArray(y)) {
    throw new CellstateError('CLASS_WEIGHT', 'classWeight needs exactly one target array.', {
      expected: 'y as one array',
      received: y === undefined ? 'no y' : 'several targets',
      where: 'option classWeight',
    });
  }
  return { ...batch, sampleWeight: weightsOf(y, classWeight) };
}

function weightsOf(target: NdArray, classWeight: ClassWeight): NdArray {
  const columns = target.shape.length > 1 ? (target.shape.at(-1) as number) : 1;
  const shape = target.shape.length > 1 ? target.shape.slice(0, -1) : target.shape;
  const weights = Float32Array.from({ length: target.data.length / columns }, (_, i) => {
    let best = 0;
    for (let c = 1; c < columns; c++) {
      if ((target.data[i * columns + c] as number) > (target.data[i * columns + best] as number)) best = c;
    }
    const id = columns === 1 ? Math.round(target.data[i] as number) : best;
    return classWeight[id] ?? 1;
  });
  return ndarray(weights, shape);
}
