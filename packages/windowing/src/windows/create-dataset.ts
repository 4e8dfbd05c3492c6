import { checkOptions, type NdArray, ndarray, type WindowOrigin } from '@cellstate/core';
import { isAsyncSource, type RowSource } from '../series/row-source.ts';
import { type SeriesInput, toSeries } from '../series/series.ts';
import { wholeNumber } from '../whole-number.ts';
import { asyncWindows } from './async-windows.ts';
import { windowsOver } from './sliding-windows.ts';
import { seriesTooShort, type WindowLayout } from './window-layout.ts';

/** Options of `createDataset`. */
export interface CreateDatasetOptions {
  /** Steps of input in a sample; default 1. */
  readonly lookBack?: number;
  /** Drops the last sample, as the loop to `len(dataset) - look_back - 1` of the Python tutorials does; default false. */
  readonly tutorialOffByOne?: boolean;
}

/** Samples `x` `[n, lookBack, features]` and the row behind each, `y` `[n, features]`. */
export interface Dataset {
  readonly x: NdArray;
  readonly y: NdArray;
}

/**
 * Every run of `lookBack` rows with the row that follows it, as the LSTM tutorials' `create_dataset` builds them.
 *
 * Rows 0 … 5 with `lookBack: 3` give 0 1 2 → 3, 1 2 3 → 4, 2 3 4 → 5: `steps - lookBack` samples. The tutorials drop the
 * last one; so does `tutorialOffByOne: true`. To feed look-back values as features instead of steps:
 * `x.reshape([n, 1, lookBack])`, for one feature. Async rows are read to their end.
 *
 * The arrays carry their `origin`, because each value occurs in `lookBack` samples: a stateful trainer warns of it.
 *
 * @throws CellstateError `SERIES_TOO_SHORT` when no sample fits, and what `series` throws.
 *
 * @example
 * ```ts
 * import { createDataset } from '@cellstate/windowing';
 *
 * const { x, y } = createDataset([10, 20, 30, 40, 50, 60], { lookBack: 3 });
 * x.shape; // → [3, 3, 1]
 * y.toNested(); // → [[40], [50], [60]]
 * createDataset([10, 20, 30, 40, 50, 60], { lookBack: 3, tutorialOffByOne: true }).y.toNested(); // → [[40], [50]]
 * ```
 */
export function createDataset(source: SeriesInput, options?: CreateDatasetOptions): Dataset;
export function createDataset(source: RowSource, options?: CreateDatasetOptions): Promise<Dataset>;
export function createDataset(source: SeriesInput | RowSource, options: CreateDatasetOptions = {}): Dataset | Promise<Dataset> {
  const where = 'createDataset';
  checkOptions(options, ['lookBack', 'tutorialOffByOne'], where);
  const lookBack = wholeNumber(options.lookBack ?? 1, 1, `${where}, lookBack`);
  const layout: WindowLayout = { length: lookBack, horizon: 1, stride: 1, samplingRate: 1, gap: 0, span: lookBack, reach: lookBack + 1 };
  const dropped = options.tutorialOffByOne === true ? 1 : 0;
  const origin: WindowOrigin = { source: where, length: lookBack, stride: 1 };
  const cut = ({ x, y }: Dataset): Dataset => {
    const kept = (x.shape[0] as number) - dropped;
    if (kept < 1) throw seriesTooShort(lookBack + 1, lookBack + 1 + dropped, where);
    const [, , features = 1] = x.shape;
    return {
      x: ndarray(x.data.subarray(0, kept * lookBack * features), [kept, lookBack, features], origin),
      y: ndarray(y.data.subarray(0, kept * features), [kept, features]),
    };
  };
  if (isAsyncSource(source))
    return asyncWindows(source as RowSource, { layout, targets: undefined, where })
      .toArrays()
      .then(cut);
  return cut(windowsOver([toSeries(source, { where })], { layout, where }).toArrays());
}
