import { checkOptions } from '@cellstate/core';
import { checkNumber } from '../check-number.ts';
import { withRecipe } from '../checkpoint/recipe.ts';
import type { Schedule } from './schedule.ts';

export interface PolynomialDecayOptions {
  readonly initialLearningRate: number;
  /** Steps until the end rate is reached. */
  readonly decaySteps: number;
  /** Default 0.0001. */
  readonly endLearningRate?: number;
  /** 1 (the default) is a straight line. */
  readonly power?: number;
  /** After the end, decay again over twice, three times, … `decaySteps`. Default false: stay at the end rate. */
  readonly cycle?: boolean;
}

/**
 * `(initial − end) · (1 − step / decaySteps)^power + end`; Keras' `PolynomialDecay`.
 *
 * @throws CellstateError `UNKNOWN_OPTION`, `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { polynomialDecay } from '@cellstate/trainers';
 *
 * polynomialDecay({ initialLearningRate: 1, decaySteps: 10, endLearningRate: 0 })(5); // → 0.5
 * ```
 */
export function polynomialDecay(options: PolynomialDecayOptions): Schedule {
  const where = 'polynomialDecay';
  checkOptions(options, ['initialLearningRate', 'decaySteps', 'endLearningRate', 'power', 'cycle'], where);
  const { initialLearningRate, decaySteps, endLearningRate = 0.0001, power = 1, cycle = false } = options;
  checkNumber(initialLearningRate, { where, option: 'initialLearningRate', above: 0 });
  checkNumber(decaySteps, { where, option: 'decaySteps', above: 0 });
  const schedule: Schedule = (step) => {
    const length = cycle ? decaySteps * Math.max(1, Math.ceil(step / decaySteps)) : decaySteps;
    const done = Math.min(step, length) / length;
    return (initialLearningRate - endLearningRate) * (1 - done) ** power + endLearningRate;
  };
  return withRecipe(schedule, { kind: 'schedule', make: 'polynomialDecay', options });
}
