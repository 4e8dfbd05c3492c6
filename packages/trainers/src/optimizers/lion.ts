import { checkNumber } from '../check-number.ts';
import { defineOptimizer } from './define-optimizer.ts';
import type { Optimizer, OptimizerOptions } from './optimizer.ts';

export interface LionOptions extends OptimizerOptions {
  /** Weight of the momentum in the direction of the step, above 0. Default 0.9. */
  readonly beta1?: number;
  /** Share of the momentum that is kept at each step. Default 0.99. */
  readonly beta2?: number;
}

/**
 * Lion (Chen et al., 2023): every weight moves by exactly the learning rate,
 * `w −= learningRate · sign(β₁·m + (1 − β₁)·g)`, `m = β₂·m + (1 − β₂)·g`. Keras' `Lion`; learning rate 0.001 by default.
 *
 * @throws CellstateError `UNKNOWN_OPTION`, `INVALID_OPTION`, `CONTRADICTORY_OPTIONS`.
 *
 * @example
 * ```ts
 * import { lion } from '@cellstate/trainers';
 *
 * lion().slots.length; // → 1
 * ```
 */
export function lion(options: LionOptions = {}): Optimizer {
  const { beta1 = 0.9, beta2 = 0.99 } = options;
  checkNumber(beta1, { where: 'lion', option: 'beta1', above: 0, to: 1 });
  checkNumber(beta2, { where: 'lion', option: 'beta2', from: 0, below: 1 });
  return defineOptimizer(
    {
      name: 'lion',
      learningRate: 0.001,
      own: ['beta1', 'beta2'],
      slots: [{ name: 'momentum', initial: 0 }],
      update(values, slots, { gradient, learningRate }) {
        const [momentum] = slots as [Float32Array];
        for (let i = 0; i < values.length; i++) {
          const g = gradient[i] as number;
          const m = momentum[i] as number;
          values[i] = (values[i] as number) - learningRate * Math.sign(beta1 * m + (1 - beta1) * g);
          momentum[i] = beta2 * m + (1 - beta2) * g;
        }
      },
    },
    options,
  );
}
