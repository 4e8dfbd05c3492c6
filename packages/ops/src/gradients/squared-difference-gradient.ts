import * as tf from '@tensorflow/tfjs-core';
import { sumToShape } from './sum-to-shape.ts';

/** Gradient of `squaredDifference`: ±2 · (a − b). Replaces tfjs-core's, which fails on operands of different shapes. */
export const squaredDifferenceGradient: tf.GradConfig = {
  kernelName: tf.SquaredDifference,
  inputsToSave: ['a', 'b'],
  gradFunc: (dy, saved) => {
    const [a, b] = saved as [tf.Tensor, tf.Tensor];
    const slopes = () => tf.mul(tf.mul(dy as tf.Tensor, 2), tf.sub(a, b));
    return { a: () => sumToShape(slopes(), a.shape), b: () => sumToShape(tf.neg(slopes()), b.shape) };
  },
};
