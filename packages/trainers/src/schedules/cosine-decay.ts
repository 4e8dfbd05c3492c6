import { checkOptions } from '@cellstate/core';
import { checkNumber } from '../check-number.ts';
import { withRecipe } from '../checkpoint/recipe.ts';
import type { Schedule } from './schedule.ts';

export interface CosineDecayOptions {
  readonly initialLearningRate: number;
  /** Steps from the top of the curve to its end. */
  readonly decaySteps: number;
  /** The end rate as a share of the top rate. Default 0. */
  readonly alpha?: number;
  /** Rise linearly from the initial rate to this one first. Default: no rise. */
  readonly warmupTarget?: number;
  /** Steps of the rise. Default 0. */
  readonly warmupSteps?: number;
}

/**
 * Half a cosine from the top rate to `alpha` times it (Loshchilov and Hutter, 2017), after a linear rise if wanted. Keras'
 * `CosineDecay`.
 *
 * @throws CellstateError `UNKNOWN_OPTION`, `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { cosineDecay } from '@cellstate/trainers';
 *
 * cosineDecay({ initialLearningRate: 0, decaySteps: 10, warmupTarget: 1, warmupSteps: 4 })(2); // → 0.5
 * ```
 */
export function cosineDecay(options: CosineDecayOptions): Schedule {
  const where = 'cosineDecay';
  checkOptions(options, ['initialLearningRate', 'decaySteps', 'alpha', 'warmupTarget', 'warmupSteps'], where);
  const { initialLearningRate, decaySteps, alpha = 0, warmupTarget, warmupSteps = 0 } = options;
  checkNumber(initialLearningRate, { where, option: 'initialLearningRate', from: 0 });
  checkNumber(decaySteps, { where, option: 'decaySteps', above: 0 });
  checkNumber(warmupSteps, { where, option: 'warmupSteps', from: 0 });
  const top = warmupTarget ?? initialLearningRate;
  const rise = warmupTarget === undefined ? 0 : warmupSteps;
  const schedule: Schedule = (step) => {
    if (step < rise) return initialLearningRate + (top - initialLearningRate) * (step / rise);
    return top * halfCosine(Math.min(step - rise, decaySteps) / decaySteps, alpha);
  };
  return withRecipe(schedule, { kind: 'schedule', make: 'cosineDecay', options });
}

/** From 1 at `done` 0 to `alpha` at `done` 1. */
export function halfCosine(done: number, alpha: number): number {
  return (1 - alpha) * 0.5 * (1 + Math.cos(Math.PI * done)) + alpha;
}
