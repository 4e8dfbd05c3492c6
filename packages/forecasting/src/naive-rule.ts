import { checkOptions } from '@cellstate/core';
import { type Series, type SeriesListInput, toSeriesList } from '@cellstate/windowing';
import { createForecast, type Forecast } from './forecast-result.ts';
import { historyTooShort, wholeNumber } from './whole-number.ts';

/** A rule that forecasts without learning: `[N, steps, features]` from one series, a list, or an array `[N, steps, features]`. */
export interface NaiveRule {
  (history: SeriesListInput, options: { readonly steps: number }): Forecast;
  /** Its name in tables: `persistence`. */
  readonly rule: string;
  /** Steps of history it needs. */
  readonly needs: number;
}

/** Makes a rule of what it says about one feature, `ahead` (1, 2, …) steps behind the last one. */
export function naiveRule(
  rule: string,
  {
    needs,
    predict,
  }: {
    readonly needs: number;
    readonly predict: (value: (step: number) => number, known: { readonly steps: number; readonly ahead: number }) => number;
  },
): NaiveRule {
  const run = (history: SeriesListInput, options: { readonly steps: number }): Forecast => {
    checkOptions(options, ['steps'], rule);
    const horizon = wholeNumber(options?.steps, 1, `${rule}, steps`);
    const list = toSeriesList(history, rule);
    const { features, names } = list[0] as Series;
    const data = new Float32Array(list.length * horizon * features);
    for (const [row, { values, steps }] of list.entries()) {
      if (steps < needs) throw historyTooShort(steps, needs, rule);
      for (let feature = 0; feature < features; feature++) {
        const value = (step: number) => values[step * features + feature] as number;
        for (let ahead = 1; ahead <= horizon; ahead++) {
          data[(row * horizon + ahead - 1) * features + feature] = predict(value, { steps, ahead });
        }
      }
    }
    return createForecast(data, { kind: 'naive', method: rule, origins: list.map(({ steps }) => steps), horizon, names });
  };
  return Object.assign(run, { rule, needs });
}
