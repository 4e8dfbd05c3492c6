import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { GruOptions, SequenceInputs, SequenceResult } from '../contract.ts';
import { SEQUENCE_CELLS, SEQUENCE_KERNELS, type SequenceKernelAttributes, type SequenceOp } from '../kernel-contract.ts';
import { runSequenceKernel } from './sequence-gradients.ts';
import { tidyResult } from './tidy-result.ts';

/** Runs the op's kernel of the current backend. The caller has asked `fusedPath` whether there is one. */
export function sequenceFused(op: SequenceOp, inputs: SequenceInputs, options: GruOptions): SequenceResult {
  return tidyResult(() => {
    const { x, kernel, recurrentKernel, bias, state, mask, inputDropout, recurrentDropout } = inputs;
    const kernelInputs: Record<string, Tensor> = { x, kernel, recurrentKernel };
    if (bias !== undefined) kernelInputs.bias = bias;
    if (state !== undefined) for (const [i, name] of SEQUENCE_CELLS[op].states.entries()) kernelInputs[name] = state[i] as Tensor2D;
    if (mask !== undefined) kernelInputs.mask = mask.dtype === 'bool' ? mask : tf.cast(mask, 'bool');
    if (inputDropout !== undefined) kernelInputs.inputDropout = inputDropout;
    if (recurrentDropout !== undefined) kernelInputs.recurrentDropout = recurrentDropout;
    const attributes: SequenceKernelAttributes = {
      hasBias: bias !== undefined,
      hasState: state !== undefined,
      hasMask: mask !== undefined,
      hasInputDropout: inputDropout !== undefined,
      hasRecurrentDropout: recurrentDropout !== undefined,
      goBackwards: options.goBackwards ?? false,
      zeroOutputForMask: options.zeroOutputForMask ?? false,
      keepReserve: gradientWanted(),
      ...(op === 'gru' ? { resetAfter: options.resetAfter ?? true } : {}),
    };
    const [outputs, last, ...after] = runSequenceKernel(SEQUENCE_KERNELS[op], kernelInputs, attributes) as [
      Tensor3D,
      Tensor2D,
      ...Tensor2D[],
    ];
    return { outputs, last, state: after.slice(0, -1) };
  });
}

/** Whether the engine is recording for a gradient: `training` is not the same question. */
function gradientWanted(): boolean {
  const { gradientDepth, kernelDepth } = tf.engine().state;
  return gradientDepth > 0 && kernelDepth === 0;
}
