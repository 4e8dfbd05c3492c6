import * as tf from '@tensorflow/tfjs-core';

/**
 * Gradient of a product over some axes: ∂y/∂xᵢ = Π_{k≠i} x_k, as the exclusive products from both sides, so that zeros
 * in the input are no special case. Replaces tfjs-core's, which calls a method that Node does not have.
 */
export const prodGradient: tf.GradConfig = {
  kernelName: tf.Prod,
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attributes) => {
    const { axis } = attributes as unknown as { axis: number | number[] | null };
    return { x: () => gradient(dy as tf.Tensor, tf.cast(x as tf.Tensor, 'float32'), axis) };
  },
};

function gradient(dy: tf.Tensor, x: tf.Tensor, axis: number | number[] | null): tf.Tensor {
  const axes = tf.util.parseAxisParam(axis as number | number[], x.shape);
  const kept = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const order = [...kept, ...axes];
  const permuted = tf.transpose(x, order);
  const outer = kept.reduce((total, i) => total * (x.shape[i] as number), 1);
  const rows = tf.reshape(permuted, [outer, x.size / Math.max(outer, 1)]);
  const others = tf.mul(tf.cumprod(rows, 1, true, false), tf.cumprod(rows, 1, true, true));
  const product = tf.mul(tf.reshape(dy, [outer, 1]), others);
  return tf.transpose(
    tf.reshape(product, permuted.shape),
    order.map((_, i) => order.indexOf(i)),
  );
}
