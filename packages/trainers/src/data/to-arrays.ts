import { type Arrays, isNdArray, type NdArray, type Nested, ndarray } from '@cellstate/core';
import * as tf from '@tensorflow/tfjs-core';
import type { ArrayInput, ArraysInput } from './array-input.ts';
import { readTensor } from './read-tensor.ts';

/**
 * Arrays of the caller as NdArrays in the structure they came in. Typed arrays are not copied.
 *
 * @param several whether a plain list is a list of arrays even when its first entry is nested numbers, because the model
 * has more than one input or output.
 */
export async function toArrays(input: ArraysInput, several: boolean): Promise<Arrays> {
  if (isNdArray(input)) return input;
  if (input instanceof tf.Tensor) return readTensor(input);
  if (Array.isArray(input)) {
    const items = input as readonly ArrayInput[];
    const isList = several || items.some((item) => isNdArray(item) || item instanceof tf.Tensor);
    return isList ? Promise.all(items.map(toArray)) : ndarray(input as Nested);
  }
  if (typeof input !== 'object') return ndarray(input);
  const named = input as Readonly<Record<string, ArrayInput>>;
  const entries = await Promise.all(Object.entries(named).map(async ([name, item]) => [name, await toArray(item)] as const));
  return Object.fromEntries(entries);
}

async function toArray(input: ArrayInput): Promise<NdArray> {
  if (isNdArray(input)) return input;
  return input instanceof tf.Tensor ? readTensor(input) : ndarray(input);
}
