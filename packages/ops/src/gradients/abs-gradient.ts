import * as tf from '@tensorflow/tfjs-core';

/** Gradient of `abs`: 0 at 0. tfjs-core's is −1 there. */
export const absGradient: tf.GradConfig = {
  kernelName: tf.Abs,
  inputsToSave: ['x'],
  gradFunc: (dy, saved) => ({ x: () => tf.mul(dy as tf.Tensor, tf.sign(tf.cast(saved[0] as tf.Tensor, 'float32'))) }),
};
