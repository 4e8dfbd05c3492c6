import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { SequenceInputs, SequenceOptions, SequenceResult } from '../contract.ts';
import type { LstmKernelAttributes } from '../kernel-contract.ts';
import { SEQUENCE_KERNELS } from './fused-path.ts';
import { runLstmKernel } from './lstm-gradient.ts';
import { tidyResult } from './tidy-result.ts';

/** Runs the backend's `LSTMSequence` kernel. The caller has asked `fusedPath` whether there is one. */
export function lstmFused(inputs: SequenceInputs, options: SequenceOptions): SequenceResult {
  return tidyResult(() => {
    const { x, kernel, recurrentKernel, bias, state, mask, inputDropout, recurrentDropout } = inputs;
    const kernelInputs: Record<string, Tensor> = { x, kernel, recurrentKernel };
    if (bias !== undefined) kernelInputs.bias = bias;
    if (state !== undefined) [kernelInputs.hidden, kernelInputs.cell] = state as [Tensor2D, Tensor2D];
    if (mask !== undefined) kernelInputs.mask = mask.dtype === 'bool' ? mask : tf.cast(mask, 'bool');
    if (inputDropout !== undefined) kernelInputs.inputDropout = inputDropout;
    if (recurrentDropout !== undefined) kernelInputs.recurrentDropout = recurrentDropout;
    const attributes: LstmKernelAttributes = {
      hasBias: bias !== undefined,
      hasState: state !== undefined,
      hasMask: mask !== undefined,
      hasInputDropout: inputDropout !== undefined,
      hasRecurrentDropout: recurrentDropout !== undefined,
      goBackwards: options.goBackwards ?? false,
      zeroOutputForMask: options.zeroOutputForMask ?? false,
      keepReserve: gradientWanted(),
    };
    const [outputs, last, hidden, cell] = runLstmKernel(SEQUENCE_KERNELS.lstm, kernelInputs, attributes) as [
      Tensor3D,
      Tensor2D,
      Tensor2D,
      Tensor2D,
    ];
    return { outputs, last, state: [hidden, cell] };
  });
}

/** Whether the engine is recording for a gradient: `training` is not the same question. */
function gradientWanted(): boolean {
  const { gradientDepth, kernelDepth } = tf.engine().state;
  return gradientDepth > 0 && kernelDepth === 0;
}
