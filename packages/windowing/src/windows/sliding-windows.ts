import { type NdArray, ndarray, random, splitSeed, type WindowOrigin } from '@cellstate/core';
import { isAsyncSource, type RowSource } from '../series/row-source.ts';
import { featureIndices, type Series } from '../series/series.ts';
import { type SeriesListInput, toSeriesList } from '../series/series-list.ts';
import { type AsyncWindows, asyncWindows } from './async-windows.ts';
import { type ShuffleOptions, windowBatchOptions } from './batch-options.ts';
import { type BatchPasses, batchPasses } from './batch-passes.ts';
import { explainWindows } from './explain-windows.ts';
import { indexOutOfRange } from './index-out-of-range.ts';
import type { WindowBatch } from './window-batch.ts';
import { seriesTooShort, type WindowLayout, type WindowOptions, windowCount, windowLayout } from './window-layout.ts';

/** One window and the rows it holds. */
export interface Window {
  /** `[length, features]` */
  readonly x: NdArray;
  /** `[targets]` for a horizon of 1, else `[horizon, targets]` */
  readonly y: NdArray;
  /** Which series of the list, 0 for a single one. */
  readonly series: number;
  /** The rows of `x` in the series, counted from 0. */
  readonly inputRows: readonly number[];
  /** The rows of `y`. */
  readonly targetRows: readonly number[];
}

/** Windows over series, cut out only when asked for. */
export interface Windows extends Iterable<Window> {
  /** How many there are: `floor((steps - reach) / stride) + 1` for each series, `reach = (length - 1) * samplingRate + 1 + gap + horizon`. */
  readonly count: number;
  readonly layout: WindowLayout;
  /** Window `index`; negative ones count from the end. Throws `INDEX_OUT_OF_RANGE`. */
  at(index: number): Window;
  /**
   * Batches of `batchSize` windows (default 32; the last may be smaller, none is dropped), in order, or shuffled by a
   * seed: pass p over one `batches(…)` value draws its own order from the seed and p, as Keras reshuffles each epoch;
   * `.pass(p)` gives the batches of that pass.
   */
  batches(options?: { readonly batchSize?: number; readonly shuffle?: ShuffleOptions }): BatchPasses<WindowBatch>;
  /** All windows as one batch. */
  toArrays(): WindowBatch;
  /** Which rows the windows hold, drawn as text for 80 columns. */
  explain(): string;
}

/**
 * Windows that slide over a series, each with the rows to predict behind it. Nothing is copied until a window is asked for.
 *
 * Window i reads rows `i*stride + j*samplingRate` (j = 0 … length-1) and predicts the `horizon` consecutive rows that
 * begin `gap` rows behind its last input. With 12 rows (0 … 11):
 *
 * | options | rows of x → rows of y |
 * |---|---|
 * | `length: 3` | 0 1 2 → 3, 1 2 3 → 4, … 8 9 10 → 11 (9 windows) |
 * | `length: 3, horizon: 2` | 0 1 2 → 3 4, … 7 8 9 → 10 11 (8) |
 * | `length: 3, stride: 3` | 0 1 2 → 3, 3 4 5 → 6, 6 7 8 → 9 (3; rows 10 and 11 lie in no window) |
 * | `length: 3, samplingRate: 2` | 0 2 4 → 5, 1 3 5 → 6, … 6 8 10 → 11 (7) |
 * | `length: 3, gap: 2` | 0 1 2 → 5, … 6 7 8 → 11 (7) |
 *
 * A list of series, or an array `[N, steps, features]`, gives the windows of each in turn; none straddles two series.
 * An async source of rows gives `batches` (also shuffled within a buffer) that hold only the rows of the current
 * window; what needs the whole series (`count`, `at`) is absent there.
 *
 * @throws CellstateError `SERIES_TOO_SHORT` when no window fits, `INVALID_OPTION`, `UNKNOWN_OPTION`, `UNKNOWN_FEATURE`.
 *
 * @example
 * ```ts
 * import { series, slidingWindows } from '@cellstate/windowing';
 *
 * const s = series([0, 10, 20, 30, 40, 50]);
 * const windows = slidingWindows(s, { length: 3, gap: 1 });
 * windows.count; // → 2
 * windows.at(0).x.toNested(); // → [[0], [10], [20]]
 * windows.at(0).y.toNested(); // → [40]
 * windows.toArrays().x.shape; // → [2, 3, 1]
 * ```
 */
