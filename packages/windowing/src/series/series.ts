import { CellstateError, checkOptions, isNdArray, type NdArray, type NumericArray, ndarray } from '@cellstate/core';
import { isAsyncSource, openSource, type Row, type RowSource, rowFeatures, writeRow } from './row-source.ts';

/**
 * A series: readings at successive steps, `[steps, features]`. It is an NdArray with names.
 *
 * `values` and `data` are the same flat numbers, row by row: the value of feature f at step t is `values[t * features + f]`.
 */
export interface Series extends NdArray {
  readonly data: Float32Array;
  readonly values: Float32Array;
  readonly steps: number;
  readonly features: number;
  readonly names: readonly string[];
  /** Where the rows come from, when `splitSeries` or `rows` cut them out of a longer series. */
  readonly part?: SeriesPart;
  /** The rows a differencing scaler used up; its `inverse` puts them back in front. */
  readonly before?: Series;
  /** The rows `start` to `end` (exclusive; default: to the end), without a copy; negative numbers count from the end. */
  rows(start: number, end?: number): Series;
  /** A copy with these features only, by name or index, in this order. Throws `UNKNOWN_FEATURE`. */
  select(features: readonly (string | number)[]): Series;
}

/** Which rows of a longer series a part holds. */
export interface SeriesPart {
  readonly name: 'train' | 'validation' | 'test' | 'rows';
  /** First row in the longer series, counted from 0. */
  readonly start: number;
  /** First row behind the part. */
  readonly end: number;
}

/** What a series is made from: numbers, rows, typed numbers, an array `[steps]` or `[steps, features]`, or columns by name. */
export type SeriesInput =
  | Series
  | NdArray
  | NumericArray
  | Float64Array
  | readonly number[]
  | readonly (readonly number[])[]
  | Readonly<Record<string, ArrayLike<number>>>;

/** Options of `series`. */
export interface SeriesOptions {
  /** One name a feature. Default: the columns' names, or `feature 1`, `feature 2`, … */
  readonly names?: readonly string[];
}

/**
 * Makes a series, `[steps, features]`, from rows, columns or typed numbers; reads async rows to their end first.
 *
 * A Float32Array is kept, not copied; everything else is copied. Columns of a record become features in their order.
 *
 * @throws CellstateError `NOT_A_NUMBER` (row and feature of a value that is not finite), `FEATURES_DIFFER` for rows of
 * several widths, `COLUMNS_DIFFER` for columns of several lengths, `NAMES_DIFFER` when names do not match features.
 *
 * @example
 * ```ts
 * import { series } from '@cellstate/windowing';
 *
 * const s = series([[1.0, 20], [1.5, 21], [2.0, 22]], { names: ['pressure', 'temperature'] });
 * s.steps; // → 3
 * s.features; // → 2
 * s.select(['temperature']).toNested(); // → [[20], [21], [22]]
 * s.rows(-2).toNested(); // → [[1.5, 21], [2, 22]]
 * series({ a: [1, 2], b: [3, 4] }).toNested(); // → [[1, 3], [2, 4]]
 * ```
 */
export function series(rows: SeriesInput, options?: SeriesOptions): Series;
export function series(rows: RowSource, options?: SeriesOptions): Promise<Series>;
export function series(rows: SeriesInput | RowSource, options: SeriesOptions = {}): Series | Promise<Series> {
  checkOptions(options, ['names'], 'series');
  if (isAsyncSource(rows)) return collect(rows, options.names);
  return toSeries(rows, { where: 'series', ...(options.names === undefined ? {} : { names: options.names }) });
}

/** Reads what `series` reads, for a caller that needs the whole series at once. */
export function toSeries(input: SeriesInput, { where, names }: { readonly where: string; readonly names?: readonly string[] }): Series {
  if (isSeries(input)) return names === undefined ? input : createSeries(input.values, checkNames(names, input.features, where), input);
  if (isAsyncSource(input)) {
    throw new CellstateError('ASYNC_SOURCE', 'The whole series is needed here, not rows that arrive one by one.', {
      expected: 'a series',
      received: 'an async source',
      where,
      hint: 'Collect it first: await series(rows).',
    });
  }
  if (isNdArray(input)) return fromArray(input, where, names);
  if (ArrayBuffer.isView(input)) return fromRows(input as ArrayLike<number>, where, names);
  if (Array.isArray(input)) return fromRows(input, where, names);
  if (input !== null && typeof input === 'object') return fromColumns(input as Record<string, ArrayLike<number>>, where, names);
  throw new CellstateError('INVALID_SERIES', 'This cannot be read as a series.', {
    expected: 'numbers, rows of numbers, an array [steps, features], or columns by name',
    received: input === null ? 'null' : typeof input,
    where,
  });
}

/** Whether `value` is a series. */
export function isSeries(value: unknown): value is Series {
  return isNdArray(value) && 'steps' in value && 'names' in value;
}

