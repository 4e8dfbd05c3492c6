import { type Metric, metricOf } from './metric.ts';

/**
 * Mean absolute error, in the units of the values. Takes `(actual, forecast)` as `rmse` does.
 *
 * @throws CellstateError as `rmse`.
 *
 * @example
 * ```ts
 * import { mae } from '@cellstate/forecasting';
 *
 * mae([1, 2, 3], [2, 2, 5]); // → 1
 * ```
 */
export const mae: Metric = /* @__PURE__ */ metricOf('mae', {
  term: (actual, forecast) => Math.abs(actual - forecast),
  finish: (mean) => mean,
});