export function slidingWindows(source: SeriesListInput, options: WindowOptions): Windows;
export function slidingWindows(source: RowSource, options: WindowOptions): AsyncWindows;
export function slidingWindows(source: SeriesListInput | RowSource, options: WindowOptions): Windows | AsyncWindows {
  const where = 'slidingWindows';
  const layout = windowLayout(options, where);
  if (isAsyncSource(source)) return asyncWindows(source as RowSource, { layout, targets: options.targets, where });
  return windowsOver(toSeriesList(source, where), {
    layout,
    where,
    ...(options.targets === undefined ? {} : { targets: options.targets }),
  });
}

/** Windows over series that are in memory. */
export function windowsOver(
  list: readonly Series[],
  options: { readonly layout: WindowLayout; readonly targets?: readonly (string | number)[]; readonly where: string },
): Windows {
  const { layout, where } = options;
  const names = list[0]?.names ?? [];
  const features = names.length;
  const targets = featureIndices(options.targets ?? names, names, `${where}, targets`);
  const firsts: number[] = [0];
  for (const item of list) firsts.push((firsts.at(-1) as number) + windowCount(item.steps, layout));
  const count = firsts.at(-1) as number;
  if (count === 0) throw seriesTooShort(Math.max(0, ...list.map((item) => item.steps)), layout.reach, where);
  const origin: WindowOrigin = { source: where, length: layout.span, stride: layout.stride };
  const { length, horizon, samplingRate, span, gap } = layout;

  function locate(index: number): { readonly series: number; readonly start: number } {
    const at = firsts.findLastIndex((first) => first <= index);
    return { series: at, start: (index - (firsts[at] as number)) * layout.stride };
  }

  function fill(indices: ArrayLike<number>): WindowBatch {
    const x = new Float32Array(indices.length * length * features);
    const y = new Float32Array(indices.length * horizon * targets.length);
    let inputs = 0;
    let outputs = 0;
    for (let row = 0; row < indices.length; row++) {
      const { series, start } = locate(indices[row] as number);
      const { values } = list[series] as Series;
      for (let step = 0; step < length; step++) {
        const from = (start + step * samplingRate) * features;
        for (let feature = 0; feature < features; feature++) x[inputs++] = values[from + feature] as number;
      }
      for (let step = 0; step < horizon; step++) {
        const from = (start + span + gap + step) * features;
        for (const target of targets) y[outputs++] = values[from + target] as number;
      }
    }
    const tail = horizon === 1 ? [targets.length] : [horizon, targets.length];
    return { x: ndarray(x, [indices.length, length, features], origin), y: ndarray(y, [indices.length, ...tail]), origin };
  }

  const windows: Windows = {
    count,
    layout,
    at(index) {
      const found = index < 0 ? index + count : index;
      if (!Number.isInteger(found) || found < 0 || found >= count) throw indexOutOfRange(index, count, where);
      const { series, start } = locate(found);
      const { x, y } = fill([found]);
      return {
        x: x.reshape(x.shape.slice(1)),
        y: y.reshape(y.shape.slice(1)),
        series,
        inputRows: Array.from({ length }, (_, step) => start + step * samplingRate),
        targetRows: Array.from({ length: horizon }, (_, step) => start + span + gap + step),
      };
    },
    batches(batchOptions = {}) {
      const { batchSize, shuffle } = windowBatchOptions(batchOptions, { where: `${where}.batches`, buffered: false });
      return batchPasses(function* (pass) {
        const order = shuffle === undefined ? undefined : random(splitSeed(shuffle.seed, pass)).permutation(count);
        for (let from = 0; from < count; from += batchSize) {
          const size = Math.min(batchSize, count - from);
          yield fill(order?.subarray(from, from + size) ?? Array.from({ length: size }, (_, row) => from + row));
        }
      });
    },
    toArrays: () => fill(Array.from({ length: count }, (_, index) => index)),
    explain: () =>
      explainWindows({
        layout,
        counts: list.map((item) => [item.steps, windowCount(item.steps, layout)] as const),
        features,
        targets: targets.map((target) => names[target] as string),
        where,
      }),
    *[Symbol.iterator]() {
      for (let index = 0; index < count; index++) yield windows.at(index);
    },
  };
  return windows;
}
