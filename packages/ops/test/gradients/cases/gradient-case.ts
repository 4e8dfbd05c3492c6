import type { TensorFunction } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';

/** One check of a kernel's gradient: a function that runs the kernel, and the inputs to take differences at. */
export interface GradientCase {
  /** What is special about it: '' for the plain use. */
  readonly variant: string;
  readonly f: TensorFunction;
  readonly inputs: () => tf.Tensor[];
}

/** By kernel name. */
export type GradientCases = Readonly<Record<string, readonly GradientCase[]>>;

export function check(variant: string, f: TensorFunction, ...inputs: (() => tf.Tensor)[]): GradientCase {
  return { variant, f, inputs: () => inputs.map((input) => input()) };
}

/** Values between `low` and `high` in no order, no two alike (multiples of the golden ratio, modulo one). */
export function spread(shape: number[], low = -1, high = 1, phase = 0.21): () => tf.Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  const values = Float32Array.from({ length: size }, (_, k) => low + (high - low) * ((phase + k * 0.6180339887) % 1));
  return () => tf.tensor(values, shape);
}

/** Given values. */
export function given(values: number[], shape = [values.length]): () => tf.Tensor {
  return () => tf.tensor(values, shape, 'float32');
}

/** Both sides of zero and of one, well away from integers and halves. */
export const kinky: () => tf.Tensor = given([-2.3, -1.7, -0.8, -0.2, 0.2, 0.7, 1.3, 2.2], [2, 4]);
