import { CellstateError, checkOptions, describe, isNdArray, type NdArray, ndarray } from '@cellstate/core';
import { type FittedScaler, type Series, type SeriesListInput, toSeriesList } from '@cellstate/windowing';
import { type BacktestResult, backtestResult } from './backtest-result.ts';
import { drift } from './drift.ts';
import { checkFeatures, type ForecastModel } from './forecast-model.ts';
import { lastWindows, type RunOptions, runPlan, scaled } from './forecast-options.ts';
import type { ForecastKind } from './forecast-result.ts';
import { rollWindows } from './look-back-rollout.ts';
import { persistence } from './persistence.ts';
import { rollOrigins } from './roll-origins.ts';
import { seasonalNaive } from './seasonal-naive.ts';
import { unscale } from './unscale.ts';
import { historyTooShort, wholeNumber } from './whole-number.ts';

/** A function that forecasts: it gets the known part of each series and gives `[N, steps, features]`. Naive rules are such. */
export type ForecastFunction = (history: readonly Series[], options: { readonly steps: number }) => NdArray | Promise<NdArray>;

/** Options of `backtest`. */
export interface BacktestOptions extends RunOptions {
  /** Known steps at the first origin: the end of the training part. */
  readonly start: number;
  /** Steps forecast from each origin. */
  readonly horizon: number;
  /** Steps from one origin to the next; default 1. */
  readonly stride?: number;
  /** Steps of a season: adds the seasonal naive rule to the comparison. */
  readonly season?: number;
}

/**
 * Forecasts from rolling origins, without refitting, and compares with what came and with naive rules.
 *
 * At origin o the first o steps are known and steps o … o + horizon - 1 (counted from 0) are forecast; origins are start, start + stride, …
 * as long as the whole horizon lies in the series: `floor((steps - start - horizon) / stride) + 1` of them. With 10 steps, `start: 6,
 * horizon: 2` forecasts 6 7, 7 8 and 8 9. A sequence model walks over the series once; its state at each origin is that of
 * the whole history before it. Persistence, drift and, with `season`, the seasonal naive rule run beside it from the same origins.
 *
 * @param forecaster a model as `forecast` takes it, a naive rule, or a function.
 * @param source one series, or several of one length.
 * @throws CellstateError `SERIES_TOO_SHORT` when no origin fits, `LENGTHS_DIFFER`, `SCALER_SEES_FUTURE` when the scaler was
 * fitted beyond the first origin, `NO_SNAPSHOT` for a hand-written stream without one, and what `forecast` throws.
 *
 * @example
 * ```ts
 * import { backtest, rmse, seasonalNaive } from '@cellstate/forecasting';
 *
 * const days = Array.from({ length: 40 }, (_, day) => (day % 7) + day / 10);
 * const result = await backtest(seasonalNaive({ season: 7 }), days, { start: 28, horizon: 3 });
 * result.origins.length; // → 10
 * result.forecast.shape; // → [1, 10, 3, 1]
 * rmse(result.actual, result.forecast, { per: 'step' }); // ≈ [0.7, 0.7, 0.7]
 * result.scores().skill.all > 0; // → true
 * ```
 */
export async function backtest(
  forecaster: ForecastModel | ForecastFunction,
  source: SeriesListInput,
  options: BacktestOptions,
): Promise<BacktestResult> {
  const where = 'backtest';
  checkOptions(options, ['start', 'horizon', 'stride', 'season', 'scaler', 'window', 'direct'], where);
  const start = wholeNumber(options?.start, 1, `${where}, start`);
  const horizon = wholeNumber(options.horizon, 1, `${where}, horizon`);
  const stride = wholeNumber(options.stride ?? 1, 1, `${where}, stride`);
  const list = toSeriesList(source, where);
  const { steps, features, names } = list[0] as Series;
  for (const [index, item] of list.entries()) if (item.steps !== steps) throw lengthsDiffer(steps, item.steps, `${where}, series ${index}`);
  if (steps < start + horizon) {
    throw new CellstateError('SERIES_TOO_SHORT', 'Not one origin fits into the series.', {
      expected: `at least ${start + horizon} steps`,
      received: `${steps}`,
      where,
    });
  }
  const origins = Array.from({ length: Math.floor((steps - start - horizon) / stride) + 1 }, (_, index) => start + index * stride);
  const grid = { list, origins, horizon };
  const rules = [persistence, drift, ...(options.season === undefined ? [] : [seasonalNaive({ season: options.season })])].filter(
    ({ needs }) => needs <= start,
  );
  const own = await run(forecaster, grid, options, where);
  const naive: Record<string, NdArray> = {};
  for (const rule of rules) naive[rule.rule] = await fromFunction((history, ahead) => rule(history, ahead), grid, where);
  const actual = layOut(grid, (series, index) => {
    const origin = origins[index] as number;
    return (list[series] as Series).values.subarray(origin * features, (origin + horizon) * features);
  });
  return backtestResult({ ...own, actual, naive, origins, horizon, stride, names, count: list.length });
}

interface Grid {
  readonly list: readonly Series[];
  readonly origins: readonly number[];
  readonly horizon: number;
}

interface Run {
  readonly forecast: NdArray;
  readonly kind: ForecastKind;
  readonly method: string;
}

