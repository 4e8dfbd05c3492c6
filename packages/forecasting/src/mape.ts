import { CellstateError } from '@cellstate/core';
import { type Metric, metricOf } from './metric.ts';

/**
 * Mean absolute percentage error: the mean of `100 |a - f| / |a|`. Refuses actual values of 0, where it does not exist.
 *
 * Takes `(actual, forecast)` in original units, as `rmse` does. Near zero, and on scaled values, it says nothing: prefer `mase`.
 *
 * @throws CellstateError `ZERO_ACTUAL`, and as `rmse`.
 *
 * @example
 * ```ts
 * import { mape } from '@cellstate/forecasting';
 *
 * mape([100, 50], [90, 55]); // → 10
 * ```
 */
export const mape: Metric = /* @__PURE__ */ metricOf('mape', {
  term(actual, forecast, { step, feature }) {
    if (actual !== 0) return (100 * Math.abs(actual - forecast)) / Math.abs(actual);
    throw new CellstateError('ZERO_ACTUAL', 'A percentage of zero does not exist.', {
      expected: 'actual values other than 0',
      received: '0',
      where: `mape, actual, step ${step}, feature ${feature}`,
      hint: 'Use mase, mae or smape.',
    });
  },
  finish: (mean) => mean,
});
