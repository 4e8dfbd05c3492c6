import { CellstateError, type CellstateErrorDetails } from './cellstate-error.ts';
import { type NdArray, ndarray } from './ndarray.ts';
import { blankLike, type NumericArray } from './numeric-array.ts';
import { describe, size } from './shape.ts';

/**
 * Joins arrays along an axis that exists.
 *
 * @param arrays at least one; all of one rank and, but for `axis`, one shape.
 * @param axis default 0; negative counts from the end.
 * @returns a new array, `[…, sum of the lengths, …]`; where the parts were cut from is not kept.
 * @throws CellstateError `SHAPE_MISMATCH` for no array, no such axis or other axes that differ; `DTYPE_MISMATCH` for numbers
 * of several kinds.
 *
 * @example
 * ```ts
 * import { concat, ndarray } from '@cellstate/core';
 *
 * concat([ndarray([[1], [2]]), ndarray([[3], [4]])], 1).toNested(); // → [[1, 3], [2, 4]]
 * ```
 */
export function concat(arrays: readonly NdArray[], axis = 0): NdArray {
  const first = arrays[0];
  if (first === undefined) throw mismatch('Nothing to join.', { expected: 'at least one array', received: 'none', where: 'concat' });
  const rank = first.shape.length;
  const along = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(along) || along < 0 || along >= rank) {
    const expected = rank === 0 ? 'arrays with an axis' : `an axis in [${-rank}, ${rank - 1}]`;
    throw mismatch('No such axis.', { expected, received: String(axis), where: 'concat' });
  }
  for (const [index, array] of arrays.entries()) checkAlike(array, first, { along, where: `concat, array ${index}` });

  const joined = arrays.reduce((sum, array) => sum + (array.shape[along] as number), 0);
  const shape = first.shape.with(along, joined);
  const data = blankLike(first.data, size(shape));
  const runs = arrays.map((array) => ({ data: array.data, length: size(array.shape.slice(along)) }));
  const rows = size(shape.slice(0, along));
  let offset = 0;
  for (let row = 0; row < rows; row++) {
    for (const run of runs) {
      data.set(run.data.subarray(row * run.length, (row + 1) * run.length), offset);
      offset += run.length;
    }
  }
  return ndarray(data, shape);
}

/** What `stack` takes besides arrays: a series, `[steps, features]`. */
export interface StackableSeries {
  readonly values: NumericArray;
  readonly steps: number;
  readonly features: number;
}

/**
 * Lays arrays of one shape, or series of one length, along a new first axis: N series become `[N, steps, features]`.
 *
 * @param items at least one; all of one shape and kind of number.
 * @throws CellstateError `SHAPE_MISMATCH` for no item or shapes that differ; `DTYPE_MISMATCH` for numbers of several kinds.
 *
 * @example
 * ```ts
 * import { ndarray, stack } from '@cellstate/core';
 *
 * stack([ndarray([1, 2]), ndarray([3, 4])]).shape; // → [2, 2]
 * ```
 */
export function stack(items: readonly (NdArray | StackableSeries)[]): NdArray {
  const arrays = items.map((item) => ('shape' in item ? item : ndarray(item.values, [item.steps, item.features])));
  return concat(arrays.map((array) => array.reshape([1, ...array.shape])));
}

function checkAlike(array: NdArray, first: NdArray, { along, where }: { readonly along: number; readonly where: string }): void {
  const fits = array.shape.length === first.shape.length && array.shape.every((length, i) => i === along || length === first.shape[i]);
  if (!fits) {
    const expected = describe(first.shape.map((length, i) => (i === along ? null : length)));
    throw mismatch('Arrays to join must agree in every other axis.', { expected, received: describe(array.shape), where });
  }
  const kind = first.data.constructor.name;
  if (array.data.constructor.name !== kind) {
    throw new CellstateError('DTYPE_MISMATCH', 'Arrays to join must hold numbers of one kind.', {
      expected: kind,
      received: array.data.constructor.name,
      where,
      hint: `Convert it: ndarray(${kind}.from(array.data), array.shape).`,
    });
  }
}

function mismatch(what: string, details: CellstateErrorDetails): CellstateError {
  return new CellstateError('SHAPE_MISMATCH', what, details);
}
