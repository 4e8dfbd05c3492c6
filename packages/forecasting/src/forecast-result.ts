import { type NdArray, ndarray } from '@cellstate/core';

/**
 * How a forecast came about. `recursive`: the model's outputs were fed back, so errors add up over the horizon; `direct`: one
 * pass gave all steps; `one-step`: each step was predicted from true values, which says nothing about longer horizons;
 * `naive`: a rule; `custom`: a function of the caller's.
 */
export type ForecastKind = 'recursive' | 'direct' | 'one-step' | 'naive' | 'custom';

/** What comes next for N series: an array `[N, steps, features]` in the units of the history, and how it came about. */
export interface Forecast extends NdArray {
  readonly data: Float32Array;
  readonly kind: ForecastKind;
  /** What made it: `forecast`, or the rule's name. */
  readonly method: string;
  /** Known steps of each series: step `origins[i]` (counted from 0) is the first one forecast. */
  readonly origins: readonly number[];
  /** Steps ahead. */
  readonly horizon: number;
  /** Names of the features. */
  readonly names: readonly string[];
}

/** Puts a forecast together. */
export function createForecast(
  data: Float32Array,
  about: {
    readonly kind: ForecastKind;
    readonly method: string;
    readonly origins: readonly number[];
    readonly horizon: number;
    readonly names: readonly string[];
  },
): Forecast {
  const { origins, horizon, names } = about;
  return Object.assign(ndarray(data, [origins.length, horizon, names.length]), about) as Forecast;
}

/** Whether `value` is a forecast. */
export function isForecast(value: unknown): value is Forecast {
  return typeof value === 'object' && value !== null && 'kind' in value && 'origins' in value && 'horizon' in value;
}
