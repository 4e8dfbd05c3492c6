import * as tf from '@tensorflow/tfjs-core';
import { fitWeight, product } from './fit-weight.ts';
import type { Loss } from './loss.ts';

export interface LossInputs {
  readonly target: tf.Tensor;
  readonly prediction: tf.Tensor;
  /** What went into the softmax or sigmoid that gave the prediction; absent where there was none. */
  readonly logits?: tf.Tensor | undefined;
  /** 1 for each step that counts; leading axes of the loss values. */
  readonly mask: tf.Tensor | null;
  readonly sampleWeight: tf.Tensor | null;
  /** The output's name, for messages. */
  readonly where: string;
}

/**
 * The loss of a batch as one number.
 *
 * Under a mask `'sumOverBatchSize'` divides by the number of valid samples, so that padding changes nothing; a batch
 * without a valid sample has loss 0.
 */
export function reduceLoss(loss: Loss, { target, prediction, logits, mask, sampleWeight, where }: LossInputs): tf.Scalar {
  const plain = mask === null && sampleWeight === null && loss.valid === undefined && loss.reduction !== 'sum';
  if (plain && loss.elements !== undefined) return tf.mean(loss.elements(target, prediction, logits));
  const values = loss.values(target, prediction, logits);
  const counted = product(fitWeight(mask, values.shape, { what: 'mask', where }), loss.valid?.(target) ?? null);
  const weight = fitWeight(sampleWeight, values.shape, { what: 'sampleWeight', where });
  const weights = product(counted, weight);
  if (weights === null) return loss.reduction === 'sum' ? tf.sum(values) : tf.mean(values);
  const sum: tf.Scalar = tf.sum(tf.mul(values, weights));
  if (loss.reduction === 'sum') return sum;
  if (loss.reduction === 'meanWithSampleWeight') return tf.div(sum, tf.maximum(tf.sum(weights), 1e-7));
  if (counted === null) return tf.mul(sum, 1 / values.size);
  return tf.div(sum, tf.maximum(tf.sum(counted), 1));
}
