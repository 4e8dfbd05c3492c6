import { CellstateError, ndarray, random, splitSeed } from '@cellstate/core';
import { isAsyncSource, type RowSource } from '../series/row-source.ts';
import { type ArrayInput, gatherRows, type TypedRows, typedRows } from '../series/typed-rows.ts';
import { plural, textTable } from '../text-table.ts';
import { asyncTimeseries } from './async-timeseries.ts';
import { type AsyncBatchPasses, type BatchPasses, batchPasses } from './batch-passes.ts';
import {
  checkRange,
  type TimeseriesBatch,
  type TimeseriesLayout,
  type TimeseriesOptions,
  targetsTooShort,
  timeseriesLayout,
  timeseriesOrigin,
} from './timeseries-layout.ts';

/** Windows in batches, cut out as they are read. */
export interface TimeseriesDataset extends BatchPasses<TimeseriesBatch> {
  /** Windows in all batches. */
  readonly count: number;
  /** Which rows the windows hold, as text for 80 columns. */
  explain(): string;
}

const where = 'timeseriesDatasetFromArray';

/**
 * Windows over an array, by the index arithmetic of `keras.utils.timeseries_dataset_from_array`, argument for argument.
 *
 * `targets[i]` belongs to the window that begins at `data[i]`: to predict the row behind a window, pass
 * `data.slice([[sequenceLength]])`. Windows start at 0, stride, 2 strides, … below
 * `min(end - start - (sequenceLength - 1) * samplingRate, targets)`; there may be none. With data 0 … 11:
 *
 * | options | windows → targets |
 * |---|---|
 * | `sequenceLength: 4` | 0 1 2 3, … 8 9 10 11 (9) |
 * | `sequenceLength: 4, sequenceStride: 3` | 0 1 2 3, 3 4 5 6, 6 7 8 9 |
 * | `sequenceLength: 3, samplingRate: 2` | 0 2 4, … 7 9 11 (8) |
 * | the same, `sequenceStride: 2, startIndex: 2, endIndex: 10` | 2 4 6, 4 6 8 |
 * | `sequenceLength: 4`, targets 4 … 11 | 0 1 2 3 → 4, … 7 8 9 10 → 11 (8) |
 *
 * `x` is `[batch, sequenceLength, …]` with the axes of a data row behind; numbers of one axis give `[batch, sequenceLength]`.
 * Kinds of number are kept. Async rows (and async targets) give an async iterable that holds the current window's rows.
 *
 * @param data rows along the first axis.
 * @param targets one for each row, or null: no `y`.
 * @throws CellstateError `INVALID_INDEX_RANGE` as Keras refuses `startIndex`, `endIndex`, `samplingRate`,
 * `sequenceStride`; `TARGETS_TOO_SHORT` where Keras would read behind the targets; `SEED_REQUIRED`.
 *
 * @example
 * ```ts
 * import { timeseriesDatasetFromArray } from '@cellstate/windowing';
 *
 * const data = [0, 1, 2, 3, 4, 5, 6, 7];
 * const dataset = timeseriesDatasetFromArray(data, data.slice(3), { sequenceLength: 3, batchSize: 2 });
 * const [first] = dataset;
 * first.x.toNested(); // → [[0, 1, 2], [1, 2, 3]]
 * first.y.toNested(); // → [3, 4]
 * dataset.count; // → 5
 * ```
 */
