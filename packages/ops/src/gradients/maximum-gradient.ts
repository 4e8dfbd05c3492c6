import * as tf from '@tensorflow/tfjs-core';
import { sumToShape } from './sum-to-shape.ts';

/** Gradient of `maximum`, to the first operand where both are equal. Replaces tfjs-core's, which fails on operands of different shapes. */
export const maximumGradient: tf.GradConfig = {
  kernelName: tf.Maximum,
  inputsToSave: ['a', 'b'],
  gradFunc: (dy, saved) => {
    const [a, b] = saved as [tf.Tensor, tf.Tensor];
    return {
      a: () => sumToShape(tf.mul(dy as tf.Tensor, tf.cast(tf.greaterEqual(a, b), 'float32')), a.shape),
      b: () => sumToShape(tf.mul(dy as tf.Tensor, tf.cast(tf.less(a, b), 'float32')), b.shape),
    };
  },
};
