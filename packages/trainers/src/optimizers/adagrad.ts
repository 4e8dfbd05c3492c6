import { checkNumber } from '../check-number.ts';
import { defineOptimizer } from './define-optimizer.ts';
import type { Optimizer, OptimizerOptions } from './optimizer.ts';

export interface AdagradOptions extends OptimizerOptions {
  /** What the sum of squares starts from. Default 0.1. */
  readonly initialAccumulatorValue?: number;
  /** Added under the root. Default 1e-7. */
  readonly epsilon?: number;
}

/**
 * Adagrad (Duchi et al., 2011): `a += g²`, `w −= learningRate · g / √(a + ε)`. Keras' `Adagrad`; learning rate 0.001 by
 * default.
 *
 * @throws CellstateError `UNKNOWN_OPTION`, `INVALID_OPTION`, `CONTRADICTORY_OPTIONS`.
 *
 * @example
 * ```ts
 * import { adagrad } from '@cellstate/trainers';
 *
 * adagrad().slots[0]?.initial; // → 0.1
 * ```
 */
export function adagrad(options: AdagradOptions = {}): Optimizer {
  const { initialAccumulatorValue = 0.1, epsilon = 1e-7 } = options;
  checkNumber(initialAccumulatorValue, { where: 'adagrad', option: 'initialAccumulatorValue', from: 0 });
  checkNumber(epsilon, { where: 'adagrad', option: 'epsilon', from: 0 });
  return defineOptimizer(
    {
      name: 'adagrad',
      learningRate: 0.001,
      own: ['initialAccumulatorValue', 'epsilon'],
      slots: [{ name: 'accumulator', initial: initialAccumulatorValue }],
      update(values, slots, { gradient, learningRate }) {
        const [accumulator] = slots as [Float32Array];
        for (let i = 0; i < values.length; i++) {
          const g = gradient[i] as number;
          accumulator[i] = (accumulator[i] as number) + g * g;
          values[i] = (values[i] as number) - (learningRate * g) / Math.sqrt((accumulator[i] as number) + epsilon);
        }
      },
    },
    options,
  );
}
