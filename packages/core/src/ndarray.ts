import { CellstateError } from './cellstate-error.ts';

/** Numbers of one kind, row-major: floats, integers (categories, token ids), or bytes (masks: 1 is a real step). */
export type NumericArray = Float32Array | Int32Array | Uint8Array;

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
 * @param values nested arrays (booleans become a mask of bytes, all else float32), or a typed array with `shape`,
 * which is kept, not copied.
 * @param shape the length of each axis when `values` is a typed array; default: one axis.
 * @throws CellstateError `RAGGED_ARRAY` when rows differ in length, `SHAPE_MISMATCH` when values do not fill the shape.
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

/** Whether `value` is an NdArray. */
export function isNdArray(value: unknown): value is NdArray {
  return value instanceof DenseArray;
}

/**
 * Joins arrays along an axis that exists.
 *
 * @param arrays at least one; all of one rank and, but for `axis`, one shape.
 * @param axis default 0; negative counts from the end.
 * @throws CellstateError `SHAPE_MISMATCH`.
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
  if (first === undefined) {
    throw new CellstateError('SHAPE_MISMATCH', 'Nothing to join.', { expected: 'at least one array', received: 'none', where: 'concat' });
  }
  const rank = first.shape.length;
  const along = axis < 0 ? axis + rank : axis;
  if (along < 0 || along >= rank) {
    throw new CellstateError('SHAPE_MISMATCH', 'No such axis.', {
      expected: `an axis in [${-rank}, ${rank - 1}]`,
      received: String(axis),
      where: 'concat',
    });
  }
  for (const [index, array] of arrays.entries()) {
    const fits = array.shape.length === rank && array.shape.every((length, i) => i === along || length === first.shape[i]);
    if (!fits) {
      throw new CellstateError('SHAPE_MISMATCH', 'Arrays to join must agree in every other axis.', {
        expected: describe(first.shape.map((length, i) => (i === along ? null : length))),
        received: describe(array.shape),
        where: `concat, array ${index}`,
      });
    }
  }
  const shape = first.shape.map((length, i) => (i === along ? arrays.reduce((sum, array) => sum + (array.shape[i] as number), 0) : length));
  const outer = size(shape.slice(0, along));
  const data = blank(first.data, size(shape));
  let offset = 0;
  for (let row = 0; row < outer; row++) {
    for (const array of arrays) {
      const run = size(array.shape.slice(along));
      data.set(array.data.subarray(row * run, (row + 1) * run), offset);
      offset += run;
    }
  }
  return create(data, shape);
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
 * @throws CellstateError `SHAPE_MISMATCH` when shapes differ.
 *
 * @example
 * ```ts
 * import { ndarray, stack } from '@cellstate/core';
 *
 * stack([ndarray([1, 2]), ndarray([3, 4])]).shape; // → [2, 2]
 * ```
 */
export function stack(items: readonly (NdArray | StackableSeries)[]): NdArray {
  const arrays = items.map((item) => ('shape' in item ? item : create(item.values, [item.steps, item.features])));
  return concat(arrays.map((array) => array.reshape([1, ...array.shape])));
}

/** A shape as text, `null` for any length: `[null, 3, 1]`. */
export function describe(shape: readonly (number | null)[]): string {
  return `[${shape.map((length) => (length === null ? 'null' : length)).join(', ')}]`;
}

/** The number of values an array of this shape holds. */
export function size(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
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
      const start = clip(range[0], length);
      return [start, Math.max(start, clip(range[1] ?? length, length))] as const;
    });
    const cut = bounds.map(([start, end]) => end - start);
    const data = blank(this.data, size(cut));
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
        received: typeof value,
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

function ragged(shape: readonly number[], axis: number, received: number | undefined): CellstateError {
  return new CellstateError('RAGGED_ARRAY', 'All rows of an array must have one length.', {
    expected: axis < shape.length ? `${shape[axis]} values along axis ${axis}` : `numbers below axis ${shape.length - 1}`,
    received: received === undefined ? 'a number' : `${received} values`,
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

function clip(index: number, length: number): number {
  return Math.min(length, Math.max(0, index < 0 ? index + length : index));
}

function blank(like: NumericArray, length: number): NumericArray {
  if (like instanceof Float32Array) return new Float32Array(length);
  return like instanceof Int32Array ? new Int32Array(length) : new Uint8Array(length);
}

function isNumericArray(value: unknown): value is NumericArray {
  return value instanceof Float32Array || value instanceof Int32Array || value instanceof Uint8Array;
}
