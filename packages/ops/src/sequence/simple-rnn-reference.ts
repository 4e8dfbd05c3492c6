import type { Tensor1D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { SequenceInputs, SequenceOptions, SequenceResult } from '../contract.ts';
import { projectInput } from './input-projection.ts';
import { simpleRnnStep } from './simple-rnn-step.ts';
import { tidyResult } from './tidy-result.ts';
import { timeLoop } from './time-loop.ts';

/**
 * A simple recurrent layer over a sequence, from stock TensorFlow.js ops: runs on every backend and serves every
 * configuration. Inputs, options and result are those of `simpleRnnSequence`.
 *
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs-core';
 * import '@tensorflow/tfjs-backend-cpu';
 * import { simpleRnnReference } from '@cellstate/ops';
 *
 * const inputs = { x: tf.ones([2, 5, 3]), kernel: tf.ones([3, 4]), recurrentKernel: tf.ones([4, 4]) };
 * simpleRnnReference(inputs).outputs.shape; // → [2, 5, 4]
 * ```
 */
export function simpleRnnReference(inputs: SequenceInputs, options: SequenceOptions = {}): SequenceResult {
  return tidyResult(() => {
    const projected = projectInput(inputs.x, {
      kernel: inputs.kernel,
      bias: inputs.bias as Tensor1D | undefined,
      inputDropout: inputs.inputDropout,
    });
    const weights = { ...inputs, activation: options.activation };
    return timeLoop((x, state) => simpleRnnStep(x, state, weights), projected, {
      ...options,
      state: inputs.state ?? [tf.zeros([inputs.x.shape[0], inputs.recurrentKernel.shape[0]])],
      mask: inputs.mask,
    }) as SequenceResult;
  });
}
