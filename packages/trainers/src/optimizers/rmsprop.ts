import { checkNumber } from '../check-number.ts';
import { defineOptimizer } from './define-optimizer.ts';
import type { Optimizer, OptimizerOptions } from './optimizer.ts';

const { fround } = Math;

export interface RmspropOptions extends OptimizerOptions {
  /** Share of the running mean of squares that is kept at each step. Default 0.9. */
  readonly rho?: number;
  /** Share of the last step that is added to this one. Default 0. */
  readonly momentum?: number;
  /** Added under the root, so that no step divides by zero. Default 1e-7. */
  readonly epsilon?: number;
  /** Divide by the estimated variance instead of the mean square. Default false. */
  readonly centered?: boolean;
}

/**
 * RMSprop (Hinton, 2012): `v = ρ·v + (1 − ρ)·g²`, `w −= learningRate · g / √(v + ε)`; `centered` subtracts the square of
 * the mean gradient from v. Keras' `RMSprop`; learning rate 0.001 by default.
 *
 * @throws CellstateError `UNKNOWN_OPTION`, `INVALID_OPTION`, `CONTRADICTORY_OPTIONS`.
 *
 * @example
 * ```ts
 * import { rmsprop } from '@cellstate/trainers';
 *
 * rmsprop({ momentum: 0.9, centered: true }).slots.map((slot) => slot.name); // → ["velocity", "momentum", "averageGradient"]
 * ```
 */
export function rmsprop(options: RmspropOptions = {}): Optimizer {
  const { rho = 0.9, momentum = 0, epsilon = 1e-7, centered = false } = options;
  checkNumber(rho, { where: 'rmsprop', option: 'rho', from: 0, below: 1 });
  checkNumber(momentum, { where: 'rmsprop', option: 'momentum', from: 0 });
  checkNumber(epsilon, { where: 'rmsprop', option: 'epsilon', from: 0 });
  return defineOptimizer(
    {
      name: 'rmsprop',
      learningRate: 0.001,
      own: ['rho', 'momentum', 'epsilon', 'centered'],
      slots: [
        { name: 'velocity', initial: 0 },
        ...(momentum > 0 ? [{ name: 'momentum', initial: 0 }] : []),
        ...(centered ? [{ name: 'averageGradient', initial: 0 }] : []),
      ],
      update(values, slots, { gradient, learningRate }) {
        const velocity = slots[0] as Float32Array;
        const steps = momentum > 0 ? slots[1] : undefined;
        const average = centered ? slots[slots.length - 1] : undefined;
        const kept = fround(rho);
        const share = fround(1 - rho);
        for (let i = 0; i < values.length; i++) {
          const g = gradient[i] as number;
          velocity[i] = fround(kept * (velocity[i] as number)) + fround(share * fround(g * g));
          let square = velocity[i] as number;
          if (average !== undefined) {
            average[i] = fround(kept * (average[i] as number)) + fround(share * g);
            // Two nearly equal numbers: rounded as in Keras, or what is left of them is of another rounding, and may be below 0.
            square = fround(square - fround((average[i] as number) ** 2));
          }
          let step = (learningRate * g) / Math.sqrt(square + epsilon);
          if (steps !== undefined) {
            step += momentum * (steps[i] as number);
            steps[i] = step;
          }
          values[i] = (values[i] as number) - step;
        }
      },
    },
    options,
  );
}
