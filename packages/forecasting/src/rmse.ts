import { type Metric, metricOf } from './metric.ts';

/**
 * Root of the mean squared error, in the units of the values.
 *
 * Takes `(actual, forecast)` of one shape: `[steps]`, `[steps, features]` or `[…, steps, features]`. Over features of
 * several units ask for `per: 'feature'`.
 *
 * @throws CellstateError `SHAPE_MISMATCH`, `ARGUMENTS_SWAPPED`, `NOT_A_NUMBER`, `NO_STEPS`, `INVALID_OPTION`, `UNKNOWN_OPTION`.
 *
 * @example
 * ```ts
 * import { rmse } from '@cellstate/forecasting';
 *
 * rmse([1, 2, 3, 4], [1, 2, 3, 8]); // → 2
 * rmse([[1, 10], [2, 20]], [[2, 10], [4, 20]], { per: 'step' }).map((error) => error ** 2); // ≈ [0.5, 2]
 * rmse([[1, 10], [2, 20]], [[2, 10], [4, 26]], { per: 'both' }); // → [[1, 0], [2, 6]]
 * ```
 */
export const rmse: Metric = /* @__PURE__ */ metricOf('rmse', { term: (actual, forecast) => (actual - forecast) ** 2, finish: Math.sqrt });
