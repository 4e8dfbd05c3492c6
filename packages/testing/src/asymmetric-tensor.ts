import * as tf from '@tensorflow/tfjs-core';
import { asymmetric } from './asymmetric.ts';

/** A new float32 tensor of `asymmetric` values; the caller disposes it. */
export function asymmetricTensor<R extends tf.Rank = tf.Rank>(shape: tf.ShapeMap[R], a = 0.1, b = 0.37): tf.Tensor<R> {
  return tf.tensor(asymmetric(shape as number[], a, b), shape);
}
