import * as tf from '@tensorflow/tfjs-core';
import { sumToShape } from './sum-to-shape.ts';

/**
 * Gradient of `matMul`: for Y = A · B, dA = dY · Bᵀ and dB = Aᵀ · dY; transposed operands get theirs transposed. Replaces
 * tfjs-core's, which fails where one operand is used for every matrix of the other's batch.
 */
export const batchMatMulGradient: tf.GradConfig = {
  kernelName: tf.BatchMatMul,
  inputsToSave: ['a', 'b'],
  gradFunc: (dy, saved, attributes) => {
    const [a, b] = saved as [tf.Tensor, tf.Tensor];
    const { transposeA, transposeB } = attributes as unknown as tf.BatchMatMulAttrs;
    const slopes = dy as tf.Tensor;
    return {
      a: () => sumToShape(transposeA ? tf.matMul(b, slopes, transposeB, true) : tf.matMul(slopes, b, false, !transposeB), a.shape),
      b: () => sumToShape(transposeB ? tf.matMul(slopes, a, true, transposeA) : tf.matMul(a, slopes, !transposeA, false), b.shape),
    };
  },
};
