import { CellstateError } from '@cellstate/core';
import type { GradConfig } from '@tensorflow/tfjs-core';

/** A gradient that throws `NO_GRADIENT`, naming the operation, if back-propagation reaches it. */
export function missingGradient(kernelName: string): GradConfig {
  return {
    kernelName,
    gradFunc: () => {
      throw new CellstateError('NO_GRADIENT', `The operation ${kernelName} has no gradient.`, {
        expected: 'operations with a gradient on every path from the parameters to the loss',
        received: kernelName,
        where: 'back-propagation',
        hint: "Compute it from other operations, or give it one with tf.registerGradient or tf.customGrad from '@tensorflow/tfjs-core'.",
      });
    },
  };
}
