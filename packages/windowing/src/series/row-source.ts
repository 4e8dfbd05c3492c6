import { CellstateError } from '@cellstate/core';

/** One step of a series: a number, or one number a feature. */
export type Row = number | ArrayLike<number>;

/** Rows that arrive one by one, or a function that opens them anew for each pass. */
export type RowSource = AsyncIterable<Row> | (() => AsyncIterable<Row>);

/** Whether `value` can be read with `for await`. */
function isAsyncIterable<Item>(value: unknown): value is AsyncIterable<Item> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

/** Whether `value` is an async source, or a function that opens one. */
export function isAsyncSource(value: unknown): value is AsyncIterable<unknown> | (() => AsyncIterable<unknown>) {
  return typeof value === 'function' || isAsyncIterable(value);
}

/** What to read in this pass. */
export function openSource<Item>(source: AsyncIterable<Item> | (() => AsyncIterable<Item>), where: string): AsyncIterable<Item> {
  const opened = typeof source === 'function' ? source() : source;
  if (isAsyncIterable<Item>(opened)) return opened;
  throw new CellstateError('INVALID_SOURCE', 'The function did not open an async source.', {
    expected: 'a function that returns an AsyncIterable of rows',
    received: typeof opened,
    where,
  });
}

/** The error of a second pass over a source that could be read only once. */
export function usedUp(where: string): CellstateError {
  return new CellstateError('SOURCE_USED_UP', 'The async source gave no rows on a second pass.', {
    expected: 'a source that can be read again',
    received: 'a source already read to its end',
    where,
    hint: 'Pass a function that opens the source, so that every pass (each epoch) reads it anew: () => readRows(file).',
  });
}

/** How many features a row has. */
export function rowFeatures(row: Row): number {
  return typeof row === 'object' && row !== null ? row.length : 1;
}

/**
 * Copies one row into `into` at `offset`.
 *
 * @throws CellstateError `FEATURES_DIFFER` when the row is not `features` wide, `NOT_A_NUMBER` for a value that is not finite.
 */
export function writeRow(
  row: Row,
  target: {
    readonly into: { [index: number]: number };
    readonly offset: number;
    readonly features: number;
    readonly index: number;
    readonly where: string;
  },
): void {
  const { into, offset, features, index, where } = target;
  if (typeof row !== 'object' || row === null) {
    if (typeof row !== 'number') throw notANumber(row, index, 0, where);
    if (features !== 1) throw featuresDiffer(features, 1, `${where}, row ${index}`);
    if (!Number.isFinite(row)) throw notANumber(row, index, 0, where);
    into[offset] = row;
    return;
  }
  if (row === null || typeof row !== 'object' || row.length !== features)
    throw featuresDiffer(features, row?.length, `${where}, row ${index}`);
  for (let feature = 0; feature < features; feature++) {
    const value = row[feature];
    if (typeof value !== 'number' || !Number.isFinite(value)) throw notANumber(value, index, feature, where);
    into[offset + feature] = value;
  }
}

/** The error of a row or sequence with another number of features than the first. */
export function featuresDiffer(expected: number, received: unknown, where: string): CellstateError {
  return new CellstateError('FEATURES_DIFFER', 'Every row must have the same number of features.', {
    expected: `${expected} feature${expected === 1 ? '' : 's'}`,
    received: typeof received === 'number' ? `${received} feature${received === 1 ? '' : 's'}` : 'no row of numbers',
    where,
  });
}

function notANumber(value: unknown, row: number, feature: number, where: string): CellstateError {
  return new CellstateError('NOT_A_NUMBER', 'A series holds finite numbers only.', {
    expected: 'a finite number',
    received: String(value),
    where: `${where}, row ${row}, feature ${feature}`,
    hint: 'Fill gaps first, or put a mask value there that a masking layer skips.',
  });
}
