import * as tf from '@tensorflow/tfjs-core';
import { checkNumber } from '../check-number.ts';
import { checkAxis } from './check-axis.ts';
import { defineLoss } from './define-loss.ts';
import type { Loss, LossOptions } from './loss.ts';

// Keras' fuzz factor.
const EPSILON = 1e-7;

/**
 * The mean over the last axis of `(target − prediction)²`. Keras' `MeanSquaredError`.
 *
 * @example
 * ```ts
 * import { meanSquaredError } from '@cellstate/trainers';
 *
 * meanSquaredError().name; // → "meanSquaredError"
 * ```
 */
export function meanSquaredError(options: LossOptions = {}): Loss {
  return defineLoss(
    {
      name: 'meanSquaredError',
      target: 'same',
      elements: (t, p) => tf.squaredDifference(p, t),
      numbers: { value: (t, p) => (p - t) ** 2, slope: (t, p) => 2 * (p - t) },
    },
    options,
  );
}

/**
 * The mean over the last axis of `|target − prediction|`. Keras' `MeanAbsoluteError`.
 *
 * @example
 * ```ts
 * import { meanAbsoluteError } from '@cellstate/trainers';
 *
 * meanAbsoluteError({ reduction: 'sum' }).reduction; // → "sum"
 * ```
 */
export function meanAbsoluteError(options: LossOptions = {}): Loss {
  return defineLoss(
    {
      name: 'meanAbsoluteError',
      target: 'same',
      elements: (t, p) => tf.abs(tf.sub(p, t)),
      numbers: { value: (t, p) => Math.abs(p - t), slope: (t, p) => Math.sign(p - t) },
    },
    options,
  );
}

/**
 * 100 times the mean over the last axis of `|target − prediction| / max(|target|, 1e-7)`: targets near zero blow it up. Keras'
 * `MeanAbsolutePercentageError`.
 *
 * @example
 * ```ts
 * import { meanAbsolutePercentageError } from '@cellstate/trainers';
 *
 * meanAbsolutePercentageError().name; // → "meanAbsolutePercentageError"
 * ```
 */
export function meanAbsolutePercentageError(options: LossOptions = {}): Loss {
  return defineLoss(
    {
      name: 'meanAbsolutePercentageError',
      target: 'same',
      elements: (t, p) => tf.mul(tf.abs(tf.div(tf.sub(p, t), tf.maximum(tf.abs(t), EPSILON))), 100),
    },
    options,
  );
}

/**
 * The mean over the last axis of `(ln(prediction + 1) − ln(target + 1))²`, values below 1e-7 raised to it. Keras'
 * `MeanSquaredLogarithmicError`.
 *
 * @example
 * ```ts
 * import { meanSquaredLogarithmicError } from '@cellstate/trainers';
 *
 * meanSquaredLogarithmicError().name; // → "meanSquaredLogarithmicError"
 * ```
 */
export function meanSquaredLogarithmicError(options: LossOptions = {}): Loss {
  const logarithm = (x: tf.Tensor) => tf.log(tf.add(tf.maximum(x, EPSILON), 1));
  return defineLoss(
    {
      name: 'meanSquaredLogarithmicError',
      target: 'same',
      elements: (t, p) => tf.squaredDifference(logarithm(p), logarithm(t)),
    },
    options,
  );
}

export interface HuberOptions extends LossOptions {
  /** Errors up to here count by their square, larger ones by their size. Default 1. */
  readonly delta?: number;
}

/**
 * Squares for small errors, absolute values for large ones (Huber, 1964): the mean over the last axis of `e²/2` where
 * `e = |target − prediction| ≤ delta`, of `delta·e − delta²/2` beyond. Keras' `Huber`.
 *
 * @throws CellstateError `INVALID_OPTION` when delta is not positive.
 *
 * @example
 * ```ts
 * import { huber } from '@cellstate/trainers';
 *
 * huber({ delta: 0.5 }).name; // → "huber"
 * ```
 */
export function huber(options: HuberOptions = {}): Loss {
  const { delta = 1 } = options;
  checkNumber(delta, { where: 'huber', option: 'delta', above: 0 });
  return defineLoss(
    {
      name: 'huber',
      own: ['delta'],
      target: 'same',
      // With q = min(e, delta), q · (e − q/2) is both branches at once, and needs no comparison.
      elements(t, p) {
        const error = tf.abs(tf.sub(p, t));
        const inner = tf.minimum(error, delta);
        return tf.mul(inner, tf.sub(error, tf.mul(inner, 0.5)));
      },
      numbers: {
        value(t, p) {
          const error = Math.abs(p - t);
          const inner = Math.min(error, delta);
          return inner * (error - inner * 0.5);
        },
        slope: (t, p) => Math.sign(p - t) * Math.min(Math.abs(p - t), delta),
      },
    },
    options,
  );
}

/**
 * The mean over the last axis of `ln cosh(prediction − target)`. Keras' `LogCosh`.
 *
 * @example
 * ```ts
 * import { logCosh } from '@cellstate/trainers';
 *
 * logCosh().name; // → "logCosh"
 * ```
 */
export function logCosh(options: LossOptions = {}): Loss {
  return defineLoss(
    {
      name: 'logCosh',
      target: 'same',
      elements(t, p) {
        const x = tf.sub(p, t);
        return tf.sub(tf.add(x, tf.softplus(tf.mul(x, -2))), Math.LN2);
      },
    },
    options,
  );
}

export interface CosineSimilarityOptions extends LossOptions {
  /** The axis of the vectors, counted from the end if negative; the batch is axis 0. Default -1. */
  readonly axis?: number;
}

/**
 * Minus the cosine of the angle between target and prediction along an axis: −1 is the same direction. Keras'
 * `CosineSimilarity` loss; the metric of that name has the opposite sign.
 *
 * @throws CellstateError `INVALID_OPTION` when the axis is no whole number, or the batch.
 *
 * @example
 * ```ts
 * import { cosineSimilarity } from '@cellstate/trainers';
 *
 * cosineSimilarity().name; // → "cosineSimilarity"
 * ```
 */
export function cosineSimilarity(options: CosineSimilarityOptions = {}): Loss {
  const { axis = -1 } = options;
  checkAxis(axis, 'cosineSimilarity');
  return defineLoss({ name: 'cosineSimilarity', own: ['axis'], target: 'same', values: (t, p) => tf.neg(cosine(t, p, axis)) }, options);
}

/** The cosine of the angle between two vectors along an axis. */
export function cosine(target: tf.Tensor, prediction: tf.Tensor, axis = -1): tf.Tensor {
  return tf.sum(tf.mul(unit(target, axis), unit(prediction, axis)), axis);
}

function unit(x: tf.Tensor, axis: number): tf.Tensor {
  return tf.div(x, tf.sqrt(tf.maximum(tf.sum(tf.square(x), axis, true), 1e-12)));
}
