import { checkOptions } from '@cellstate/core';
import { type NaiveRule, naiveRule } from './naive-rule.ts';
import { wholeNumber } from './whole-number.ts';

/**
 * The rule of the mean: every step ahead is the mean of the last `window` values.
 *
 * @throws CellstateError `INVALID_OPTION`, `UNKNOWN_OPTION`; the rule throws `HISTORY_TOO_SHORT` for less than one window.
 *
 * @example
 * ```ts
 * import { movingAverage } from '@cellstate/forecasting';
 *
 * movingAverage({ window: 2 })([9, 4, 6], { steps: 2 }).toNested(); // → [[[5], [5]]]
 * ```
 */
export function movingAverage(options: { readonly window: number }): NaiveRule {
  checkOptions(options, ['window'], 'movingAverage');
  const window = wholeNumber(options?.window, 1, 'movingAverage, window');
  return naiveRule(`moving average ${window}`, {
    needs: window,
    predict: (value, { steps }) =>
      Array.from({ length: window }, (_, back) => value(steps - 1 - back)).reduce((sum, one) => sum + one, 0) / window,
  });
}
