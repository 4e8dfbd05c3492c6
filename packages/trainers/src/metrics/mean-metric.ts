import * as tf from '@tensorflow/tfjs-core';
import { withRecipe } from '../checkpoint/recipe.ts';
import type { Loss } from '../losses/loss.ts';
import type { Metric } from './metric.ts';

export interface MeanRule {
  readonly name: string;
  readonly direction: Metric['direction'];
  readonly target: Metric['target'];
  /** A value for each sample. */
  values(target: tf.Tensor, prediction: tf.Tensor, logits?: tf.Tensor): tf.Tensor;
  /** 1 for each sample that counts. */
  valid?(target: tf.Tensor): tf.Tensor;
  readonly ignoresMasks?: true;
  readonly usesLogits?: true;
  /** Of the mean; default the mean itself. */
  finish?(mean: number): number;
  /** Those of the factory that bears the rule's name; absent when there is no such factory. */
  readonly options?: object;
}

/** A metric that is the weighted mean of a value for each sample. */
export function meanMetric(rule: MeanRule): Metric {
  const { name, direction, target, values, valid, finish = (mean) => mean, ignoresMasks, usesLogits, options } = rule;
  const metric: Metric = {
    name,
    direction,
    target,
    ...(ignoresMasks === undefined ? {} : { ignoresMasks }),
    ...(usesLogits === undefined ? {} : { usesLogits }),
    measure(sample) {
      const each = values(sample.target, sample.prediction, sample.logits);
      const counted = valid?.(sample.target) ?? null;
      const weight = each.rank === 0 ? null : sample.weight(each.shape);
      const weights = weight === null || counted === null ? (weight ?? counted) : tf.mul(weight, counted);
      if (weights === null) return [tf.sum(each), each.size];
      return [tf.sum(tf.mul(each, weights)), tf.sum(weights)];
    },
    // An epoch without a counted sample has the value 0, as in Keras.
    result: ([sum = 0, count = 0]) => (count === 0 ? 0 : finish(sum / count)),
  };
  return options === undefined ? metric : withRecipe(metric, { kind: 'metric', make: name, options });
}

/** A loss as a metric: the weighted mean of its values. */
export function lossMetric(loss: Loss): Metric {
  return meanMetric({
    name: loss.name,
    direction: 'min',
    target: loss.target,
    values: loss.values,
    ...(loss.valid === undefined ? {} : { valid: loss.valid }),
    ...(loss.usesLogits === undefined ? {} : { usesLogits: loss.usesLogits }),
  });
}
