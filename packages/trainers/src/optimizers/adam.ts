import { checkNumber } from '../check-number.ts';
import { biasCorrection } from './bias-correction.ts';
import { defineOptimizer, type OptimizerRule } from './define-optimizer.ts';
import type { Optimizer, OptimizerOptions } from './optimizer.ts';

export interface AdamOptions extends OptimizerOptions {
  /** Share of the running mean gradient that is kept at each step. Default 0.9. */
  readonly beta1?: number;
  /** Share of the running mean of squares that is kept at each step. Default 0.999. */
  readonly beta2?: number;
  /** Added outside the root and not corrected for bias, as in Keras. Default 1e-7. */
  readonly epsilon?: number;
  /** Divide by the largest mean of squares so far (Reddi et al., 2018). Default false. */
  readonly amsgrad?: boolean;
}

/**
 * Adam (Kingma and Ba, 2015): `m += (g − m)(1 − β₁)`, `v += (g² − v)(1 − β₂)`,
 * `w −= learningRate · √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε)`. Keras' `Adam`; learning rate 0.001 by default.
 *
 * @throws CellstateError `UNKNOWN_OPTION`, `INVALID_OPTION`, `CONTRADICTORY_OPTIONS`.
 *
 * @example
 * ```ts
 * import { adam } from '@cellstate/trainers';
 *
 * adam({ learningRate: 0.01, clipNorm: 1 }).name; // → "adam"
 * ```
 */
export function adam(options: AdamOptions = {}): Optimizer {
  return defineOptimizer(adamRule('adam', options), options);
}

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019): `w −= w · weightDecay · learningRate`, then Adam.
 * Keras' `AdamW`; learning rate 0.001 and weight decay 0.004 by default.
 *
 * @throws CellstateError `UNKNOWN_OPTION`, `INVALID_OPTION`, `CONTRADICTORY_OPTIONS`.
 *
 * @example
 * ```ts
 * import { adamW } from '@cellstate/trainers';
 *
 * adamW().weightDecay; // → 0.004
 * ```
 */
export function adamW(options: AdamOptions = {}): Optimizer {
  return defineOptimizer(adamRule('adamW', options), { weightDecay: 0.004, ...options });
}

function adamRule(name: string, { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7, amsgrad = false }: AdamOptions): OptimizerRule {
  checkNumber(beta1, { where: name, option: 'beta1', from: 0, below: 1 });
  checkNumber(beta2, { where: name, option: 'beta2', from: 0, below: 1 });
  checkNumber(epsilon, { where: name, option: 'epsilon', from: 0 });
  return {
    name,
    learningRate: 0.001,
    own: ['beta1', 'beta2', 'epsilon', 'amsgrad'],
    slots: [{ name: 'momentum', initial: 0 }, { name: 'velocity', initial: 0 }, ...(amsgrad ? [{ name: 'velocityHat', initial: 0 }] : [])],
    update(values, slots, { gradient, learningRate, iteration }) {
      const [momentum, velocity, largest] = slots as [Float32Array, Float32Array, Float32Array?];
      const alpha = (learningRate * Math.sqrt(biasCorrection(beta2, iteration))) / biasCorrection(beta1, iteration);
      const keep1 = 1 - beta1;
      const keep2 = 1 - beta2;
      for (let i = 0; i < values.length; i++) {
        const g = gradient[i] as number;
        const m = (momentum[i] as number) + (g - (momentum[i] as number)) * keep1;
        const v = (velocity[i] as number) + (g * g - (velocity[i] as number)) * keep2;
        momentum[i] = m;
        velocity[i] = v;
        let scale = v;
        if (largest !== undefined) {
          scale = Math.max(largest[i] as number, v);
          largest[i] = scale;
        }
        values[i] = (values[i] as number) - (alpha * m) / (Math.sqrt(scale) + epsilon);
      }
    },
  };
}
