import { checkOptions } from '@cellstate/core';
import type { GruOptions, SequenceInputs, SequenceResult } from '../contract.ts';
import { checkSequenceInputs } from './check-inputs.ts';
import { pathOfCall } from './fused-path.ts';
import { gruReference } from './gru-reference.ts';
import { sequenceFused } from './sequence-fused.ts';

/**
 * Runs a GRU over a whole sequence.
 *
 * @param inputs as for `lstmSequence` with three gates in the order of `GRU_GATES`, one state, and a bias of
 * `[2, 3 · units]` (input bias, recurrent bias) under `resetAfter`, else `[3 · units]`.
 * @param options those of `lstmSequence`, and `resetAfter` (default true, which is Keras 3): apply the reset gate after
 * the recurrent product.
 * @returns outputs `[batch, time, units]`, the last output `[batch, units]`, and the hidden state after the last step.
 * @throws CellstateError `SHAPE_MISMATCH` or `DTYPE_MISMATCH` naming the input; `UNKNOWN_OPTION`.
 *
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs-core';
 * import '@tensorflow/tfjs-backend-cpu';
 * import { gruSequence } from '@cellstate/ops';
 *
 * const inputs = { x: tf.ones([2, 5, 3]), kernel: tf.ones([3, 12]), recurrentKernel: tf.ones([4, 12]) };
 * gruSequence(inputs).last.shape; // → [2, 4]
 * ```
 */
export function gruSequence(inputs: SequenceInputs, options: GruOptions = {}): SequenceResult {
  checkOptions(options, ['activation', 'recurrentActivation', 'goBackwards', 'zeroOutputForMask', 'resetAfter'], 'gruSequence');
  checkSequenceInputs(inputs, { op: 'gru', twoBiases: options.resetAfter !== false });
  return pathOfCall('gru', { inputs, options }) === 'fused' ? sequenceFused('gru', inputs, options) : gruReference(inputs, options);
}
