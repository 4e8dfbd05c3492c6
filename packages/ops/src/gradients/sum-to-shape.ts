import * as tf from '@tensorflow/tfjs-core';

/** Undoes broadcasting: sums `slopes` over the axes along which an operand of `shape` was repeated. */
export function sumToShape(slopes: tf.Tensor, shape: number[]): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, slopes.shape);
  return tf.reshape(axes.length === 0 ? slopes : tf.sum(slopes, axes), shape);
}
