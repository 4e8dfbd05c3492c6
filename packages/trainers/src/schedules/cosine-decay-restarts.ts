import { checkOptions } from '@cellstate/core';
import { checkNumber } from '../check-number.ts';
import { withRecipe } from '../checkpoint/recipe.ts';
import { halfCosine } from './cosine-decay.ts';
import type { Schedule } from './schedule.ts';

export interface CosineDecayRestartsOptions {
  readonly initialLearningRate: number;
  /** Steps of the first period. */
  readonly firstDecaySteps: number;
  /** Each period is this many times as long as the one before. Default 2. */
  readonly tMul?: number;
  /** How much of the way from the end rate up to the top is left in each period, as a share of the one before. Default 1. */
  readonly mMul?: number;
  /** The end rate of each period as a share of initialLearningRate. Default 0. */
  readonly alpha?: number;
}

/**
 * Cosine decay that starts again at the top after each period (SGDR: Loshchilov and Hutter, 2017). Keras'
 * `CosineDecayRestarts`.
 *
 * @throws CellstateError `UNKNOWN_OPTION`, `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { cosineDecayRestarts } from '@cellstate/trainers';
 *
 * const schedule = cosineDecayRestarts({ initialLearningRate: 0.1, firstDecaySteps: 10 });
 * schedule(10); // → 0.1
 * ```
 */
export function cosineDecayRestarts(options: CosineDecayRestartsOptions): Schedule {
  const where = 'cosineDecayRestarts';
  checkOptions(options, ['initialLearningRate', 'firstDecaySteps', 'tMul', 'mMul', 'alpha'], where);
  const { initialLearningRate, firstDecaySteps, tMul = 2, mMul = 1, alpha = 0 } = options;
  checkNumber(initialLearningRate, { where, option: 'initialLearningRate', above: 0 });
  checkNumber(firstDecaySteps, { where, option: 'firstDecaySteps', above: 0 });
  checkNumber(tMul, { where, option: 'tMul', from: 1 });
  const schedule: Schedule = (step) => {
    let start = 0;
    let length = firstDecaySteps;
    let share = 1;
    while (step >= start + length) {
      start += length;
      length *= tMul;
      share *= mMul;
    }
    // As in Keras, `mMul` lowers the top of each period and leaves the bottom where alpha puts it.
    return initialLearningRate * ((1 - alpha) * share * halfCosine((step - start) / length, 0) + alpha);
  };
  return withRecipe(schedule, { kind: 'schedule', make: 'cosineDecayRestarts', options });
}
