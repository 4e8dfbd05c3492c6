import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * What the hidden state contributes to every gate, `hidden · recurrentKernel`: `[batch, G · units]`.
 *
 * With `dropout` `[G, batch, units]`, gate g sees `hidden * dropout[g]`.
 */
export function recurrentProduct(hidden: Tensor2D, recurrentKernel: Tensor2D, dropout?: Tensor3D): Tensor2D {
  if (dropout === undefined) return tf.matMul(hidden, recurrentKernel);
  const kernels = tf.split(recurrentKernel, dropout.shape[0], 1);
  const products = tf.unstack(dropout, 0).map((factors, gate) => tf.matMul(tf.mul(hidden, factors) as Tensor2D, kernels[gate] as Tensor2D));
  return tf.concat(products, 1) as Tensor2D;
}
