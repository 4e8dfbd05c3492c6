import { type NaiveRule, naiveRule } from './naive-rule.ts';

/**
 * The rule that nothing changes: every step ahead is the last value. No model of prices is worth much that does not beat it.
 *
 * @throws CellstateError `HISTORY_TOO_SHORT` for an empty history, `INVALID_OPTION`, `UNKNOWN_OPTION`.
 *
 * @example
 * ```ts
 * import { persistence } from '@cellstate/forecasting';
 *
 * persistence([3, 5, 4], { steps: 2 }).toNested(); // → [[[4], [4]]]
 * ```
 */
export const persistence: NaiveRule = /* @__PURE__ */ naiveRule('persistence', {
  needs: 1,
  predict: (value, { steps }) => value(steps - 1),
});
