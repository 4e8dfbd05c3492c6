import * as tf from '@tensorflow/tfjs-core';
import type { GruOptions, SequenceInputs } from '../contract.ts';
import { SEQUENCE_KERNELS, type SequenceCall, type SequenceKernelConfig, type SequenceOp } from '../kernel-contract.ts';

/**
 * Says which way a sequence op goes on the current backend: the fused kernel, or the reference from stock ops.
 *
 * Fused kernels serve tanh and sigmoid; initial states, `goBackwards`, `zeroOutputForMask` and a GRU's `resetAfter` make no
 * difference, masks and dropout only on an engine whose kernel does not serve them. The backend must have both the op's kernel
 * and its gradient's.
 *
 * @param op which op.
 * @param options the options the op is called with, activations by object, default tanh and sigmoid; `mask` and `dropout`
 * (default false) say whether the call has such inputs.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { activation, fusedPath } from '@cellstate/ops';
 *
 * fusedPath('lstm', { activation: activation('relu') }); // → 'reference'
 * ```
 */
export function fusedPath(op: SequenceOp, options: GruOptions & SequenceCall = {}): 'fused' | 'reference' {
  const { activation, recurrentActivation } = options;
  const plain = (activation?.name ?? 'tanh') === 'tanh' && (op === 'simpleRnn' || (recurrentActivation?.name ?? 'sigmoid') === 'sigmoid');
  if (!plain) return 'reference';
  const kernel = SEQUENCE_KERNELS[op];
  const backend = tf.getBackend();
  const forward = tf.getKernel(kernel, backend) as SequenceKernelConfig | undefined;
  if (forward === undefined || tf.getKernel(`${kernel}Grad`, backend) === undefined) return 'reference';
  return forward.serves?.(options) === false ? 'reference' : 'fused';
}

/** Which way one call of a sequence op goes. */
export function pathOfCall(
  op: SequenceOp,
  { inputs, options }: { readonly inputs: SequenceInputs; readonly options: GruOptions },
): 'fused' | 'reference' {
  const { mask, inputDropout, recurrentDropout } = inputs;
  return fusedPath(op, { ...options, mask: mask !== undefined, dropout: inputDropout !== undefined || recurrentDropout !== undefined });
}
