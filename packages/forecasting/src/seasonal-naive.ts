import { checkOptions } from '@cellstate/core';
import { type NaiveRule, naiveRule } from './naive-rule.ts';
import { wholeNumber } from './whole-number.ts';

/**
 * The rule that the last season comes again: with `season: 24`, the value of the same hour of the last day known.
 *
 * Seven known steps and `season: 3`: steps 4 5 6 come again as 7 8 9, 10 11 12, … (counted from 0).
 *
 * @throws CellstateError `INVALID_OPTION`, `UNKNOWN_OPTION`; the rule throws `HISTORY_TOO_SHORT` for less than one season.
 *
 * @example
 * ```ts
 * import { seasonalNaive } from '@cellstate/forecasting';
 *
 * seasonalNaive({ season: 3 })([0, 1, 2, 3, 4, 5, 6], { steps: 4 }).toNested(); // → [[[4], [5], [6], [4]]]
 * ```
 */
export function seasonalNaive(options: { readonly season: number }): NaiveRule {
  checkOptions(options, ['season'], 'seasonalNaive');
  const season = wholeNumber(options?.season, 1, 'seasonalNaive, season');
  return naiveRule(`seasonal naive ${season}`, {
    needs: season,
    predict: (value, { steps, ahead }) => value(steps - season + ((ahead - 1) % season)),
  });
}
