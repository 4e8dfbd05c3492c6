import { checkOptions } from '@cellstate/core';
import * as tf from '@tensorflow/tfjs-core';
import { withRecipe } from '../checkpoint/recipe.ts';
import { cosine } from '../losses/error-losses.ts';
import { meanMetric } from './mean-metric.ts';
import type { Metric } from './metric.ts';

/**
 * The root of the mean of squared errors over all samples, not a mean of roots. Keras' `RootMeanSquaredError`, which counts masked steps
 * too.
 *
 * @throws CellstateError `UNKNOWN_OPTION`: there are no options.
 *
 * @example
 * ```ts
 * import { rootMeanSquaredError } from '@cellstate/trainers';
 *
 * rootMeanSquaredError().result(Float64Array.of(8, 2)); // → 2
 * ```
 */
export function rootMeanSquaredError(options: Readonly<Record<string, never>> = {}): Metric {
  checkOptions(options, [], 'rootMeanSquaredError');
  return meanMetric({
    name: 'rootMeanSquaredError',
    options,
    direction: 'min',
    target: 'same',
    ignoresMasks: true,
    values: (t, p) => tf.mean(tf.squaredDifference(p, t), -1),
    finish: Math.sqrt,
  });
}

/**
 * The mean cosine of the angle between target and prediction along the last axis; 1 is the same direction. Keras'
 * `CosineSimilarity` metric. As a metric the name `'cosineSimilarity'` means this one.
 *
 * @throws CellstateError `UNKNOWN_OPTION`: there are no options.
 *
 * @example
 * ```ts
 * import { cosineSimilarityMetric } from '@cellstate/trainers';
 *
 * cosineSimilarityMetric().direction; // → "max"
 * ```
 */
export function cosineSimilarityMetric(options: Readonly<Record<string, never>> = {}): Metric {
  checkOptions(options, [], 'cosineSimilarityMetric');
  return meanMetric({
    name: 'cosineSimilarity',
    direction: 'max',
    target: 'same',
    values: (target, prediction) => cosine(target, prediction),
    options,
  });
}

/**
 * The coefficient of determination, 1 − Σ(target − prediction)² / Σ(target − mean)², for each feature, then their mean;
 * a feature whose targets are all equal counts 0. Axes before the last are all samples. Keras' `R2Score`, which counts masked steps too.
 *
 * @throws CellstateError `UNKNOWN_OPTION`: there are no options.
 *
 * @example
 * ```ts
 * import { r2Score } from '@cellstate/trainers';
 *
 * r2Score().name; // → "r2Score"
 * ```
 */
export function r2Score(options: Readonly<Record<string, never>> = {}): Metric {
  checkOptions(options, [], 'r2Score');
  const metric: Metric = {
    name: 'r2Score',
    direction: 'max',
    target: 'same',
    ignoresMasks: true,
    measure({ target, prediction, weight }) {
      const features = target.shape.at(-1) as number;
      const rows = target.size / features;
      const weights = weight(target.shape.slice(0, -1));
      const column = weights === null ? tf.ones([rows, 1]) : tf.reshape(weights, [rows, 1]);
      const t = tf.reshape(target, [rows, features]);
      const residual = tf.squaredDifference(t, tf.reshape(prediction, [rows, features]));
      const sum = (values: tf.Tensor) => tf.sum(tf.mul(values, column), 0);
      return [tf.sum(column), sum(t), sum(tf.square(t)), sum(residual)];
    },
    result(totals) {
      const features = (totals.length - 1) / 3;
      const count = totals[0] as number;
      let score = 0;
      for (let f = 1; f <= features; f++) {
        const [sum, squares, residual] = [totals[f], totals[f + features], totals[f + 2 * features]] as [number, number, number];
        const spread = squares - sum * (sum / count);
        score += spread === 0 ? 0 : 1 - residual / spread;
      }
      return score / features;
    },
  };
  return withRecipe(metric, { kind: 'metric', make: 'r2Score', options });
}
