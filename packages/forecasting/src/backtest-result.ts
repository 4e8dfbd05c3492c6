import { CellstateError, checkOptions, type NdArray, ndarray } from '@cellstate/core';
import { explainBacktest } from './explain-backtest.ts';
import { createForecast, type Forecast, type ForecastKind } from './forecast-result.ts';
import type { Metric } from './metric.ts';
import { rmse } from './rmse.ts';
import { skillOf } from './skill.ts';

/** An error over everything, step by step ahead, feature by feature, and `[step][feature]`. */
export interface ErrorTable {
  readonly all: number;
  readonly perStep: readonly number[];
  readonly perFeature: readonly number[];
  readonly perStepAndFeature: readonly (readonly number[])[];
}

/** Errors of the forecast and of the naive rules, and the skill against the best rule. */
export interface BacktestScores {
  readonly forecast: ErrorTable;
  /** By name of the rule. */
  readonly naive: Readonly<Record<string, ErrorTable>>;
  /** `1 - error / least naive error`, each number against the rule that is best there. Above 0: better than all of them. */
  readonly skill: ErrorTable;
}

/** One origin of a backtest. */
export interface BacktestOrigin {
  /** Known steps. */
  readonly origin: number;
  /** `[1, horizon, features]` */
  readonly forecast: Forecast;
  /** `[1, horizon, features]` */
  readonly actual: NdArray;
}

/** Forecasts from rolling origins, beside what came. Arrays are `[N, origins, horizon, features]`, in original units. */
export interface BacktestResult {
  readonly kind: ForecastKind;
  /** `model`, or the name of the rule or function. */
  readonly method: string;
  /** Known steps at each origin. */
  readonly origins: readonly number[];
  readonly horizon: number;
  readonly names: readonly string[];
  readonly forecast: NdArray;
  readonly actual: NdArray;
  /** The forecasts of the naive rules, by name. */
  readonly naive: Readonly<Record<string, NdArray>>;
  /** Origin `index` of series `series` (default 0); negative counts from the end. Throws `INDEX_OUT_OF_RANGE`. */
  at(index: number, series?: number): BacktestOrigin;
  /** Errors by `metric` (default `rmse`) and skill. Over features of several units read `perFeature`. */
  scores(metric?: Metric): BacktestScores;
  /** A table of errors and skill as text for 80 columns; says so where the forecast is no better than the best rule. */
  explain(options?: { readonly metric?: Metric; readonly metricName?: string }): string;
}

/** Puts a backtest together. */
export function backtestResult(parts: {
  readonly forecast: NdArray;
  readonly actual: NdArray;
  readonly naive: Readonly<Record<string, NdArray>>;
  readonly kind: ForecastKind;
  readonly method: string;
  readonly origins: readonly number[];
  readonly horizon: number;
  readonly stride: number;
  readonly names: readonly string[];
  readonly count: number;
}): BacktestResult {
  const { forecast, actual, naive, kind, method, origins, horizon, names, count } = parts;

  function scores(metric: Metric = rmse): BacktestScores {
    const table = (values: NdArray): ErrorTable => ({
      all: metric(actual, values),
      perStep: metric(actual, values, { per: 'step' }),
      perFeature: metric(actual, values, { per: 'feature' }),
      perStepAndFeature: metric(actual, values, { per: 'both' }),
    });
    const own = table(forecast);
    const rules = Object.fromEntries(Object.entries(naive).map(([name, values]) => [name, table(values)]));
    const all = Object.values(rules);
    const against = (error: number, pick: (table: ErrorTable) => number) => skillOf(error, Math.min(...all.map(pick)));
    const skill: ErrorTable = {
      all: against(own.all, (rule) => rule.all),
      perStep: own.perStep.map((error, step) => against(error, (rule) => rule.perStep[step] as number)),
      perFeature: own.perFeature.map((error, feature) => against(error, (rule) => rule.perFeature[feature] as number)),
      perStepAndFeature: own.perStepAndFeature.map((row, step) =>
        row.map((error, feature) => against(error, (rule) => rule.perStepAndFeature[step]?.[feature] as number)),
      ),
    };
    return { forecast: own, naive: rules, skill };
  }

  return {
    kind,
    method,
    origins,
    horizon,
    names,
    forecast,
    actual,
    naive,
    scores,
    at(index, series = 0) {
      const found = index < 0 ? index + origins.length : index;
      const origin = origins[found];
      if (origin === undefined || !Number.isInteger(series) || series < 0 || series >= count) {
        throw new CellstateError('INDEX_OUT_OF_RANGE', 'There is no such origin.', {
          expected: `an origin from ${-origins.length} to ${origins.length - 1}, a series from 0 to ${count - 1}`,
          received: `origin ${index}, series ${series}`,
          where: 'backtest, at',
        });
      }
      const size = horizon * names.length;
      const from = (series * origins.length + found) * size;
      const cut = (array: NdArray) => (array.data as Float32Array).slice(from, from + size);
      return {
        origin,
        forecast: createForecast(cut(forecast), { kind, method, origins: [origin], horizon, names }),
        actual: ndarray(cut(actual), [1, horizon, names.length]),
      };
    },
    explain(options = {}) {
      checkOptions(options, ['metric', 'metricName'], 'backtest.explain');
      const { metric = rmse, metricName = metric === rmse ? 'rmse' : 'error' } = options;
      return explainBacktest({ ...parts, scores: scores(metric), metricName });
    },
  };
}
