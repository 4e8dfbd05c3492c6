import { CellstateError } from './cellstate-error.ts';
import { blankLike, isNumericArray, type NumericArray } from './numeric-array.ts';
import { describe, size } from './shape.ts';

/** Nested arrays of numbers or booleans, all rows of one length. */
export type Nested = number | boolean | readonly Nested[];

/**
 * How an array was cut from a series. Windowing leaves it on what it makes; a stateful trainer reads it, because
 * windows that overlap enter the state more than once.
 */
export interface WindowOrigin {
  readonly source: string;
  /** Steps of a window. */
  readonly length: number;
  /** Steps from one window's start to the next one's. */
  readonly stride: number;
}

/** An n-dimensional array: flat values in row-major order, and the length of each axis. */
export interface NdArray {
  readonly data: NumericArray;
  readonly shape: readonly number[];
  /** Set when the array holds windows of a series. `reshape` and slices keep it. */
  readonly origin?: WindowOrigin;
  /** The value at these indices, one an axis; negative ones count from the end. Throws `INDEX_OUT_OF_RANGE`. */
  at(...indices: number[]): number;
  /**
   * A copy of a part: one `[start, end]` (end exclusive) or `null` (all) an axis; missing axes are taken whole.
   * Negative numbers count from the end; `[start]` runs to the end. Bounds beyond the axis are cut, as in NumPy.
   * Throws `SHAPE_MISMATCH` for more ranges than axes, `INDEX_OUT_OF_RANGE` for bounds that are not whole.
   */
  slice(ranges: readonly (readonly [number, number?] | null)[]): NdArray;
  /** The same values under another shape, without a copy; one axis may be -1. Throws `SHAPE_MISMATCH`. */
  reshape(shape: readonly number[]): NdArray;
  /** The values as nested arrays. */
  toNested(): NestedNumbers;
}

/** What `toNested` returns. */
export type NestedNumbers = number | NestedNumbers[];

/**
 * Makes an NdArray from nested arrays, or from flat values and a shape.
 *
 * @param values nested arrays (nothing but booleans becomes a mask of bytes, all else float32), or a typed array, which is
 * kept, not copied.
 * @param shape the length of each axis; default: as nested, and one axis for a typed array.
 * @param origin how the array was cut from a series, if it was; default: it was not.
 * @throws CellstateError `RAGGED_ARRAY` when rows differ in length, `NOT_A_NUMBER` for a value that is neither number nor
 * boolean, `SHAPE_MISMATCH` when values do not fill the shape.
 *
 * @example
 * ```ts
 * import { ndarray } from '@cellstate/core';
 *
 * const a = ndarray([[1, 2, 3], [4, 5, 6]]);
 * a.shape; // → [2, 3]
 * a.at(-1, 0); // → 4
 * a.slice([null, [0, -1]]).toNested(); // → [[1, 2], [4, 5]]
 * ```
 */
export function ndarray(values: Nested | NumericArray, shape?: readonly number[], origin?: WindowOrigin): NdArray {
  if (isNumericArray(values)) return create(values, shape ?? [values.length], origin);
  if (shape !== undefined) return create(flatten(values).data, shape, origin);
  const { data, shape: found } = flatten(values);
  return create(data, found, origin);
}

/**
 * Whether `value` is an NdArray, rather than a nested or typed array, a list or a record of arrays.
 *
 * @example
 * ```ts
 * import { isNdArray, ndarray } from '@cellstate/core';
 *
 * isNdArray(ndarray([1])); // → true
 * isNdArray([1]); // → false
 * ```
 */
export function isNdArray(value: unknown): value is NdArray {
  return value instanceof DenseArray;
}

class DenseArray implements NdArray {
  readonly data: NumericArray;
  readonly shape: readonly number[];
  declare readonly origin?: WindowOrigin;

  constructor(data: NumericArray, shape: readonly number[], origin: WindowOrigin | undefined) {
    this.data = data;
    this.shape = shape;
    if (origin !== undefined) this.origin = origin;
  }

  at(...indices: number[]): number {
    const { shape } = this;
    if (indices.length !== shape.length) throw outOfRange(indices, shape);
    let offset = 0;
    for (const [axis, length] of shape.entries()) {
      const given = indices[axis] as number;
      const index = given < 0 ? given + length : given;
      if (!Number.isInteger(index) || index < 0 || index >= length) throw outOfRange(indices, shape);
      offset = offset * length + index;
    }
    return this.data[offset] as number;
  }

