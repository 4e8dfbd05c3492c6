import * as tf from '@tensorflow/tfjs-core';
import { axisView } from './axis-view.ts';

/** The gradient of y = matrix · x along one axis: matrixᵀ · dy. `matrix` is `[output size, input size]` of that axis. */
export function linearAlongAxis(dy: tf.Tensor, axis: number, matrix: tf.Tensor2D): tf.Tensor {
  const slopes = tf.matMul(matrix, tf.reshape(dy, axisView(dy.shape, axis)), true, false);
  return tf.reshape(
    slopes,
    dy.shape.map((size, i) => (i === axis ? matrix.shape[1] : size)),
  );
}
