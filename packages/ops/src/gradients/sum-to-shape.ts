import * as tf from '@tensorflow/tfjs-core';

/**
 * Undoes broadcasting: sums `slopes` over the axes along which an operand of `shape` was repeated. Where none was, gives
 * back `slopes` itself, which must therefore not be the gradient that came in: tfjs disposes that one.
 */
export function sumToShape(slopes: tf.Tensor, shape: number[]): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, slopes.shape);
  if (axes.length > 0) return tf.reshape(tf.sum(slopes, axes), shape);
  return tf.util.arraysEqual(slopes.shape, shape) ? slopes : tf.reshape(slopes, shape);
}
