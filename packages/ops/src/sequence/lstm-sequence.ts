import { checkOptions } from '@cellstate/core';
import type { SequenceInputs, SequenceOptions, SequenceResult } from '../contract.ts';
import { checkSequenceInputs } from './check-inputs.ts';
import { pathOfCall } from './fused-path.ts';
import { lstmReference } from './lstm-reference.ts';
import { sequenceFused } from './sequence-fused.ts';

/**
 * Runs an LSTM over a whole sequence: one fused kernel where the backend has it, else the reference.
 *
 * @param inputs `x` `[batch, time, features]`, `kernel` `[features, 4 · units]`, `recurrentKernel`
 * `[units, 4 · units]`, and if wanted `bias` `[4 · units]`, `state` hidden and cell `[batch, units]`, `mask`
 * `[batch, time]`, `inputDropout` `[4, batch, features]`, `recurrentDropout` `[4, batch, units]`; gates in the order of
 * `LSTM_GATES`. They stay the caller's.
 * @param options `activation` (default tanh), `recurrentActivation` (default sigmoid), `goBackwards` (default false),
 * `zeroOutputForMask` (default false).
 * @returns outputs `[batch, time, units]`, the last output `[batch, units]`, and hidden and cell after the last step.
 * @throws CellstateError `SHAPE_MISMATCH` or `DTYPE_MISMATCH` naming the input; `UNKNOWN_OPTION`.
 *
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs-core';
 * import '@tensorflow/tfjs-backend-cpu';
 * import { lstmSequence } from '@cellstate/ops';
 *
 * const inputs = { x: tf.ones([2, 5, 3]), kernel: tf.ones([3, 16]), recurrentKernel: tf.ones([4, 16]) };
 * const { outputs, state } = lstmSequence(inputs);
 * outputs.shape; // → [2, 5, 4]
 * state.length; // → 2
 * ```
 */
export function lstmSequence(inputs: SequenceInputs, options: SequenceOptions = {}): SequenceResult {
  checkOptions(options, ['activation', 'recurrentActivation', 'goBackwards', 'zeroOutputForMask'], 'lstmSequence');
  checkSequenceInputs(inputs, { op: 'lstm' });
  return pathOfCall('lstm', { inputs, options }) === 'fused' ? sequenceFused('lstm', inputs, options) : lstmReference(inputs, options);
}
