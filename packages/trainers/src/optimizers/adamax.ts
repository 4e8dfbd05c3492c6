import { checkNumber } from '../check-number.ts';
import { biasCorrection } from './bias-correction.ts';
import { defineOptimizer } from './define-optimizer.ts';
import type { Optimizer, OptimizerOptions } from './optimizer.ts';

export interface AdamaxOptions extends OptimizerOptions {
  /** Share of the running mean gradient that is kept at each step. Default 0.9. */
  readonly beta1?: number;
  /** Decay of the running largest gradient. Default 0.999. */
  readonly beta2?: number;
  /** Added to the largest gradient. Default 1e-7. */
  readonly epsilon?: number;
}

/**
 * Adamax (Kingma and Ba, 2015, §7): Adam with the running maximum `u = max(β₂·u, |g|)` instead of the mean of squares.
 * Keras' `Adamax`; learning rate 0.001 by default.
 *
 * @throws CellstateError `UNKNOWN_OPTION`, `INVALID_OPTION`, `CONTRADICTORY_OPTIONS`.
 *
 * @example
 * ```ts
 * import { adamax } from '@cellstate/trainers';
 *
 * adamax().slots.map((slot) => slot.name); // → ["momentum", "norm"]
 * ```
 */
export function adamax(options: AdamaxOptions = {}): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 } = options;
  checkNumber(beta1, { where: 'adamax', option: 'beta1', from: 0, below: 1 });
  checkNumber(beta2, { where: 'adamax', option: 'beta2', from: 0, below: 1 });
  checkNumber(epsilon, { where: 'adamax', option: 'epsilon', from: 0 });
  return defineOptimizer(
    {
      name: 'adamax',
      learningRate: 0.001,
      own: ['beta1', 'beta2', 'epsilon'],
      slots: [
        { name: 'momentum', initial: 0 },
        { name: 'norm', initial: 0 },
      ],
      update(values, slots, { gradient, learningRate, iteration }) {
        const [momentum, norm] = slots as [Float32Array, Float32Array];
        const alpha = learningRate / biasCorrection(beta1, iteration);
        for (let i = 0; i < values.length; i++) {
          const g = gradient[i] as number;
          const m = (momentum[i] as number) + (g - (momentum[i] as number)) * (1 - beta1);
          const u = Math.max(beta2 * (norm[i] as number), Math.abs(g));
          momentum[i] = m;
          norm[i] = u;
          values[i] = (values[i] as number) - (alpha * m) / (u + epsilon);
        }
      },
    },
    options,
  );
}
