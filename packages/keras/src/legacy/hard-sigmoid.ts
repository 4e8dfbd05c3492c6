import * as tf from '@tensorflow/tfjs-core';

/**
 * Keras 2's hard sigmoid, `clip(0.2 · x + 0.5, 0, 1)`. Keras 3 divides by 6 and has no name for this one; models before Keras 2.3 have it
 * in the gates of every LSTM and GRU.
 */
export const keras2HardSigmoid: { readonly name: string; apply(x: tf.Tensor): tf.Tensor } = {
  name: 'keras2_hard_sigmoid',
  apply: (x) => tf.tidy(() => tf.clipByValue(tf.add(tf.mul(x, 0.2), 0.5), 0, 1)),
};
