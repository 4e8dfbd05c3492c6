import '../register.ts';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

export interface InputProjection {
  /** `[features, G · units]` */
  readonly kernel: Tensor2D;
  /** `[G · units]`; absent: none. */
  readonly bias?: Tensor1D | undefined;
  /** Factors on the input, one for each gate: `[G, batch, features]`. Absent: none. */
  readonly inputDropout?: Tensor3D | undefined;
}

/**
 * What the input contributes to every gate, `x · kernel + bias`, for one step or for all steps at once.
 *
 * With `inputDropout`, gate g sees `x * inputDropout[g]`, the same factors at every step.
 *
 * @param x `[batch, features]` or `[batch, time, features]`.
 * @returns `[batch, G · units]` or `[batch, time, G · units]`.
 *
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs-core';
 * import '@tensorflow/tfjs-backend-cpu';
 * import { projectInput } from '@cellstate/ops';
 *
 * const z = projectInput(tf.tensor2d([[1, 2]]), { kernel: tf.tensor2d([[1, 0], [0, 1]]), bias: tf.tensor1d([5, 5]) });
 * Array.from(z.dataSync()); // → [6, 7]
 * ```
 */
export function projectInput<T extends Tensor2D | Tensor3D>(x: T, { kernel, bias, inputDropout }: InputProjection): T {
  return tf.tidy(() => {
    const features = x.shape.at(-1) as number;
    const rows = tf.reshape(x, [-1, features]) as Tensor2D;
    const product = inputDropout === undefined ? tf.matMul(rows, kernel) : gateByGate(x, kernel, inputDropout);
    const projected = bias === undefined ? product : tf.add(product, bias);
    const shape = [...x.shape.slice(0, -1), kernel.shape[1]] as T['shape'];
    return tf.reshape(projected, shape) as T;
  });
}

function gateByGate(x: Tensor, kernel: Tensor2D, dropout: Tensor3D): Tensor2D {
  const kernels = tf.split(kernel, dropout.shape[0], 1);
  const products = tf.unstack(dropout, 0).map((factors, gate) => {
    const kept = tf.mul(x, x.rank === 3 ? tf.expandDims(factors, 1) : factors);
    return tf.matMul(tf.reshape(kept, [-1, kernel.shape[0]]) as Tensor2D, kernels[gate] as Tensor2D);
  });
  return tf.concat(products, 1) as Tensor2D;
}
