import { type Arrays, type Batch, CellstateError, describe, isNdArray, type NdArray } from '@cellstate/core';
import * as tf from '@tensorflow/tfjs-core';
import { counted } from '../counted.ts';
import { listArrays, mapArrays, type Structure } from '../data/map-arrays.ts';
import type { Masks, Port, Tensors, TrainableModel } from '../trainable-model.ts';
import { batchMasks } from './batch-masks.ts';
import { orderByName } from './order-by-name.ts';

/** A batch as tensors, ready for a pass. */
export interface Feed {
  readonly rows: number;
  readonly inputs: Tensors;
  /** Masks of the inputs; undefined when every step is real. */
  readonly mask: Masks | undefined;
  /** The first input's mask, `[batch, time]`, for outputs over the same steps that come without one. */
  readonly stepMask: tf.Tensor | null;
  /** 0 for lanes whose sequences have ended, `[batch]`; null when all are live. */
  readonly rowMask: tf.Tensor | null;
  readonly targets: Structure<tf.Tensor> | undefined;
  readonly targetArrays: Arrays | undefined;
  readonly sampleWeights: Structure<tf.Tensor> | undefined;
}

/** Makes the tensors of a batch; they belong to the tidy around the call. */
export function feedBatch(batch: Batch, model: TrainableModel): Feed {
  const arrays = orderedInputs(batch.x, model.inputs);
  const list = listArrays(arrays);
  const rows = list[0]?.shape[0] ?? 0;
  checkRows(batch, rows);
  const ports = model.inputs;
  const inputs = ports === undefined ? (mapArrays(arrays, (array) => toTensor(array)) as Tensors) : fitPorts(list, ports);
  const masks = batchMasks(batch, { list, rows });
  const tensors = masks.inputs.map((mask) => (mask === null ? null : toTensor(mask, 'bool')));
  const stepMask = tensors.find((mask) => mask !== null) ?? null;
  return {
    rows,
    inputs,
    mask: stepMask === null ? undefined : isNdArray(arrays) || list.length === 1 ? stepMask : tensors,
    stepMask,
    rowMask: masks.rows === null ? null : toTensor(masks.rows, 'bool'),
    targets: batch.y === undefined ? undefined : mapArrays(batch.y, (array) => toTensor(array)),
    targetArrays: batch.y,
    sampleWeights: batch.sampleWeight === undefined ? undefined : mapArrays(batch.sampleWeight, (array) => toTensor(array)),
  };
}

/** The number of rows of a batch. */
export function rowsOf(batch: Batch): number {
  return listArrays(batch.x)[0]?.shape[0] ?? 0;
}

/** Throws `ROWS_DIFFER` unless every array of the batch has so many rows. */
export function checkRows(batch: Batch, rows: number): void {
  for (const key of ['x', 'y', 'sampleWeight', 'mask'] as const) {
    const arrays = batch[key];
    const other = arrays === undefined ? undefined : listArrays(arrays).find(({ shape }) => shape[0] !== rows);
    if (other === undefined) continue;
    throw new CellstateError('ROWS_DIFFER', 'All arrays of a batch must have one row for each lane.', {
      expected: `${counted(rows, 'row', 'rows')}, as in x`,
      received: `${key} of shape ${describe(other.shape)}`,
      where: 'batch',
    });
  }
}

function orderedInputs(x: Arrays, ports: readonly Port[] | undefined): Arrays {
  if (ports === undefined) return x;
  const names = ports.map((port) => port.name);
  const ordered = orderByName<NdArray>(x, { names, isOne: isNdArray, where: 'x' });
  return ordered.map((array, i) => {
    if (array !== undefined) return array;
    throw new CellstateError('INPUT_MISSING', `The input '${names[i]}' is missing.`, {
      expected: names.join(', '),
      received: 'none',
      where: 'x',
    });
  });
}

function fitPorts(list: readonly NdArray[], ports: readonly Port[]): Tensors {
  const tensors = list.map((array, i) => {
    const { shape, dtype } = ports[i] as Port;
    const tensor = toTensor(array, dtype);
    // As in Keras, a missing last axis of length 1 is added.
    return shape.length === tensor.rank + 1 && shape.at(-1) === 1 ? tf.expandDims(tensor, -1) : tensor;
  });
  return tensors.length === 1 ? (tensors[0] as tf.Tensor) : tensors;
}

/** Without a type asked for, bytes become float32, like all numbers that are no integers. */
export function toTensor(array: Pick<NdArray, 'data' | 'shape'>, dtype?: Port['dtype']): tf.Tensor {
  const { data } = array;
  const shape = [...array.shape];
  const wanted = dtype ?? (data instanceof Int32Array ? 'int32' : 'float32');
  if (wanted === 'int32') return tf.tensor(data instanceof Int32Array ? data : Int32Array.from(data), shape, 'int32');
  if (wanted === 'bool')
    return tf.tensor(
      Uint8Array.from(data, (value) => (value === 0 ? 0 : 1)),
      shape,
      'bool',
    );
  return tf.tensor(data instanceof Float32Array ? data : Float32Array.from(data), shape, 'float32');
}
