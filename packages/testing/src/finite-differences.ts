import * as tf from '@tensorflow/tfjs-core';
import { cotangent } from './cotangent.ts';

/** A function under test: tensors in, one or several tensors out. */
export type TensorFunction = (...inputs: tf.Tensor[]) => tf.Tensor | readonly tf.Tensor[];

export interface DifferenceOptions {
  /** Distance between the points of the stencil, as a multiple of max(1, |x|). Default 0.01. */
  readonly step?: number;
}

/**
 * Gradients of L = Σ wᵢ · yᵢ over all float32 outputs y of `f`, by the fourth-order central difference
 * L′(x) ≈ (8 · (L(x + h) − L(x − h)) − (L(x + 2h) − L(x − 2h))) / 12h, with fixed uneven weights w (`cotangent`).
 *
 * Only `f` runs in float32; differences and sums are taken in float64, so the error of a well-scaled function is about 1e-5.
 *
 * @returns for each input a Float64Array in row-major order; null for an input that is not float32.
 */
export function finiteDifferences(
  f: TensorFunction,
  inputs: readonly tf.Tensor[],
  { step = 0.01 }: DifferenceOptions = {},
): (Float64Array | null)[] {
  const values = inputs.map((input) => Float32Array.from(input.dataSync()));
  const outputsAt = (index: number, shifted: Float32Array) => {
    const arrays: Float32Array[] = [];
    tf.tidy(() => {
      const outputs = f(...inputs.map((input, i) => (i === index ? tf.tensor(shifted, input.shape, 'float32') : input)));
      for (const output of floats(outputs)) arrays.push(output.dataSync<'float32'>());
    });
    return arrays;
  };
  const weights: Float32Array[] = [];
  tf.tidy(() => {
    for (const [i, output] of floats(f(...inputs)).entries()) weights.push(cotangent(output.shape, i));
  });

  return inputs.map((input, index) => {
    if (input.dtype !== 'float32') return null;
    const base = values[index] as Float32Array;
    return Float64Array.from(base, (x, k) => {
      const h = step * Math.max(1, Math.abs(x));
      const at = (offset: number) => {
        const shifted = base.slice();
        shifted[k] = x + offset * h;
        return { x: shifted[k] as number, outputs: outputsAt(index, shifted) };
      };
      const slope = (far: number) => {
        const high = at(far);
        const low = at(-far);
        return difference(high.outputs, low.outputs, weights) / (high.x - low.x);
      };
      return (4 * slope(1) - slope(2)) / 3;
    });
  });
}

/** The float32 outputs: only they carry gradients. */
export function floats(outputs: tf.Tensor | readonly tf.Tensor[]): tf.Tensor[] {
  const list = outputs instanceof tf.Tensor ? [outputs] : outputs;
  return list.filter((output) => output.dtype === 'float32');
}

function difference(high: readonly Float32Array[], low: readonly Float32Array[], weights: readonly Float32Array[]): number {
  let sum = 0;
  for (const [i, weight] of weights.entries()) {
    for (let k = 0; k < weight.length; k++) sum += (weight[k] as number) * ((high[i]?.[k] as number) - (low[i]?.[k] as number));
  }
  return sum;
}
