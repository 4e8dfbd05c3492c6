import { checkOptions } from '@cellstate/core';
import type { SequenceInputs, SequenceOptions, SequenceResult } from '../contract.ts';
import { checkSequenceInputs } from './check-inputs.ts';
import { pathOfCall } from './fused-path.ts';
import { sequenceFused } from './sequence-fused.ts';
import { simpleRnnReference } from './simple-rnn-reference.ts';

/**
 * Runs a simple recurrent layer over a whole sequence.
 *
 * @param inputs as for `lstmSequence` with one gate, one state and a bias of `[units]`.
 * @param options `activation` (default tanh), `goBackwards` (default false), `zeroOutputForMask` (default false).
 * @returns outputs `[batch, time, units]`, the last output `[batch, units]`, and the hidden state after the last step.
 * @throws CellstateError `SHAPE_MISMATCH` or `DTYPE_MISMATCH` naming the input; `UNKNOWN_OPTION`, `recurrentActivation` among them.
 *
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs-core';
 * import '@tensorflow/tfjs-backend-cpu';
 * import { simpleRnnSequence } from '@cellstate/ops';
 *
 * const inputs = { x: tf.ones([2, 5, 3]), kernel: tf.ones([3, 4]), recurrentKernel: tf.ones([4, 4]) };
 * simpleRnnSequence(inputs).last.shape; // → [2, 4]
 * ```
 */
export function simpleRnnSequence(inputs: SequenceInputs, options: Omit<SequenceOptions, 'recurrentActivation'> = {}): SequenceResult {
  checkOptions(options, ['activation', 'goBackwards', 'zeroOutputForMask'], 'simpleRnnSequence');
  checkSequenceInputs(inputs, { op: 'simpleRnn' });
  return pathOfCall('simpleRnn', { inputs, options }) === 'fused'
    ? sequenceFused('simpleRnn', inputs, options)
    : simpleRnnReference(inputs, options);
}
