import * as tf from '@tensorflow/tfjs-core';
import { defineLoss } from './define-loss.ts';
import type { Loss, LossOptions } from './loss.ts';

// Keras' fuzz factor.
const EPSILON = 1e-7;

/**
 * The mean over the last axis of `prediction − target · ln(prediction + 1e-7)`: the deviance of counts. Keras' `Poisson`.
 *
 * @example
 * ```ts
 * import { poisson } from '@cellstate/trainers';
 *
 * poisson().name; // → "poisson"
 * ```
 */
export function poisson(options: LossOptions = {}): Loss {
  return defineLoss({ name: 'poisson', target: 'same', elements: (t, p) => tf.sub(p, tf.mul(t, tf.log(tf.add(p, EPSILON)))) }, options);
}

/**
 * `Σ t·ln(t / p)` over the last axis, both clipped to [1e-7, 1] (Kullback and Leibler, 1951). Keras' `KLDivergence`.
 *
 * @example
 * ```ts
 * import { klDivergence } from '@cellstate/trainers';
 *
 * klDivergence().name; // → "klDivergence"
 * ```
 */
export function klDivergence(options: LossOptions = {}): Loss {
  return defineLoss(
    {
      name: 'klDivergence',
      target: 'same',
      values(target, prediction) {
        const t = tf.clipByValue(target, EPSILON, 1);
        const p = tf.clipByValue(prediction, EPSILON, 1);
        return tf.sum(tf.mul(t, tf.log(tf.div(t, p))), -1);
      },
    },
    options,
  );
}
