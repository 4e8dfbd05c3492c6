import { checkNumber } from '../check-number.ts';
import { defineOptimizer } from './define-optimizer.ts';
import type { Optimizer, OptimizerOptions } from './optimizer.ts';

export interface SgdOptions extends OptimizerOptions {
  /** Share of the last step that is added to this one. Default 0. */
  readonly momentum?: number;
  /** Look ahead by the momentum (Nesterov, 1983). Default false. */
  readonly nesterov?: boolean;
}

/**
 * Stochastic gradient descent, with momentum if wanted: `m = momentum · m − learningRate · g`, `w += m`;
 * with `nesterov` `w += momentum · m − learningRate · g`. Keras' `SGD`; learning rate 0.01 by default.
 *
 * @throws CellstateError `UNKNOWN_OPTION`, `INVALID_OPTION`, `CONTRADICTORY_OPTIONS`.
 *
 * @example
 * ```ts
 * import { sgd } from '@cellstate/trainers';
 *
 * sgd({ momentum: 0.9 }).slots.length; // → 1
 * ```
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  const { momentum = 0, nesterov = false } = options;
  checkNumber(momentum, { where: 'sgd', option: 'momentum', from: 0, to: 1 });
  return defineOptimizer(
    {
      name: 'sgd',
      learningRate: 0.01,
      own: ['momentum', 'nesterov'],
      slots: momentum === 0 ? [] : [{ name: 'momentum', initial: 0 }],
      update(values, [velocity], { gradient, learningRate }) {
        for (let i = 0; i < values.length; i++) {
          const step = learningRate * (gradient[i] as number);
          if (velocity === undefined) {
            values[i] = (values[i] as number) - step;
            continue;
          }
          const m = momentum * (velocity[i] as number) - step;
          velocity[i] = m;
          values[i] = (values[i] as number) + (nesterov ? momentum * m - step : m);
        }
      },
    },
    options,
  );
}
