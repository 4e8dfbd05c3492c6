import { checkOptions } from '@cellstate/core';
import * as tf from '@tensorflow/tfjs-core';
import { checkNumber } from '../check-number.ts';
import { alignTarget } from '../losses/align-target.ts';
import { meanMetric } from './mean-metric.ts';
import type { Metric } from './metric.ts';

/**
 * The share of predictions on the right side of a threshold, for targets 0 or 1. Keras' `BinaryAccuracy`.
 *
 * @param options `threshold`: a prediction strictly above it is a 1; default 0.5.
 * @throws CellstateError `UNKNOWN_OPTION`, `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { binaryAccuracy } from '@cellstate/trainers';
 *
 * binaryAccuracy({ threshold: 0.7 }).direction; // → "max"
 * ```
 */
export function binaryAccuracy(options: { readonly threshold?: number } = {}): Metric {
  checkOptions(options, ['threshold'], 'binaryAccuracy');
  const { threshold = 0.5 } = options;
  checkNumber(threshold, { where: 'binaryAccuracy', option: 'threshold' });
  return meanMetric({ name: 'binaryAccuracy', direction: 'max', target: 'same', values: (t, p) => binaryHits(t, p, threshold), options });
}

/**
 * The share of samples whose most probable class is the target's, for one-hot targets. Keras' `CategoricalAccuracy`.
 *
 * @throws CellstateError `UNKNOWN_OPTION`: there are no options.
 *
 * @example
 * ```ts
 * import { categoricalAccuracy } from '@cellstate/trainers';
 *
 * categoricalAccuracy().name; // → "categoricalAccuracy"
 * ```
 */
export function categoricalAccuracy(options: Readonly<Record<string, never>> = {}): Metric {
  checkOptions(options, [], 'categoricalAccuracy');
  return meanMetric({
    name: 'categoricalAccuracy',
    options,
    direction: 'max',
    target: 'same',
    values: (t, p) => classHits(tf.argMax(t, -1), p),
  });
}

/**
 * The share of samples whose most probable class is the target, for class ids. Keras' `SparseCategoricalAccuracy`.
 *
 * @throws CellstateError `UNKNOWN_OPTION`: there are no options.
 *
 * @example
 * ```ts
 * import { sparseCategoricalAccuracy } from '@cellstate/trainers';
 *
 * sparseCategoricalAccuracy().target; // → "classes"
 * ```
 */
export function sparseCategoricalAccuracy(options: Readonly<Record<string, never>> = {}): Metric {
  checkOptions(options, [], 'sparseCategoricalAccuracy');
  return meanMetric({ name: 'sparseCategoricalAccuracy', direction: 'max', target: 'classes', values: classHits, options });
}

/**
 * The share of samples whose target is among the `k` most probable classes, for one-hot targets; ties count as hits. Keras'
 * `TopKCategoricalAccuracy`.
 *
 * @param options `k`, default 5.
 * @throws CellstateError `UNKNOWN_OPTION`, `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { topKCategoricalAccuracy } from '@cellstate/trainers';
 *
 * topKCategoricalAccuracy({ k: 3 }).direction; // → "max"
 * ```
 */
export function topKCategoricalAccuracy(options: { readonly k?: number } = {}): Metric {
  checkOptions(options, ['k'], 'topKCategoricalAccuracy');
  const { k = 5 } = options;
  checkNumber(k, { where: 'topKCategoricalAccuracy', option: 'k', from: 1 });
  return meanMetric({
    name: 'topKCategoricalAccuracy',
    options,
    direction: 'max',
    target: 'same',
    values(t, p) {
      const right = tf.sum(tf.mul(p, tf.oneHot(tf.cast(tf.argMax(t, -1), 'int32'), p.shape.at(-1) as number)), -1, true);
      const better = tf.sum(tf.cast(tf.greater(p, right), 'float32'), -1);
      return tf.cast(tf.less(better, k), 'float32');
    },
  });
}

/**
 * Accuracy of the kind that shapes call for: one prediction a sample is binary, class ids are sparse, all else is
 * categorical. Keras' `"accuracy"`.
 *
 * @throws CellstateError `UNKNOWN_OPTION`: there are no options.
 *
 * @example
 * ```ts
 * import { accuracy } from '@cellstate/trainers';
 *
 * accuracy().name; // → "accuracy"
 * ```
 */
export function accuracy(options: Readonly<Record<string, never>> = {}): Metric {
  checkOptions(options, [], 'accuracy');
  return meanMetric({
    name: 'accuracy',
    options,
    direction: 'max',
    target: 'any',
    values(target, prediction) {
      const classes = prediction.shape.at(-1) ?? 1;
      const where = 'accuracy';
      if (classes === 1) {
        const pair = alignTarget(target, prediction, { kind: 'same', where });
        return binaryHits(pair.target, pair.prediction, 0.5);
      }
      if (target.rank < prediction.rank || target.shape.at(-1) === 1) {
        return classHits(alignTarget(target, prediction, { kind: 'classes', where }).target, prediction);
      }
      const pair = alignTarget(target, prediction, { kind: 'same', where });
      return classHits(tf.argMax(pair.target, -1), pair.prediction);
    },
  });
}

function binaryHits(target: tf.Tensor, prediction: tf.Tensor, threshold: number): tf.Tensor {
  const positive = tf.cast(tf.greater(prediction, threshold), 'float32');
  return tf.mean(tf.cast(tf.equal(target, positive), 'float32'), -1);
}

function classHits(classes: tf.Tensor, prediction: tf.Tensor): tf.Tensor {
  return tf.cast(tf.equal(tf.cast(classes, 'int32'), tf.cast(tf.argMax(prediction, -1), 'int32')), 'float32');
}
