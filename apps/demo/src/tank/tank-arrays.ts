import { type NdArray, ndarray } from '@cellstate/core';
import type { FittedScaler, Series } from '@cellstate/windowing';
import type { TankData } from './tank-data.ts';

/** Sequences cut out of the tanks' series, scaled, and the tank each row comes from. */
export interface TankSequences {
  /** `[rows, steps, features]` */
  readonly x: NdArray;
  readonly tankOf: readonly number[];
}

export interface CutOptions {
  /** First step of the first sequence, and the first step behind the last. */
  readonly from: number;
  readonly to: number;
  /** Steps of a sequence. */
  readonly length: number;
  /** Steps from one start to the next; default `length`. */
  readonly stride?: number;
}

/** Cuts every tank's series into sequences of one length, tank after tank. */
export function cutSequences(series: readonly Series[], { from, to, length, stride = length }: CutOptions): TankSequences {
  const parts: Float32Array[] = [];
  const tankOf: number[] = [];
  for (const [tank, item] of series.entries()) {
    for (let start = from; start + length <= to; start += stride) {
      parts.push(item.rows(start, start + length).values);
      tankOf.push(tank);
    }
  }
  const features = (series[0] as Series).features;
  const flat = new Float32Array(parts.length * length * features);
  for (const [row, part] of parts.entries()) flat.set(part, row * length * features);
  return { x: ndarray(flat, [parts.length, length, features]), tankOf };
}

/** Takes scaled rows back to the units of the sensors, each by its tank's scaler. */
export function inUnits(array: NdArray, { scalers, tankOf }: { scalers: readonly FittedScaler[]; tankOf: readonly number[] }): NdArray {
  const size = array.data.length / tankOf.length;
  const flat = new Float32Array(array.data.length);
  for (const [row, tank] of tankOf.entries()) {
    const part = ndarray(array.data.slice(row * size, (row + 1) * size) as Float32Array, array.shape.slice(1));
    flat.set((scalers[tank] as FittedScaler).inverse(part).data, row * size);
  }
  return ndarray(flat, array.shape);
}

/** Root mean squared error of each feature, the last axis, in the units of the sensors. */
export function errorPerFeature(
  forecast: NdArray,
  truth: NdArray,
  of: Pick<TankData, 'scalers'> & Pick<TankSequences, 'tankOf'>,
): number[] {
  const features = truth.shape.at(-1) as number;
  const [f, t] = [inUnits(forecast, of).data, inUnits(truth, of).data];
  const sums = new Array<number>(features).fill(0);
  for (let i = 0; i < t.length; i++) sums[i % features] = (sums[i % features] as number) + ((f[i] as number) - (t[i] as number)) ** 2;
  return sums.map((sum) => Math.sqrt((sum * features) / t.length));
}

/** The largest absolute difference of two arrays. */
export function maxDifference(a: NdArray, b: NdArray): number {
  let most = 0;
  for (let i = 0; i < a.data.length; i++) most = Math.max(most, Math.abs((a.data[i] as number) - (b.data[i] as number)));
  return most;
}
