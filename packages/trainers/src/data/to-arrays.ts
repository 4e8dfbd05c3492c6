import { type Arrays, CellstateError, isNdArray, type NdArray, type Nested, type NumericArray, ndarray } from '@cellstate/core';
import * as tf from '@tensorflow/tfjs-core';
import type { ArrayInput, ArraysInput } from './array-input.ts';
import { readTensor } from './read-tensor.ts';

/**
 * Arrays of the caller as NdArrays in the structure they came in. Typed arrays are not copied.
 *
 * @throws CellstateError `INVALID_DATA` for null; those of `ndarray`.
 * @param several whether a plain list is a list of arrays even when its first entry is nested numbers, because the model
 * has more than one input or output.
 */
export async function toArrays(input: ArraysInput, several: boolean): Promise<Arrays> {
  if (isOneArray(input)) return toArray(input);
  if (Array.isArray(input)) {
    const items = input as readonly ArrayInput[];
    const isList = several || items.some((item) => typeof item === 'object' && !Array.isArray(item));
    return isList ? Promise.all(items.map(toArray)) : ndarray(input as Nested);
  }
  if (input === null) {
    throw new CellstateError('INVALID_DATA', 'There is no array.', {
      expected: 'nested numbers, an NdArray, a tensor, or several of them',
      received: 'null',
      where: 'data',
    });
  }
  const named = Object.entries(input as Readonly<Record<string, ArrayInput>>);
  return Object.fromEntries(await Promise.all(named.map(async ([name, item]) => [name, await toArray(item)] as const)));
}

/** Whether a value is one array for certain; a list of numbers may be one array or several. */
export function isOneArray(input: unknown): input is NdArray | tf.Tensor | NumericArray | number | boolean {
  return typeof input !== 'object' || isNdArray(input) || input instanceof tf.Tensor || ArrayBuffer.isView(input);
}

async function toArray(input: ArrayInput): Promise<NdArray> {
  if (isNdArray(input)) return input;
  return input instanceof tf.Tensor ? readTensor(input) : ndarray(input);
}
