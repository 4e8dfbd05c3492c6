import { type NdArray, ndarray } from '@cellstate/core';
import { backtest, type ForecastModel, rmse } from '@cellstate/forecasting';
import { bestForecast } from './noise-floor.ts';
import { inUnits } from './tank-arrays.ts';
import type { TankData } from './tank-data.ts';
import { HOURS_A_DAY, type TankRecord } from './tank-physics.ts';

/** Hours ahead at which forecasts are judged. */
export const HORIZONS = [1, 6, 24] as const;
const LONGEST = 24;

/** Errors by forecaster in sensor units: a row for each horizon, a column for each feature. */
export type ErrorsByName = Readonly<Record<string, readonly (readonly number[])[]>>;

/** The names in `ErrorsByName` that are no naive rules. */
export const MODEL = 'LSTM';
export const FLOOR = 'floor';

type Measured = Pick<TankData, 'scaled' | 'scalers' | 'trainSteps' | 'records'>;

/**
 * Forecasts 24 hours from every held-out hour that leaves room for them, with the readings known by then, and measures the model, the
 * naive rules and, if the physics is known, the best that is possible.
 *
 * @param window steps of a look-back model; absent: a model with state.
 */
export async function heldOutErrors(
  model: ForecastModel,
  data: Measured,
  { window }: { readonly window?: number } = {},
): Promise<ErrorsByName> {
  const options = { start: data.trainSteps, horizon: LONGEST, season: HOURS_A_DAY };
  const result = await backtest(model, data.scaled, window === undefined ? options : { ...options, window });
  const units = (array: NdArray) => inUnits(array, { scalers: data.scalers, tankOf: data.scalers.map((_, tank) => tank) });
  const actual = units(result.actual);
  const errors = (forecast: NdArray) => {
    const table = rmse(actual, forecast, { per: 'both' });
    return HORIZONS.map((horizon) => table[horizon - 1] as number[]);
  };
  const rules = Object.entries(result.naive).map(([name, forecast]) => [name, errors(units(forecast))] as const);
  const floor = data.records === undefined ? [] : [[FLOOR, errors(floorForecasts(data.records, result.origins))] as const];
  return Object.fromEntries([[MODEL, errors(units(result.forecast))], ...rules, ...floor]);
}

/** The best forecast from each origin, where `origin` hours are known: `[tanks, origins, steps, features]`. */
function floorForecasts(records: readonly TankRecord[], origins: readonly number[]): NdArray {
  return ndarray(records.map((record) => origins.map((origin) => bestForecast(record, { origin: origin - 1, steps: LONGEST }))));
}

/** The names of the naive rules among the errors. */
export function rulesOf(errors: ErrorsByName): string[] {
  return Object.keys(errors).filter((name) => name !== MODEL && name !== FLOOR);
}

/** The error of the best rule, by horizon and feature. */
export function bestRuleErrors(errors: ErrorsByName): number[][] {
  const rules = rulesOf(errors).map((name) => errors[name] as readonly (readonly number[])[]);
  return HORIZONS.map((_, horizon) =>
    (rules[0]?.[horizon] ?? []).map((_, feature) => Math.min(...rules.map((rows) => rows[horizon]?.[feature] as number))),
  );
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[half] as number) : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
}
