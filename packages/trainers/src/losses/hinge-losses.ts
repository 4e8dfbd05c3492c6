import * as tf from '@tensorflow/tfjs-core';
import { defineLoss } from './define-loss.ts';
import type { Loss, LossOptions } from './loss.ts';

/**
 * The mean over the last axis of `max(1 − t·p, 0)`; targets are −1 or 1, or 0 or 1, which are mapped to these. Keras' `Hinge`.
 *
 * @example
 * ```ts
 * import { hinge } from '@cellstate/trainers';
 *
 * hinge().name; // → "hinge"
 * ```
 */
export function hinge(options: LossOptions = {}): Loss {
  return defineLoss({ name: 'hinge', target: 'same', elements: margin }, options);
}

/**
 * The mean over the last axis of `max(1 − t·p, 0)²`; targets as for `hinge`. Keras' `SquaredHinge`.
 *
 * @example
 * ```ts
 * import { squaredHinge } from '@cellstate/trainers';
 *
 * squaredHinge().name; // → "squaredHinge"
 * ```
 */
export function squaredHinge(options: LossOptions = {}): Loss {
  return defineLoss({ name: 'squaredHinge', target: 'same', elements: (t, p) => tf.square(margin(t, p)) }, options);
}

/**
 * `max(max over other classes of p − p of the right class + 1, 0)` along the last axis; targets are one-hot. Keras'
 * `CategoricalHinge`.
 *
 * @example
 * ```ts
 * import { categoricalHinge } from '@cellstate/trainers';
 *
 * categoricalHinge().name; // → "categoricalHinge"
 * ```
 */
export function categoricalHinge(options: LossOptions = {}): Loss {
  return defineLoss(
    {
      name: 'categoricalHinge',
      target: 'same',
      values(t, p) {
        const right = tf.sum(tf.mul(t, p), -1);
        const wrong = tf.max(tf.mul(tf.sub(1, t), p), -1);
        return tf.relu(tf.add(tf.sub(wrong, right), 1));
      },
    },
    options,
  );
}

function margin(target: tf.Tensor, prediction: tf.Tensor): tf.Tensor {
  const binary = tf.all(tf.logicalOr(tf.equal(target, 0), tf.equal(target, 1)));
  const signs = tf.where(binary, tf.sub(tf.mul(target, 2), 1), target);
  return tf.relu(tf.sub(1, tf.mul(signs, prediction)));
}
