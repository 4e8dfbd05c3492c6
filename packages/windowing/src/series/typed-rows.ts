import { CellstateError, isNdArray, type NdArray, type Nested, type NumericArray, ndarray, size } from '@cellstate/core';

/** Any array with rows along its first axis; its kind of number is kept. */
export type ArrayInput = NdArray | NumericArray | readonly Nested[];

/** Rows of an array: `steps` of them, `tail` the shape of each. */
export interface TypedRows {
  readonly data: NumericArray;
  readonly steps: number;
  readonly tail: readonly number[];
  /** Values in a row. */
  readonly width: number;
}

/** Reads an array as rows along its first axis. */
export function typedRows(input: ArrayInput, where: string): TypedRows {
  if (input === null || typeof input !== 'object') {
    throw new CellstateError('INVALID_ARRAY', 'This is not an array.', {
      expected: 'an array with rows along its first axis',
      received: String(input),
      where,
    });
  }
  const array = isNdArray(input) ? input : ndarray(input);
  const [steps = 1, ...tail] = array.shape;
  return { data: array.data, steps, tail, width: size(tail) };
}

/** An array of zeros of the same kind of number. */
export function zerosLike(data: NumericArray, length: number): NumericArray {
  if (data instanceof Float32Array) return new Float32Array(length);
  return data instanceof Int32Array ? new Int32Array(length) : new Uint8Array(length);
}

/** Copies whole rows of `rows`, in this order, behind each other. */
export function gatherRows(rows: TypedRows, indices: ArrayLike<number>): NumericArray {
  const gathered = zerosLike(rows.data, indices.length * rows.width);
  for (let slot = 0; slot < indices.length; slot++) {
    const from = (indices[slot] as number) * rows.width;
    for (let i = 0; i < rows.width; i++) gathered[slot * rows.width + i] = rows.data[from + i] as number;
  }
  return gathered;
}