async function run(forecaster: ForecastModel | ForecastFunction, grid: Grid, options: BacktestOptions, where: string): Promise<Run> {
  const named = (kind: ForecastKind): ForecastKind => (grid.horizon === 1 ? 'one-step' : kind);
  if (typeof forecaster === 'function') {
    for (const option of ['scaler', 'window', 'direct'] as const) {
      if (options[option] === undefined) continue;
      throw new CellstateError('CONTRADICTORY_OPTIONS', 'This option is for models.', {
        expected: 'a model',
        received: `a function and ${option}`,
        where,
      });
    }
    const rule = 'rule' in forecaster ? String(forecaster.rule) : undefined;
    const forecast = await fromFunction(forecaster, grid, where);
    return { forecast, kind: rule === undefined ? 'custom' : 'naive', method: rule ?? (forecaster.name || 'function') };
  }
  const { list, origins, horizon } = grid;
  const { names, features } = list[0] as Series;
  const { scaler } = options;
  if (scaler !== undefined) checkScaler(scaler, { list, start: origins[0] as number, where });
  checkFeatures(forecaster, names, where);
  const { window, direct } = runPlan(forecaster, options, where);
  const context = scaler?.context ?? 0;
  if ((origins[0] as number) <= context) throw historyTooShort(origins[0] as number, context + 1, where);
  const inputs = scaled(list, scaler);
  const parts: NdArray[] = [];
  const take = (index: number, data: Float32Array): void => {
    const ends = list.map(() => origins[index] as number);
    const back = unscale(ndarray(data.slice(), [list.length, horizon, features]), { scaler, list, ends });
    parts[index] = ndarray(back, [list.length, horizon, features]);
  };
  let kind: ForecastKind = 'recursive';
  if (window === null) {
    await rollOrigins(forecaster, inputs, { origins: origins.map((origin) => origin - context), steps: horizon, where, take });
  } else {
    const rows = origins.flatMap((origin) => inputs.map((item) => ({ item, end: origin - context })));
    const windows = lastWindows(
      rows.map(({ item }) => item),
      { ends: rows.map(({ end }) => end), window, where },
    );
    const { data, passes } = await rollWindows(forecaster, { windows, rows: rows.length, window, steps: horizon, direct, names, where });
    const size = list.length * horizon * features;
    for (const index of origins.keys()) take(index, data.subarray(index * size, (index + 1) * size));
    if (direct && passes === 1) kind = 'direct';
  }
  return { forecast: layOut(grid, (series, index) => part(parts[index] as NdArray, series)), kind: named(kind), method: 'model' };
}

async function fromFunction(forecaster: ForecastFunction, grid: Grid, where: string): Promise<NdArray> {
  const { list, origins, horizon } = grid;
  const { features } = list[0] as Series;
  const parts: NdArray[] = [];
  for (const origin of origins) {
    const result = await forecaster(
      list.map((item) => item.rows(0, origin)),
      { steps: horizon },
    );
    const expected = [list.length, horizon, features];
    if (!isNdArray(result) || describe(result.shape) !== describe(expected)) {
      throw new CellstateError('SHAPE_MISMATCH', 'The function gave another array than asked for.', {
        expected: describe(expected),
        received: isNdArray(result) ? describe(result.shape) : typeof result,
        where: `${where}, origin ${origin}`,
      });
    }
    parts.push(result);
  }
  return layOut(grid, (series, index) => part(parts[index] as NdArray, series));
}

/** `[N, origins, horizon, features]` of what each series has at each origin. */
function layOut({ list, origins, horizon }: Grid, values: (series: number, origin: number) => ArrayLike<number>): NdArray {
  const { features } = list[0] as Series;
  const data = new Float32Array(list.length * origins.length * horizon * features);
  for (const series of list.keys()) {
    for (const origin of origins.keys()) data.set(values(series, origin), (series * origins.length + origin) * horizon * features);
  }
  return ndarray(data, [list.length, origins.length, horizon, features]);
}

function part(array: NdArray, index: number): Float32Array {
  const size = array.data.length / (array.shape[0] as number);
  return Float32Array.from(array.data.subarray(index * size, (index + 1) * size));
}

function checkScaler(
  { fittedOn }: FittedScaler,
  { list, start, where }: { readonly list: readonly Series[]; readonly start: number; readonly where: string },
): void {
  const { steps, part: within } = list[0] as Series;
  const known = (within?.start ?? 0) + start;
  const whole = list.reduce((sum, item) => sum + item.steps, 0);
  if (fittedOn.end === undefined ? fittedOn.steps !== whole : fittedOn.end <= known) return;
  throw new CellstateError('SCALER_SEES_FUTURE', 'The scaler was fitted on steps behind the first origin.', {
    expected: `a scaler fitted on the first ${start} of ${steps} steps`,
    received: fittedOn.end === undefined ? `fitted on all ${fittedOn.steps}` : `fitted up to step ${fittedOn.end}`,
    where,
    hint: 'Fit it on series.rows(0, start), or on the train part of splitSeries.',
  });
}

function lengthsDiffer(expected: number, received: number, where: string): CellstateError {
  return new CellstateError('LENGTHS_DIFFER', 'The series of a backtest must be equally long.', {
    expected: `${expected} steps`,
    received: `${received} steps`,
    where,
  });
}
