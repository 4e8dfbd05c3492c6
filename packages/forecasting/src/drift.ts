import { type NaiveRule, naiveRule } from './naive-rule.ts';

/**
 * The rule of the straight line through the first and the last value: `x[n] + h * (x[n] - x[1]) / (n - 1)` for h steps ahead
 * (Hyndman and Athanasopoulos, Forecasting: Principles and Practice).
 *
 * @throws CellstateError `HISTORY_TOO_SHORT` for fewer than two steps, `INVALID_OPTION`, `UNKNOWN_OPTION`.
 *
 * @example
 * ```ts
 * import { drift } from '@cellstate/forecasting';
 *
 * drift([1, 9, 5], { steps: 2 }).toNested(); // → [[[7], [9]]]
 * ```
 */
export const drift: NaiveRule = /* @__PURE__ */ naiveRule('drift', {
  needs: 2,
  predict: (value, { steps, ahead }) => value(steps - 1) + (ahead * (value(steps - 1) - value(0))) / (steps - 1),
});
