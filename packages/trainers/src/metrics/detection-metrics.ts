import { checkOptions } from '@cellstate/core';
import * as tf from '@tensorflow/tfjs-core';
import { checkNumber } from '../check-number.ts';
import { withRecipe } from '../checkpoint/recipe.ts';
import type { Metric, MetricSample } from './metric.ts';

export interface DetectionOptions {
  /** A prediction strictly above it is an alarm. Default 0.5. */
  readonly threshold?: number;
}

/**
 * The share of alarms that were right, for targets 0 or 1; 0 without an alarm. Keras' `Precision`, which counts masked
 * steps too.
 *
 * @throws CellstateError `UNKNOWN_OPTION`, `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { precision } from '@cellstate/trainers';
 *
 * precision().result(Float64Array.of(3, 1, 0)); // → 0.75
 * ```
 */
export function precision(options: DetectionOptions = {}): Metric {
  return detectionMetric('precision', options, ([hits, falseAlarms]) => share(hits, falseAlarms));
}

/**
 * The share of positive targets that raised an alarm, for targets 0 or 1; 0 without a positive. Keras' `Recall`, which counts
 * masked steps too.
 *
 * @throws CellstateError `UNKNOWN_OPTION`, `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { recall } from '@cellstate/trainers';
 *
 * recall().result(Float64Array.of(3, 0, 1)); // → 0.75
 * ```
 */
export function recall(options: DetectionOptions = {}): Metric {
  return detectionMetric('recall', options, ([hits, , misses]) => share(hits, misses));
}

/** Sums of hits, false alarms and misses over every element. */
function detectionMetric(name: string, options: DetectionOptions, result: (counts: [number, number, number]) => number): Metric {
  checkOptions(options, ['threshold'], name);
  const { threshold = 0.5 } = options;
  checkNumber(threshold, { where: name, option: 'threshold' });
  const metric: Metric = {
    name,
    direction: 'max',
    target: 'same',
    ignoresMasks: true,
    measure({ target, prediction, weight }: MetricSample) {
      const weights = weight(target.shape.slice(0, -1));
      const alarm = tf.cast(tf.greater(prediction, threshold), 'float32');
      const count = (each: tf.Tensor) => tf.sum(weights === null ? each : tf.mul(each, tf.expandDims(weights, -1)));
      return [count(tf.mul(target, alarm)), count(tf.mul(tf.sub(1, target), alarm)), count(tf.mul(target, tf.sub(1, alarm)))];
    },
    result: (totals) => result([...totals] as [number, number, number]),
  };
  return withRecipe(metric, { kind: 'metric', make: name, options });
}

function share(hits: number, others: number): number {
  return hits + others === 0 ? 0 : hits / (hits + others);
}
