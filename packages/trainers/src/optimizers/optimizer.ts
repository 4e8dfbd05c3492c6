import type { Schedule } from '../schedules/schedule.ts';

/**
 * The contract of an optimizer: a pure definition, without a single number that changes.
 *
 * The trainer owns what an optimizer remembers (slots, scalars, the count of steps), so one definition may serve two
 * trainers. Arrays are flat and row-major; arithmetic is float64, storage float32.
 */
export interface Optimizer {
  readonly name: string;
  readonly learningRate: number | Schedule;
  /** Decoupled: `w -= w · weightDecay · learningRate` before each update. Null: none. */
  readonly weightDecay: number | null;
  readonly clipping: Clipping | null;
  /** Moving averages of the weights; absent or null: none. */
  readonly average?: WeightAverage | null;
  /** How many gradients make one step, their mean; absent or null: one. */
  readonly gradientAccumulationSteps?: number | null;
  /**
   * Arrays kept for each parameter, of its size, filled with `initial` at the start; in Keras' order. Behind those of the rule stand
   * `average` if there are averages, then `accumulated_gradient` if gradients are gathered: the trainer keeps both.
   */
  readonly slots: readonly Slot[];
  /** Numbers kept once for all parameters. */
  readonly scalars: readonly Slot[];
  /** Called once a step, before the updates, to move the scalars on. */
  advance?(scalars: Float64Array, iteration: number): void;
  /** One step of one parameter: changes `values` and `slots` in place. */
  update(values: Float32Array, slots: readonly Float32Array[], step: UpdateStep): void;
}

export interface Slot {
  readonly name: string;
  readonly initial: number;
}

export interface UpdateStep {
  readonly gradient: Float32Array;
  readonly learningRate: number;
  /** The number of this step, from 1. */
  readonly iteration: number;
  readonly scalars: Float64Array;
}

/** How gradients are limited: each parameter's norm, each value, or the norm over all parameters. */
export interface Clipping {
  readonly kind: 'norm' | 'value' | 'globalNorm';
  readonly limit: number;
}

/** `average = momentum · average + (1 − momentum) · w` after each step; the first one takes the weights as they are. */
export interface WeightAverage {
  readonly momentum: number;
  /** Every so many steps the averages become the weights; null: at the end of `fit` alone. */
  readonly overwriteFrequency: number | null;
}

/** Options of every optimizer. */
export interface OptimizerOptions {
  /** A positive number, or a schedule of the step. */
  readonly learningRate?: number | Schedule;
  /** Decoupled weight decay; default none (`adamW`: 0.004). */
  readonly weightDecay?: number | null;
  /** Largest norm of each parameter's gradient; default none. */
  readonly clipNorm?: number | null;
  /** Largest absolute value within a gradient; default none. */
  readonly clipValue?: number | null;
  /** Largest norm of all gradients taken together; default none. */
  readonly globalClipNorm?: number | null;
  /** Keep a moving average of the weights, which `fit` puts in their place when it ends. Default false. */
  readonly useEma?: boolean;
  /** How much of the average stays at each step, 0 to 1. Default 0.99. */
  readonly emaMomentum?: number;
  /** Put the average in place of the weights every so many steps, too. Default null: only at the end of `fit`. */
  readonly emaOverwriteFrequency?: number | null;
  /** Move the weights only every so many calls, at least 2, by the mean of their gradients. Default null: at every call. */
  readonly gradientAccumulationSteps?: number | null;
}