  slice(ranges: readonly (readonly [number, number?] | null)[]): NdArray {
    const { shape } = this;
    if (ranges.length > shape.length) {
      throw new CellstateError('SHAPE_MISMATCH', 'More ranges than axes.', {
        expected: `at most ${shape.length} for shape ${describe(shape)}`,
        received: String(ranges.length),
        where: 'slice',
      });
    }
    const bounds = shape.map((length, axis) => {
      const range = ranges[axis] ?? null;
      if (range === null) return [0, length] as const;
      const [from, to = length] = range;
      if (!Number.isInteger(from) || !Number.isInteger(to)) throw notWhole(range, axis);
      const start = clip(from, length);
      return [start, Math.max(start, clip(to, length))] as const;
    });
    const cut = bounds.map(([start, end]) => end - start);
    const data = blankLike(this.data, size(cut));
    // Everything behind the last axis that is really cut is one contiguous run.
    let last = shape.length - 1;
    while (last > 0 && cut[last] === shape[last]) last--;
    const run = shape.length === 0 ? 1 : size(cut.slice(last));
    const copies = run === 0 ? 0 : data.length / run;
    const index = bounds.map(([start]) => start);
    for (let copy = 0; copy < copies; copy++) {
      let offset = 0;
      for (const [axis, length] of shape.entries()) offset = offset * length + (index[axis] as number);
      data.set(this.data.subarray(offset, offset + run), copy * run);
      for (let axis = last - 1; axis >= 0; axis--) {
        const [start, end] = bounds[axis] as readonly [number, number];
        if ((index[axis] as number) + 1 < end) {
          index[axis] = (index[axis] as number) + 1;
          break;
        }
        index[axis] = start;
      }
    }
    return create(data, cut, this.origin);
  }

  reshape(shape: readonly number[]): NdArray {
    const open = shape.filter((length) => length === -1).length;
    const known = size(shape.filter((length) => length !== -1));
    const filled = open === 1 && known > 0 ? shape.map((length) => (length === -1 ? this.data.length / known : length)) : shape;
    if (open > 1 || !filled.every((length) => Number.isInteger(length) && length >= 0) || size(filled) !== this.data.length) {
      throw new CellstateError('SHAPE_MISMATCH', 'The values do not fill the new shape.', {
        expected: `${this.data.length} values, as in ${describe(this.shape)}`,
        received: describe(shape),
        where: 'reshape',
      });
    }
    return create(this.data, filled, this.origin);
  }

  /** For `JSON.stringify`, which would write a typed array as an object. */
  toJSON(): { shape: readonly number[]; data: number[] } {
    return { shape: this.shape, data: Array.from(this.data) };
  }

  toNested(): NestedNumbers {
    const { data, shape } = this;
    const build = (axis: number, offset: number): NestedNumbers => {
      if (axis === shape.length) return data[offset] as number;
      const stride = size(shape.slice(axis + 1));
      return Array.from({ length: shape[axis] as number }, (_, i) => build(axis + 1, offset + i * stride));
    };
    return build(0, 0);
  }
}

function create(data: NumericArray, shape: readonly number[], origin?: WindowOrigin): NdArray {
  const sound = shape.every((length) => Number.isInteger(length) && length >= 0);
  if (!sound || size(shape) !== data.length) {
    throw new CellstateError('SHAPE_MISMATCH', 'The values do not fill the shape.', {
      expected: `${sound ? size(shape) : 'whole numbers of'} values for ${describe(shape)}`,
      received: `${data.length} values`,
      where: 'ndarray',
    });
  }
  return new DenseArray(data, [...shape], origin);
}

function flatten(nested: Nested): { data: NumericArray; shape: number[] } {
  const shape: number[] = [];
  for (let level: Nested | undefined = nested; Array.isArray(level); level = level[0]) shape.push(level.length);
  const flat: (number | boolean)[] = [];
  let booleans = true;
  const visit = (value: Nested, axis: number): void => {
    if (Array.isArray(value)) {
      if (axis >= shape.length || value.length !== shape[axis]) throw ragged(shape, axis, value.length);
      for (const part of value) visit(part, axis + 1);
      return;
    }
    if (axis !== shape.length) throw ragged(shape, axis, undefined);
    if (typeof value !== 'number' && typeof value !== 'boolean') {
      throw new CellstateError('NOT_A_NUMBER', 'An array holds numbers or booleans.', {
        expected: 'numbers',
        received: nameOf(value),
        where: `ndarray, value ${flat.length}`,
      });
    }
    if (typeof value === 'number') booleans = false;
    flat.push(value);
  };
  visit(nested, 0);
  const numbers = flat.map(Number);
  return { data: booleans && flat.length > 0 ? Uint8Array.from(numbers) : Float32Array.from(numbers), shape };
}

function nameOf(value: unknown): string {
  if (typeof value === 'object' && value !== null) return `a ${value.constructor.name}`;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

function ragged(shape: readonly number[], axis: number, received: number | undefined): CellstateError {
  return new CellstateError('RAGGED_ARRAY', 'All rows of an array must have one length.', {
    expected: axis < shape.length ? `a length of ${shape[axis]} along axis ${axis}` : `numbers below axis ${shape.length - 1}`,
    received: received === undefined ? 'a number' : `a length of ${received}`,
    where: 'ndarray',
    hint: 'Sequences of different lengths: padSequences or lanes in @cellstate/windowing.',
  });
}

function outOfRange(indices: readonly number[], shape: readonly number[]): CellstateError {
  return new CellstateError('INDEX_OUT_OF_RANGE', 'No value at these indices.', {
    expected: `${shape.length} indices within ${describe(shape)}`,
    received: `(${indices.join(', ')})`,
    where: 'at',
  });
}

function notWhole(range: readonly [number, number?], axis: number): CellstateError {
  return new CellstateError('INDEX_OUT_OF_RANGE', 'A range has whole bounds.', {
    expected: '[start, end] of integers',
    received: `[${range.join(', ')}]`,
    where: `slice, axis ${axis}`,
  });
}

function clip(index: number, length: number): number {
  return Math.min(length, Math.max(0, index < 0 ? index + length : index));
}
