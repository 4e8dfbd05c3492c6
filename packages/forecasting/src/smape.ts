import { type Metric, metricOf } from './metric.ts';

/**
 * Symmetric mean absolute percentage error, 0 to 200: the mean of `200 |a - f| / (|a| + |f|)`, as in the M4 competition; where both are 0, 0.
 *
 * Takes `(actual, forecast)` in original units, as `rmse` does.
 *
 * @throws CellstateError as `rmse`.
 *
 * @example
 * ```ts
 * import { smape } from '@cellstate/forecasting';
 *
 * smape([100, 50], [300, 50]); // → 50
 * ```
 */
export const smape: Metric = /* @__PURE__ */ metricOf('smape', {
  term: (actual, forecast) => (actual === forecast ? 0 : (200 * Math.abs(actual - forecast)) / (Math.abs(actual) + Math.abs(forecast))),
  finish: (mean) => mean,
});
