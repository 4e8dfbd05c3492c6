import { checkOptions } from '@cellstate/core';
import { checkNumber } from '../check-number.ts';
import { withRecipe } from '../checkpoint/recipe.ts';
import type { Schedule } from './schedule.ts';

export interface DecayOptions {
  readonly initialLearningRate: number;
  /** Steps over which one factor of `decayRate` is applied. */
  readonly decaySteps: number;
  readonly decayRate: number;
  /** Decay in whole jumps every `decaySteps` steps. Default false. */
  readonly staircase?: boolean;
}

/**
 * `initialLearningRate · decayRate^(step / decaySteps)`; Keras' `ExponentialDecay`.
 *
 * @throws CellstateError `UNKNOWN_OPTION`, `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { exponentialDecay } from '@cellstate/trainers';
 *
 * exponentialDecay({ initialLearningRate: 0.5, decaySteps: 10, decayRate: 0.5 })(10); // → 0.25
 * ```
 */
export function exponentialDecay(options: DecayOptions): Schedule {
  const { initialLearningRate, decaySteps, decayRate, staircase = false } = checkDecay(options, 'exponentialDecay');
  const schedule: Schedule = (step) => initialLearningRate * decayRate ** (staircase ? Math.floor(step / decaySteps) : step / decaySteps);
  return withRecipe(schedule, { kind: 'schedule', make: 'exponentialDecay', options });
}

/** The checked options that exponential and inverse-time decay share. */
export function checkDecay(options: DecayOptions, where: string): DecayOptions {
  checkOptions(options, ['initialLearningRate', 'decaySteps', 'decayRate', 'staircase'], where);
  checkNumber(options.initialLearningRate, { where, option: 'initialLearningRate', above: 0 });
  checkNumber(options.decaySteps, { where, option: 'decaySteps', above: 0 });
  checkNumber(options.decayRate, { where, option: 'decayRate', from: 0 });
  return options;
}
