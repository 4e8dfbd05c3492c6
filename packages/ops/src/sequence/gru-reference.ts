import type { Tensor1D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { GruOptions, SequenceInputs, SequenceResult } from '../contract.ts';
import { gruStep } from './gru-step.ts';
import { projectInput } from './input-projection.ts';
import { tidyResult } from './tidy-result.ts';
import { timeLoop } from './time-loop.ts';

/**
 * A GRU over a sequence, from stock TensorFlow.js ops: runs on every backend, serves every configuration, and says what
 * a fused kernel must compute. Inputs, options and result are those of `gruSequence`.
 *
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs-core';
 * import '@tensorflow/tfjs-backend-cpu';
 * import { gruReference } from '@cellstate/ops';
 *
 * const inputs = { x: tf.ones([2, 5, 3]), kernel: tf.ones([3, 12]), recurrentKernel: tf.ones([4, 12]) };
 * gruReference(inputs).outputs.shape; // → [2, 5, 4]
 * ```
 */
export function gruReference(inputs: SequenceInputs, options: GruOptions = {}): SequenceResult {
  return tidyResult(() => {
    const { x, kernel, recurrentKernel, inputDropout } = inputs;
    const twoBiases = inputs.bias !== undefined && options.resetAfter !== false;
    const [bias, recurrentBias] = (twoBiases ? tf.unstack(inputs.bias, 0) : [inputs.bias]) as [Tensor1D | undefined, Tensor1D | undefined];
    const weights = { ...inputs, ...options, recurrentBias };
    return timeLoop((step, state) => gruStep(step, state, weights), projectInput(x, { kernel, bias, inputDropout }), {
      ...options,
      state: inputs.state ?? [tf.zeros([x.shape[0], recurrentKernel.shape[0]])],
      mask: inputs.mask,
    }) as SequenceResult;
  });
}
