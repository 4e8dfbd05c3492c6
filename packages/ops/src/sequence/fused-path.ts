import * as tf from '@tensorflow/tfjs-core';
import type { GruOptions } from '../contract.ts';
import { SEQUENCE_KERNELS, type SequenceOp } from '../kernel-contract.ts';

/**
 * Says which way a sequence op goes on the current backend: the fused kernel, or the reference from stock ops.
 *
 * Fused kernels serve tanh and sigmoid; masks, initial states, `goBackwards`, dropout, `zeroOutputForMask` and a GRU's
 * `resetAfter` make no difference. The backend must have both the op's kernel and its gradient's.
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
  const { activation, recurrentActivation } = options;
  const plain = (activation?.name ?? 'tanh') === 'tanh' && (op === 'simpleRnn' || (recurrentActivation?.name ?? 'sigmoid') === 'sigmoid');
  if (!plain) return 'reference';
  const kernel = SEQUENCE_KERNELS[op];
  const backend = tf.getBackend();
  return tf.getKernel(kernel, backend) && tf.getKernel(`${kernel}Grad`, backend) ? 'fused' : 'reference';
}
