import { CellstateError, checkOptions } from '@cellstate/core';
import { type SeriesListInput, toSeriesList } from '@cellstate/windowing';
import { type Actual, type MetricOptions, type Per, pairOf, type Score, score, type Values } from './metric.ts';
import { historyTooShort, wholeNumber } from './whole-number.ts';

/** Options of `mase`. */
export interface MaseOptions<P extends Per | undefined = undefined> extends MetricOptions<P> {
  /** The training part: one series, or one for each series of the forecast (a list, or `[N, steps, features]`). */
  readonly train: SeriesListInput;
  /** Steps of a season; default 1: the errors of persistence are the measure. */
  readonly season?: number;
}

/**
 * Mean absolute scaled error: the mean absolute error over that of the seasonal naive rule, one step at a time, on the training
 * part (Hyndman and Koehler 2006). Below 1 is better than that rule was there; it has no units, so features may be averaged.
 *
 * Takes `(actual, forecast)` as `rmse` does, `[N, steps, features]` for N training series.
 *
 * @throws CellstateError `CONSTANT_TRAIN` when the rule makes no error on the training part, `HISTORY_TOO_SHORT`, and as `rmse`.
 *
 * @example
 * ```ts
 * import { mase } from '@cellstate/forecasting';
 *
 * mase([6, 8], [7, 7], { train: [1, 3, 5] }); // → 0.5
 * ```
 */
export function mase<P extends Per | undefined = undefined>(actual: Actual, forecast: Values, options: MaseOptions<P>): Score<P> {
  const where = 'mase';
  checkOptions(options, ['train', 'season', 'per'], where);
  const season = wholeNumber(options.season ?? 1, 1, `${where}, season`);
  const pair = pairOf(actual, forecast, where);
  const list = toSeriesList(options?.train, `${where}, train`);
  const { outer, features } = pair.actual;
  if ((list.length !== 1 && outer % list.length !== 0) || list[0]?.features !== features) {
    throw new CellstateError('SHAPE_MISMATCH', 'The training part does not belong to these values.', {
      expected: `1 or ${outer} series of ${features} features`,
      received: `${list.length} series of ${list[0]?.features} features`,
      where: `${where}, train`,
    });
  }
  const scales = list.map(({ values, steps }, index) => {
    if (steps <= season) throw historyTooShort(steps, season + 1, `${where}, train, series ${index}`);
    return Array.from({ length: features }, (_, feature) => {
      let sum = 0;
      for (let step = season; step < steps; step++) {
        sum += Math.abs((values[step * features + feature] as number) - (values[(step - season) * features + feature] as number));
      }
      if (sum > 0) return sum / (steps - season);
      throw new CellstateError('CONSTANT_TRAIN', 'The naive rule makes no error on the training part, so nothing can be scaled by it.', {
        expected: 'a training part that changes',
        received: `feature ${feature} repeats itself every ${season} step${season === 1 ? '' : 's'}`,
        where: `${where}, train, series ${index}`,
      });
    });
  });
  const rows = outer / list.length;
  const term = (a: number, f: number, cell: { readonly outer: number; readonly feature: number }): number => {
    return Math.abs(a - f) / (scales[Math.floor(cell.outer / rows)]?.[cell.feature] as number);
  };
  return score(pair, { term, finish: (mean) => mean }, { per: options.per, where }) as Score<P>;
}