export function timeseriesDatasetFromArray(data: ArrayInput, targets: ArrayInput | null, options: TimeseriesOptions): TimeseriesDataset;
export function timeseriesDatasetFromArray(
  data: RowSource,
  targets: RowSource | null,
  options: TimeseriesOptions,
): AsyncBatchPasses<TimeseriesBatch>;
export function timeseriesDatasetFromArray(
  data: ArrayInput | RowSource,
  targets: ArrayInput | RowSource | null,
  options: TimeseriesOptions,
): TimeseriesDataset | AsyncBatchPasses<TimeseriesBatch> {
  const layout = timeseriesLayout(options);
  if (isAsyncSource(data)) {
    if (targets !== null && !isAsyncSource(targets)) throw mixedSources('an array');
    return asyncTimeseries({ data: data as RowSource, targets: targets as RowSource | null, layout, where });
  }
  if (isAsyncSource(targets)) throw mixedSources('an async source');
  const rows = typedRows(data as ArrayInput, `${where}, data`);
  const wanted = targets === null ? undefined : typedRows(targets as ArrayInput, `${where}, targets`);
  checkRange(layout, rows.steps);
  const { length, stride, rate, start } = layout;
  const end = layout.end ?? rows.steps;
  const admissible = Math.min(end - start - (length - 1) * rate, wanted?.steps ?? Number.POSITIVE_INFINITY);
  const count = Math.max(0, Math.ceil(admissible / stride));
  const last = start + (count - 1) * stride;
  if (wanted !== undefined && count > 0 && last >= wanted.steps) throw targetsTooShort(last, wanted.steps);
  const starts = { first: start, stride, count };
  return {
    ...batchPasses((pass) => cutBatches({ rows, targets: wanted, starts, layout, pass })),
    count,
    explain: () => explain({ rows, targets: wanted, starts, layout }),
  };
}

interface Starts {
  readonly first: number;
  readonly stride: number;
  readonly count: number;
}

function* cutBatches(from: {
  readonly rows: TypedRows;
  readonly targets: TypedRows | undefined;
  readonly starts: Starts;
  readonly layout: TimeseriesLayout;
  readonly pass: number;
}): Generator<TimeseriesBatch> {
  const { rows, targets, starts, layout, pass } = from;
  const { length, rate, batchSize, seed } = layout;
  const order = seed === undefined ? undefined : random(splitSeed(seed, pass)).permutation(starts.count);
  const origin = timeseriesOrigin(layout);
  const step = batchSize ?? 1;
  for (let k = 0; k < starts.count; k += step) {
    const size = Math.min(step, starts.count - k);
    const begins = Array.from(
      { length: size },
      (_, i) => starts.first + (order === undefined ? k + i : (order[k + i] as number)) * starts.stride,
    );
    const indices = begins.flatMap((begin) => Array.from({ length }, (_, j) => begin + j * rate));
    const lead = batchSize === null ? [] : [size];
    const x = ndarray(gatherRows(rows, indices), [...lead, length, ...rows.tail], origin);
    if (targets === undefined) yield { x, origin };
    else yield { x, y: ndarray(gatherRows(targets, begins), [...lead, ...targets.tail]), origin };
  }
}

function mixedSources(targets: string): CellstateError {
  return new CellstateError('MIXED_SOURCES', 'Data and targets must arrive the same way.', {
    expected: 'two arrays, or two async sources',
    received: `targets from ${targets}`,
    where,
  });
}

function explain(from: {
  readonly rows: TypedRows;
  readonly targets: TypedRows | undefined;
  readonly starts: Starts;
  readonly layout: TimeseriesLayout;
}): string {
  const { rows, targets, starts, layout } = from;
  const shown = starts.count <= 5 ? Array.from({ length: starts.count }, (_, index) => index) : [0, 1, 2, -1, starts.count - 1];
  const cells = shown.map((index) => {
    if (index === -1) return ['…', '…', '…'];
    const begin = starts.first + index * starts.stride;
    const steps = Array.from({ length: layout.length }, (_, j) => begin + j * layout.rate);
    const list = steps.length <= 6 ? steps.join(' ') : `${steps.slice(0, 3).join(' ')} … ${steps.at(-1)}`;
    return [String(index), list, targets === undefined ? '' : String(begin)];
  });
  const shape = (length: number, tail: readonly number[]) => `[${[length, ...tail].join(', ')}]`;
  const y = targets === undefined ? '' : `   y ${shape(starts.count, targets.tail)}`;
  return [
    `${where}: ${plural(starts.count, 'window')} from ${plural(rows.steps, 'row')}`,
    `  x ${shape(starts.count, [layout.length, ...rows.tail])}${y}`,
    '',
    ...textTable([['window', 'rows of data', targets === undefined ? '' : 'row of targets'], ...cells], { right: [0] }),
    '',
    `  Rows count from 0. ${layout.batchSize === null ? 'Single windows' : `Batches of ${layout.batchSize}`}${layout.seed === undefined ? ', in order' : ', in random order'}.`,
  ].join('\n');
}
