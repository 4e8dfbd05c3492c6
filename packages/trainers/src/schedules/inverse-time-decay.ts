import { withRecipe } from '../checkpoint/recipe.ts';
import { checkDecay, type DecayOptions } from './exponential-decay.ts';
import type { Schedule } from './schedule.ts';

/**
 * `initialLearningRate / (1 + decayRate · step / decaySteps)`; Keras' `InverseTimeDecay`.
 *
 * @throws CellstateError `UNKNOWN_OPTION`, `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { inverseTimeDecay } from '@cellstate/trainers';
 *
 * inverseTimeDecay({ initialLearningRate: 0.5, decaySteps: 10, decayRate: 1 })(10); // → 0.25
 * ```
 */
export function inverseTimeDecay(options: DecayOptions): Schedule {
  const { initialLearningRate, decaySteps, decayRate, staircase = false } = checkDecay(options, 'inverseTimeDecay');
  const schedule: Schedule = (step) =>
    initialLearningRate / (1 + decayRate * (staircase ? Math.floor(step / decaySteps) : step / decaySteps));
  return withRecipe(schedule, { kind: 'schedule', make: 'inverseTimeDecay', options });
}
