import { checkNumber } from '../check-number.ts';
import { defineOptimizer } from './define-optimizer.ts';
import type { Optimizer, OptimizerOptions } from './optimizer.ts';

export interface NadamOptions extends OptimizerOptions {
  /** Share of the running mean gradient that is kept at each step. Default 0.9. */
  readonly beta1?: number;
  /** Share of the running mean of squares that is kept at each step. Default 0.999. */
  readonly beta2?: number;
  /** Added outside the root. Default 1e-7. */
  readonly epsilon?: number;
}

// The momentum schedule of Dozat, 2016: u(t) = β₁ · (1 − 0.5 · 0.96ᵗ).
const SCHEDULE_DECAY = 0.96;

/**
 * Nadam (Dozat, 2016): Adam with Nesterov momentum. Keras' `Nadam`; learning rate 0.001 by default.
 *
 * @throws CellstateError `UNKNOWN_OPTION`, `INVALID_OPTION`, `CONTRADICTORY_OPTIONS`.
 *
 * @example
 * ```ts
 * import { nadam } from '@cellstate/trainers';
 *
 * nadam().scalars.map((scalar) => scalar.name); // → ["uProduct"]
 * ```
 */
export function nadam(options: NadamOptions = {}): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 } = options;
  checkNumber(beta1, { where: 'nadam', option: 'beta1', from: 0, below: 1 });
  checkNumber(beta2, { where: 'nadam', option: 'beta2', from: 0, below: 1 });
  checkNumber(epsilon, { where: 'nadam', option: 'epsilon', from: 0 });
  const momentumAt = (iteration: number) => beta1 * (1 - 0.5 * SCHEDULE_DECAY ** iteration);
  return defineOptimizer(
    {
      name: 'nadam',
      learningRate: 0.001,
      own: ['beta1', 'beta2', 'epsilon'],
      slots: [
        { name: 'momentum', initial: 0 },
        { name: 'velocity', initial: 0 },
      ],
      scalars: [{ name: 'uProduct', initial: 1 }],
      advance(scalars, iteration) {
        scalars[0] = (scalars[0] as number) * momentumAt(iteration);
      },
      update(values, slots, { gradient, learningRate, iteration, scalars }) {
        const [momentum, velocity] = slots as [Float32Array, Float32Array];
        const product = scalars[0] as number;
        const now = momentumAt(iteration);
        const next = momentumAt(iteration + 1);
        const ofMomentum = next / (1 - product * next);
        const ofGradient = (1 - now) / (1 - product);
        const correction = 1 - beta2 ** iteration;
        for (let i = 0; i < values.length; i++) {
          const g = gradient[i] as number;
          const m = (momentum[i] as number) + (g - (momentum[i] as number)) * (1 - beta1);
          const v = (velocity[i] as number) + (g * g - (velocity[i] as number)) * (1 - beta2);
          momentum[i] = m;
          velocity[i] = v;
          values[i] = (values[i] as number) - (learningRate * (ofMomentum * m + ofGradient * g)) / (Math.sqrt(v / correction) + epsilon);
        }
      },
    },
    options,
  );
}
