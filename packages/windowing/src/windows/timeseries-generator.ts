import { CellstateError, checkOptions, type NdArray, ndarray, random, type WindowOrigin } from '@cellstate/core';
import { type ArrayInput, gatherRows, typedRows } from '../series/typed-rows.ts';
import { wholeNumber } from '../whole-number.ts';
import { seedRequired } from './batch-options.ts';
import type { TimeseriesBatch } from './timeseries-layout.ts';

/** Keras' arguments, in camelCase. */
export interface TimeseriesGeneratorOptions {
  /** Rows a window reaches back. It holds `ceil(length / samplingRate)` of them. */
  readonly length: number;
  /** Rows from one step of a window to the next; default 1. */
  readonly samplingRate?: number;
  /** Rows from one window to the next; default 1. */
  readonly stride?: number;
  /** First row used; default 0. */
  readonly startIndex?: number;
  /** Last row used as a target, itself included; default the last one. */
  readonly endIndex?: number;
  /** Draws target rows with replacement, always full batches; default false. */
  readonly shuffle?: boolean;
  /** Needed when `shuffle` is true. */
  readonly seed?: number;
  /** Turns every window around; default false. */
  readonly reverse?: boolean;
  /** Default 128. */
  readonly batchSize?: number;
}

/** Batches by number, cut out when asked for. */
export interface TimeseriesGenerator extends Iterable<TimeseriesBatch> {
  /** How many batches there are. */
  readonly count: number;
  /** Batch `index`, from 0. Throws `INDEX_OUT_OF_RANGE`. */
  at(index: number): TimeseriesBatch;
}

const where = 'timeseriesGenerator';

/**
 * Windows with the row behind each as target, by the index arithmetic of Keras' older `TimeseriesGenerator`.
 *
 * The window of target row r holds rows `r - length, r - length + samplingRate, …` below r. With `length: 4,
 * samplingRate: 2` row 4 gets 0 2, row 5 gets 1 3. New code is better served by `slidingWindows`.
 *
 * @throws CellstateError `LENGTHS_DIFFER` when there is not one target for each row, `INVALID_INDEX_RANGE` when no row
 * is left to be a target, `SEED_REQUIRED`.
 *
 * @example
 * ```ts
 * import { timeseriesGenerator } from '@cellstate/windowing';
 *
 * const data = [0, 1, 2, 3, 4, 5];
 * const generator = timeseriesGenerator(data, data, { length: 3, batchSize: 2 });
 * generator.count; // → 2
 * generator.at(0).x.toNested(); // → [[0, 1, 2], [1, 2, 3]]
 * generator.at(0).y.toNested(); // → [3, 4]
 * ```
 */
export function timeseriesGenerator(data: ArrayInput, targets: ArrayInput, options: TimeseriesGeneratorOptions): TimeseriesGenerator {
  checkOptions(options, ['length', 'samplingRate', 'stride', 'startIndex', 'endIndex', 'shuffle', 'seed', 'reverse', 'batchSize'], where);
  const rows = typedRows(data, `${where}, data`);
  const wanted = typedRows(targets, `${where}, targets`);
  if (rows.steps !== wanted.steps) {
    throw new CellstateError('LENGTHS_DIFFER', 'Every row needs one target.', {
      expected: `${rows.steps} targets`,
      received: `${wanted.steps}`,
      where,
    });
  }
  const length = wholeNumber(options?.length, 1, `${where}, length`);
  const rate = wholeNumber(options.samplingRate ?? 1, 1, `${where}, samplingRate`);
  const stride = wholeNumber(options.stride ?? 1, 1, `${where}, stride`);
  const batchSize = wholeNumber(options.batchSize ?? 128, 1, `${where}, batchSize`);
  const first = wholeNumber(options.startIndex ?? 0, 0, `${where}, startIndex`) + length;
  const last = wholeNumber(options.endIndex ?? rows.steps - 1, 0, `${where}, endIndex`);
  if (first > last || last >= rows.steps) {
    throw new CellstateError('INVALID_INDEX_RANGE', 'No row is left to be a target.', {
      expected: `startIndex + length ≤ endIndex ≤ ${rows.steps - 1}`,
      received: `${first} and ${last}`,
      where,
    });
  }
  const { shuffle = false, seed, reverse = false } = options;
  if (shuffle && !Number.isSafeInteger(seed)) throw seedRequired(String(seed), where);
  const origin: WindowOrigin = { source: where, length, stride };
  const count = Math.floor((last - first + batchSize * stride) / (batchSize * stride));

  function targetRows(index: number): number[] {
    if (shuffle) {
      const draw = random(seed as number).split(index);
      return Array.from({ length: batchSize }, () => first + draw.integer(last - first + 1));
    }
    const from = first + batchSize * stride * index;
    const until = Math.min(from + batchSize * stride, last + 1);
    return Array.from({ length: Math.ceil((until - from) / stride) }, (_, i) => from + i * stride);
  }

  const generator: TimeseriesGenerator = {
    count,
    at(index) {
      if (!Number.isInteger(index) || index < 0 || index >= count) {
        throw new CellstateError('INDEX_OUT_OF_RANGE', 'There is no batch with this number.', {
          expected: `a whole number from 0 to ${count - 1}`,
          received: String(index),
          where: `${where}.at`,
        });
      }
      const ends = targetRows(index);
      const steps = Math.ceil(length / rate);
      const indices = ends.flatMap((end) => {
        const window = Array.from({ length: steps }, (_, j) => end - length + j * rate);
        return reverse ? window.reverse() : window;
      });
      const x: NdArray = ndarray(gatherRows(rows, indices), [ends.length, steps, ...rows.tail], origin);
      return { x, y: ndarray(gatherRows(wanted, ends), [ends.length, ...wanted.tail]), origin };
    },
    *[Symbol.iterator]() {
      for (let index = 0; index < count; index++) yield generator.at(index);
    },
  };
  return generator;
}
