import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { SequenceInputs, SequenceOptions, SequenceResult } from '../contract.ts';
import { projectInput } from './input-projection.ts';
import { lstmStep } from './lstm-step.ts';
import { tidyResult } from './tidy-result.ts';
import { timeLoop } from './time-loop.ts';

/**
 * An LSTM over a sequence, from stock TensorFlow.js ops: runs on every backend, serves every configuration, and says
 * what a fused kernel must compute. Inputs, options and result are those of `lstmSequence`.
 *
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs-core';
 * import '@tensorflow/tfjs-backend-cpu';
 * import { lstmReference } from '@cellstate/ops';
 *
 * const inputs = { x: tf.ones([2, 5, 3]), kernel: tf.ones([3, 16]), recurrentKernel: tf.ones([4, 16]) };
 * lstmReference(inputs).outputs.shape; // → [2, 5, 4]
 * ```
 */
export function lstmReference(inputs: SequenceInputs, options: SequenceOptions = {}): SequenceResult {
  return tidyResult(() => {
    const projected = projectInput(inputs.x, {
      kernel: inputs.kernel,
      bias: inputs.bias as Tensor1D | undefined,
      inputDropout: inputs.inputDropout,
    });
    const zeros = (): Tensor2D => tf.zeros([inputs.x.shape[0], inputs.recurrentKernel.shape[0]]);
    const weights = { ...inputs, ...options };
    return timeLoop((x, state) => lstmStep(x, state, weights), projected, {
      ...options,
      state: inputs.state ?? [zeros(), zeros()],
      mask: inputs.mask,
    }) as SequenceResult;
  });
}
