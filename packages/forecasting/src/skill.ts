import { checkOptions } from '@cellstate/core';
import type { Actual, Metric, MetricOptions, Per, Score, Values } from './metric.ts';
import { rmse } from './rmse.ts';

/** Options of `skill`. */
export interface SkillOptions<P extends Per | undefined = undefined> extends MetricOptions<P> {
  /** What a naive rule forecast for the same steps. */
  readonly naive: Values;
  /** The error that is compared; default `rmse`. */
  readonly metric?: Metric;
}

/**
 * Skill against a naive rule: `1 - error / naive error`. 1 is perfect, 0 no better than the rule, below 0 worse.
 *
 * Where the rule makes no error, 0 if the forecast makes none either, else -Infinity.
 *
 * @throws CellstateError as `rmse`.
 *
 * @example
 * ```ts
 * import { skill } from '@cellstate/forecasting';
 *
 * skill([4, 6], [4, 5], { naive: [2, 6] }); // → 0.5
 * ```
 */
export function skill<P extends Per | undefined = undefined>(actual: Actual, forecast: Values, options: SkillOptions<P>): Score<P> {
  checkOptions(options, ['naive', 'metric', 'per'], 'skill');
  const { metric = rmse, naive, per } = options;
  const own: number | number[] | number[][] = metric<Per | undefined>(actual, forecast, per === undefined ? {} : { per });
  const rule: number | number[] | number[][] = metric<Per | undefined>(actual, naive, per === undefined ? {} : { per });
  return compare(own, rule) as Score<P>;
}

/** `1 - error / naive` for each number of two scores of one form. */
function compare(error: number | number[] | number[][], naive: number | number[] | number[][]): number | number[] | number[][] {
  if (typeof error === 'number' || typeof naive === 'number') return skillOf(error as number, naive as number);
  return error.map((part, index) => compare(part, naive[index] as number | number[])) as number[] | number[][];
}

/** `1 - error / naive`, 0 where both are 0. */
export function skillOf(error: number, naive: number): number {
  return error === 0 && naive === 0 ? 0 : 1 - error / naive;
}
