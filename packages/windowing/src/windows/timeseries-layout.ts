import { type Batch, CellstateError, checkOptions, type NdArray, type WindowOrigin } from '@cellstate/core';
import { wholeNumber } from '../whole-number.ts';
import { seedRequired } from './batch-options.ts';

/** Keras' arguments, in camelCase. */
export interface TimeseriesOptions {
  /** Steps in a window. */
  readonly sequenceLength: number;
  /** Rows from one window's start to the next one's; default 1. */
  readonly sequenceStride?: number;
  /** Rows from one step of a window to the next; default 1. */
  readonly samplingRate?: number;
  /** Windows in a batch, default 128; the last batch may be smaller. null: single windows without a batch axis. */
  readonly batchSize?: number | null;
  /** Draws the windows in random order, another one each pass; default false. */
  readonly shuffle?: boolean;
  /** Needed when `shuffle` is true. The order is not NumPy's. */
  readonly seed?: number | null;
  /** First row used; default 0. */
  readonly startIndex?: number | null;
  /** First row not used. As in Keras below the number of rows; default (and 0): the number of rows. */
  readonly endIndex?: number | null;
}

/** A batch of windows; a single window when `batchSize` is null. */
export interface TimeseriesBatch extends Batch {
  readonly x: NdArray;
  readonly y?: NdArray;
  readonly origin: WindowOrigin;
}

/** What the index arithmetic yields once the options are checked. */
export interface TimeseriesLayout {
  readonly length: number;
  readonly stride: number;
  readonly rate: number;
  readonly batchSize: number | null;
  readonly seed: number | undefined;
  readonly start: number;
  /** undefined: to the end. */
  readonly end: number | undefined;
}

const where = 'timeseriesDatasetFromArray';

/** How these windows lie, for a stateful trainer. */
export function timeseriesOrigin({ length, rate, stride }: TimeseriesLayout): WindowOrigin {
  return { source: where, length: (length - 1) * rate + 1, stride };
}

/** The error of a window whose target does not exist. */
export function targetsTooShort(row: number, targets: number): CellstateError {
  return new CellstateError('TARGETS_TOO_SHORT', 'A window has no target.', {
    expected: `a target for the window that begins at row ${row}`,
    received: `${targets} targets`,
    where: `${where}, targets`,
    hint: 'Targets are taken at the same rows as the windows begin, startIndex included. Keras reads out of range here.',
  });
}

/** Refuses the ranges that Keras refuses, for data of `steps` rows. */
export function checkRange({ start, end, rate, stride }: TimeseriesLayout, steps: number): void {
  if (start > 0 && start >= steps) throw invalidRange('startIndex', 'lower than the number of rows', `${start}, ${steps} rows`);
  if (end !== undefined && end >= steps) throw invalidRange('endIndex', 'lower than the number of rows', `${end}, ${steps} rows`);
  if (rate >= steps) throw invalidRange('samplingRate', 'lower than the number of rows', `${rate}, ${steps} rows`);
  if (stride >= steps) throw invalidRange('sequenceStride', 'lower than the number of rows', `${stride}, ${steps} rows`);
}

/** Checks the options as Keras does. */
export function timeseriesLayout(options: TimeseriesOptions): TimeseriesLayout {
  checkOptions(
    options,
    ['sequenceLength', 'sequenceStride', 'samplingRate', 'batchSize', 'shuffle', 'seed', 'startIndex', 'endIndex'],
    where,
  );
  const length = wholeNumber(options?.sequenceLength, 1, `${where}, sequenceLength`);
  const rate = options.samplingRate ?? 1;
  const stride = options.sequenceStride ?? 1;
  for (const [name, value] of [
    ['samplingRate', rate],
    ['sequenceStride', stride],
  ] as const) {
    if (!Number.isInteger(value) || value <= 0) throw invalidRange(name, 'a whole number greater than 0', String(value));
  }
  const start = options.startIndex ?? 0;
  if (!Number.isInteger(start) || start < 0) throw invalidRange('startIndex', '0 or greater', String(start));
  // Keras tests for truth, so that 0 counts as not given.
  const end = options.endIndex === 0 ? undefined : (options.endIndex ?? undefined);
  if (end !== undefined && (!Number.isInteger(end) || end <= 0)) throw invalidRange('endIndex', 'greater than 0', String(end));
  if (end !== undefined && start > 0 && end <= start) throw invalidRange('endIndex', `greater than startIndex ${start}`, String(end));
  if (options.shuffle !== undefined && typeof options.shuffle !== 'boolean') {
    throw new CellstateError('INVALID_OPTION', 'shuffle is true or false.', {
      expected: 'true or false',
      received: String(options.shuffle),
      where: `${where}, shuffle`,
    });
  }
  const seed = options.seed ?? undefined;
  if (options.shuffle === true && !Number.isSafeInteger(seed)) throw seedRequired(String(seed), where);
  const batchSize = options.batchSize === null ? null : wholeNumber(options.batchSize ?? 128, 1, `${where}, batchSize`);
  return { length, stride, rate, batchSize, seed: options.shuffle === true ? seed : undefined, start, end };
}

function invalidRange(option: string, expected: string, received: string): CellstateError {
  return new CellstateError('INVALID_INDEX_RANGE', `\`${option}\` is out of range.`, { expected, received, where: `${where}, ${option}` });
}
