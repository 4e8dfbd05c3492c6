import { CellstateError, describe, sameShape } from '@cellstate/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { CROSSENTROPY_KERNEL } from './kernel-contract.ts';

/**
 * The crossentropy of softmax(logits), `−Σ target · ln softmax(logits)` along an axis, in one kernel where the engine has it.
 *
 * Its gradient by the logits is TensorFlow's, `softmax(logits) − target`: that of the values where the targets of a sample sum to 1. The
 * target has none.
 *
 * @param target the wanted shares, `[…, classes]`, float32.
 * @param logits of the same shape; infinite or NaN ones make the values of their sample NaN.
 * @param axis along which the classes lie. Default -1: the last, which alone kernels serve.
 * @returns the shape without that axis; the caller's.
 * @throws CellstateError `SHAPE_MISMATCH` for two shapes.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { softmaxCrossentropy } from '@cellstate/ops';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * softmaxCrossentropy(tf.tensor2d([[0, 1]]), tf.tensor2d([[3, 3]])).shape; // → [1]
 * ```
 */
export function softmaxCrossentropy(target: Tensor, logits: Tensor, axis = -1): Tensor {
  if (!sameShape(target.shape, logits.shape)) {
    throw new CellstateError('SHAPE_MISMATCH', 'Targets and logits differ in shape.', {
      expected: describe(logits.shape),
      received: describe(target.shape),
      where: 'softmaxCrossentropy, target',
    });
  }
  const fused = logits.rank > 0 && (axis === -1 || axis === logits.rank - 1) && logits.size > 0 && hasKernels();
  const values = tf.customGrad((given, save) => {
    const scores = given as Tensor;
    (save as tf.GradSaveFunc)([scores, target]);
    return {
      value: fused ? runKernel(CROSSENTROPY_KERNEL, { target, logits: scores }) : reference(target, scores, axis),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [logitsThen, wanted] = saved as [Tensor, Tensor];
        if (fused) return runKernel(`${CROSSENTROPY_KERNEL}Grad`, { target: wanted, logits: logitsThen, dy });
        return tf.mul(tf.expandDims(dy, axis), tf.sub(tf.exp(logSoftmax(logitsThen, axis)), wanted));
      },
    };
  });
  return values(logits);
}

function reference(target: Tensor, logits: Tensor, axis: number): Tensor {
  return tf.neg(tf.sum(tf.mul(target, logSoftmax(logits, axis)), axis));
}

/** TensorFlow.js has it along the last axis alone. */
function logSoftmax(logits: Tensor, axis: number): Tensor {
  return axis === -1 ? tf.logSoftmax(logits) : tf.sub(logits, tf.logSumExp(logits, axis, true));
}

function hasKernels(): boolean {
  const backend = tf.getBackend();
  return [CROSSENTROPY_KERNEL, `${CROSSENTROPY_KERNEL}Grad`].every((name) => tf.getKernel(name, backend) !== undefined);
}

function runKernel(name: string, inputs: Record<string, Tensor>): Tensor {
  return tf.engine().runKernel(name, inputs) as Tensor;
}
