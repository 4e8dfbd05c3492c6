import * as tf from '@tensorflow/tfjs-core';
import type { GruOptions } from '../contract.ts';

/** The sequence ops, by the names of their kernels' contracts without the word Sequence. */
export type SequenceOp = 'lstm' | 'gru' | 'simpleRnn';

/** The kernel that runs each op's forward pass, where an engine has it. */
export const SEQUENCE_KERNELS = { lstm: 'LSTMSequence', gru: 'GRUSequence', simpleRnn: 'SimpleRNNSequence' } as const;

/**
 * Says which way a sequence op goes on the current backend: the fused kernel, or the reference from stock ops.
 *
 * Fused kernels serve tanh and sigmoid (and a GRU's `resetAfter`); masks, initial states, `goBackwards`, dropout and
 * `zeroOutputForMask` make no difference. The backend must have both the op's kernel and its gradient's.
 *
 * @param op which op.
 * @param options the options the op is called with; activations by object, default tanh and sigmoid.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { activation, fusedPath } from '@cellstate/ops';
 *
 * fusedPath('lstm', { activation: activation('relu') }); // → 'reference'
 * ```
 */
export function fusedPath(op: SequenceOp, options: GruOptions = {}): 'fused' | 'reference' {
  const { activation, recurrentActivation, resetAfter = true } = options;
  const plain =
    (activation?.name ?? 'tanh') === 'tanh' &&
    (op === 'simpleRnn' || (recurrentActivation?.name ?? 'sigmoid') === 'sigmoid') &&
    (op !== 'gru' || resetAfter);
  if (!plain) return 'reference';
  const kernel = SEQUENCE_KERNELS[op];
  const backend = tf.getBackend();
  return tf.getKernel(kernel, backend) && tf.getKernel(`${kernel}Grad`, backend) ? 'fused' : 'reference';
}
