import { CellstateError, checkOptions } from '@cellstate/core';
import { withRecipe } from '../checkpoint/recipe.ts';
import type { Schedule } from './schedule.ts';

export interface PiecewiseConstantDecayOptions {
  /** Steps at which the rate changes, ascending; the step itself still has the rate before. */
  readonly boundaries: readonly number[];
  /** The rates: one more than boundaries. */
  readonly values: readonly number[];
}

/**
 * A rate for each stretch of steps: with `boundaries: [5, 10]` steps 0–5 have `values[0]`, 6–10 `values[1]`, later ones
 * `values[2]`. Keras' `PiecewiseConstantDecay`.
 *
 * @throws CellstateError `UNKNOWN_OPTION`, `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { piecewiseConstantDecay } from '@cellstate/trainers';
 *
 * const schedule = piecewiseConstantDecay({ boundaries: [5], values: [1, 0.5] });
 * schedule(5); // → 1
 * schedule(6); // → 0.5
 * ```
 */
export function piecewiseConstantDecay(options: PiecewiseConstantDecayOptions): Schedule {
  checkOptions(options, ['boundaries', 'values'], 'piecewiseConstantDecay');
  const { boundaries, values } = options;
  const ascending = boundaries.every((boundary, i) => i === 0 || boundary > (boundaries[i - 1] as number));
  if (values.length !== boundaries.length + 1 || !ascending) {
    throw new CellstateError('INVALID_OPTION', 'Boundaries and values do not fit together.', {
      expected: 'ascending boundaries and one value more than boundaries',
      received: `boundaries [${boundaries.join(', ')}], ${values.length} values`,
      where: 'piecewiseConstantDecay',
    });
  }
  const schedule: Schedule = (step) => {
    const index = boundaries.findIndex((boundary) => step <= boundary);
    return values[index < 0 ? values.length - 1 : index] as number;
  };
  return withRecipe(schedule, { kind: 'schedule', make: 'piecewiseConstantDecay', options });
}