/** A series over flat values that are known to be sound; `like` hands on its part and what lies before. */
export function createSeries(
  values: Float32Array,
  names: readonly string[],
  like: { readonly part?: SeriesPart; readonly before?: Series } = {},
): Series {
  const features = names.length;
  const steps = features === 0 ? 0 : values.length / features;
  const own = {
    values,
    steps,
    features,
    names,
    ...(like.part === undefined ? {} : { part: like.part }),
    ...(like.before === undefined ? {} : { before: like.before }),
    rows(start: number, end: number = steps): Series {
      const from = clip(start, steps);
      const to = Math.max(from, clip(end, steps));
      const part = { name: like.part?.name ?? 'rows', start: (like.part?.start ?? 0) + from, end: (like.part?.start ?? 0) + to } as const;
      return createSeries(values.subarray(from * features, to * features), names, { part });
    },
    select(chosen: readonly (string | number)[]): Series {
      const indices = featureIndices(chosen, names, 'select');
      const picked = new Float32Array(steps * indices.length);
      for (let step = 0; step < steps; step++) {
        for (const [slot, index] of indices.entries()) picked[step * indices.length + slot] = values[step * features + index] as number;
      }
      const { part } = like;
      return createSeries(
        picked,
        indices.map((index) => names[index] as string),
        part === undefined ? {} : { part },
      );
    },
  };
  return Object.assign(ndarray(values, [steps, features]), own) as Series;
}

/**
 * The positions of features named or numbered in `chosen`.
 *
 * @throws CellstateError `UNKNOWN_FEATURE` with the features there are.
 */
export function featureIndices(chosen: readonly (string | number)[], names: readonly string[], where: string): number[] {
  if (!Array.isArray(chosen) || chosen.length === 0) throw unknownFeature('none', names, where);
  return chosen.map((feature) => {
    const index = typeof feature === 'number' ? feature : names.indexOf(feature);
    if (!Number.isInteger(index) || index < 0 || index >= names.length) throw unknownFeature(String(feature), names, where);
    return index;
  });
}

/** Names for features that came without. */
export function defaultNames(features: number): string[] {
  return Array.from({ length: features }, (_, index) => `feature ${index + 1}`);
}

function unknownFeature(received: string, names: readonly string[], where: string): CellstateError {
  return new CellstateError('UNKNOWN_FEATURE', 'The series has no such feature.', {
    expected: `some of ${names.join(', ')} (or their numbers 0 to ${names.length - 1})`,
    received,
    where,
  });
}

function fromArray(array: NdArray, where: string, names: readonly string[] | undefined): Series {
  const [steps = 0, features = 1] = array.shape;
  if (array.shape.length < 1 || array.shape.length > 2) {
    throw new CellstateError('INVALID_SERIES', 'An array of this rank is not one series.', {
      expected: '[steps] or [steps, features]',
      received: `[${array.shape.join(', ')}]`,
      where,
    });
  }
  return sound(array.data, { steps, features, where, names: checkNames(names, features, where) });
}

function fromRows(rows: ArrayLike<Row>, where: string, names: readonly string[] | undefined): Series {
  const first = rows[0];
  const features = first === undefined ? (names?.length ?? 1) : rowFeatures(first);
  const checked = checkNames(names, features, where);
  if (ArrayBuffer.isView(rows)) return sound(rows as unknown as ArrayLike<number>, { steps: rows.length, features, where, names: checked });
  const values = new Float32Array(rows.length * features);
  for (let index = 0; index < rows.length; index++) {
    writeRow(rows[index] as Row, { into: values, offset: index * features, features, index, where });
  }
  return createSeries(values, checked);
}

function fromColumns(columns: Readonly<Record<string, ArrayLike<number>>>, where: string, names: readonly string[] | undefined): Series {
  const keys = Object.keys(columns);
  const steps = columns[keys[0] ?? '']?.length ?? 0;
  for (const key of keys) {
    if (columns[key]?.length === steps) continue;
    throw new CellstateError('COLUMNS_DIFFER', 'All columns of a series must have one length.', {
      expected: `${steps} values, as in '${keys[0]}'`,
      received: `${columns[key]?.length ?? 'no'} values`,
      where: `${where}, column '${key}'`,
    });
  }
  const checked = checkNames(names ?? keys, keys.length, where);
  const values = new Float32Array(steps * keys.length);
  for (let step = 0; step < steps; step++) {
    const row = keys.map((key) => columns[key]?.[step] as number);
    writeRow(row, { into: values, offset: step * keys.length, features: keys.length, index: step, where });
  }
  return createSeries(values, checked);
}

async function collect(source: RowSource, names: readonly string[] | undefined): Promise<Series> {
  const rows: Row[] = [];
  for await (const row of openSource(source, 'series')) rows.push(typeof row === 'number' ? row : Array.from(row));
  return fromRows(rows, 'series', names);
}

function sound(
  data: ArrayLike<number>,
  {
    steps,
    features,
    where,
    names,
  }: { readonly steps: number; readonly features: number; readonly where: string; readonly names: readonly string[] },
): Series {
  for (let step = 0; step < steps; step++) {
    for (let feature = 0; feature < features; feature++) {
      if (Number.isFinite(data[step * features + feature])) continue;
      const row = Array.from({ length: features }, (_, index) => data[step * features + index] as number);
      writeRow(row, { into: [], offset: 0, features, index: step, where });
    }
  }
  return createSeries(data instanceof Float32Array ? data : Float32Array.from(data), names);
}

function checkNames(names: readonly string[] | undefined, features: number, where: string): readonly string[] {
  if (names === undefined) return defaultNames(features);
  if (
    Array.isArray(names) &&
    names.length === features &&
    new Set(names).size === features &&
    names.every((name) => typeof name === 'string')
  )
    return [...names];
  throw new CellstateError('NAMES_DIFFER', 'Names must match the features, one different name each.', {
    expected: `${features} name${features === 1 ? '' : 's'}`,
    received: String(names) || 'none',
    where: `${where}, names`,
  });
}

function clip(index: number, length: number): number {
  return Math.min(length, Math.max(0, index < 0 ? index + length : index));
}
