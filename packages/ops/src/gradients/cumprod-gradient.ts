import * as tf from '@tensorflow/tfjs-core';
import { axisView } from './axis-view.ts';

/**
 * Gradient of `cumprod`, right for zeros in the input too, since nothing is divided.
 *
 * With y_j = x_0 · … · x_j: dx_i = (x_0 · … · x_{i−1}) · s_i, where s_i = dy_i + x_{i+1} · s_{i+1}; the exclusive product
 * has dy_{i+1} in the place of dy_i. The recurrence runs by doubling: log₂(n) passes over the axis.
 */
export const cumprodGradient: tf.GradConfig = {
  kernelName: tf.Cumprod,
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attributes) => ({
    x: () => gradient(dy as tf.Tensor, x as tf.Tensor, attributes as unknown as tf.CumprodAttrs),
  }),
};

function gradient(dy: tf.Tensor, x: tf.Tensor, { axis, exclusive, reverse }: tf.CumprodAttrs): tf.Tensor {
  const [along] = tf.util.parseAxisParam(axis, x.shape) as [number];
  const view = axisView(x.shape, along);
  const forward = (tensor: tf.Tensor): tf.Tensor3D => {
    const seen: tf.Tensor3D = tf.reshape(tf.cast(tensor, 'float32'), view);
    return reverse ? tf.reverse(seen, 1) : seen;
  };
  const values = forward(x);
  const slopes = forward(dy);
  const sums = scan(shift(values, 1), exclusive ? shift(slopes, 1) : slopes);
  const dx = tf.mul(tf.cumprod(values, 1, true, false), sums);
  return tf.reshape(reverse ? tf.reverse(dx, 1) : dx, x.shape);
}

/** s_i = b_i + a_i · s_{i+1} along axis 1, with s = 0 after the end. */
function scan(factors: tf.Tensor3D, terms: tf.Tensor3D): tf.Tensor3D {
  let a = factors;
  let b = terms;
  for (let distance = 1; distance < a.shape[1]; distance *= 2) {
    b = tf.add<tf.Tensor3D>(b, tf.mul(a, shift(b, distance)));
    a = tf.mul<tf.Tensor3D>(a, shift(a, distance));
  }
  return b;
}

/** Element i + distance at place i, zeros at the end. */
function shift(tensor: tf.Tensor3D, distance: number): tf.Tensor3D {
  const [outer, size, inner] = tensor.shape;
  const rest = Math.max(size - distance, 0);
  return tf.pad(tf.slice(tensor, [0, size - rest, 0], [outer, rest, inner]), [
    [0, 0],
    [0, size - rest],
    [0, 0],
  ]);
}
