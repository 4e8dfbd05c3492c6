import { checkNumber } from '../check-number.ts';
import { defineOptimizer } from './define-optimizer.ts';
import type { Optimizer, OptimizerOptions } from './optimizer.ts';

export interface AdadeltaOptions extends OptimizerOptions {
  /** Share of both running means that is kept at each step. Default 0.95. */
  readonly rho?: number;
  /** Added under both roots. Default 1e-7. */
  readonly epsilon?: number;
}

/**
 * Adadelta (Zeiler, 2012): steps scaled by the ratio of the running sizes of past steps and gradients. Keras' `Adadelta`;
 * learning rate 0.001 by default (the paper's form is 1).
 *
 * @throws CellstateError `UNKNOWN_OPTION`, `INVALID_OPTION`, `CONTRADICTORY_OPTIONS`.
 *
 * @example
 * ```ts
 * import { adadelta } from '@cellstate/trainers';
 *
 * adadelta({ learningRate: 1 }).learningRate; // → 1
 * ```
 */
export function adadelta(options: AdadeltaOptions = {}): Optimizer {
  const { rho = 0.95, epsilon = 1e-7 } = options;
  checkNumber(rho, { where: 'adadelta', option: 'rho', from: 0, below: 1 });
  checkNumber(epsilon, { where: 'adadelta', option: 'epsilon', from: 0 });
  return defineOptimizer(
    {
      name: 'adadelta',
      learningRate: 0.001,
      own: ['rho', 'epsilon'],
      slots: [
        { name: 'accumulatedGradient', initial: 0 },
        { name: 'accumulatedStep', initial: 0 },
      ],
      update(values, slots, { gradient, learningRate }) {
        const [squares, steps] = slots as [Float32Array, Float32Array];
        for (let i = 0; i < values.length; i++) {
          const g = gradient[i] as number;
          squares[i] = rho * (squares[i] as number) + (1 - rho) * g * g;
          const step = (-Math.sqrt((steps[i] as number) + epsilon) / Math.sqrt((squares[i] as number) + epsilon)) * g;
          steps[i] = rho * (steps[i] as number) + (1 - rho) * step * step;
          values[i] = (values[i] as number) + learningRate * step;
        }
      },
    },
    options,
  );
}
