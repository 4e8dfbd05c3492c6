import * as tf from '@tensorflow/tfjs-core';
import type { SavedArray } from '../checkpoint/saved.ts';
import { readValues } from './read-tensor.ts';

/** The values of tensors as they are now, in arrays of their own. */
export async function copyTensors(tensors: readonly tf.Tensor[]): Promise<SavedArray[]> {
  const values = await readValues(tensors);
  return tensors.map(({ shape, dtype }, i) => ({ shape: [...shape], dtype, values: (values[i] as Float32Array).slice() }));
}

/** A new tensor with those values. */
export function tensorOf({ shape, dtype, values }: SavedArray): tf.Tensor {
  return tf.tensor(values.slice() as Float32Array, [...shape], dtype as 'float32');
}
