import type { GradConfig, NamedAttrMap, NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { LstmKernelAttributes } from '../kernel-contract.ts';
import { SEQUENCE_KERNELS } from './fused-path.ts';

/** The gradient of `LSTMSequence`, by the kernel `LSTMSequenceGrad`. */
export const lstmSequenceGradient: GradConfig = {
  kernelName: SEQUENCE_KERNELS.lstm,
  inputsToSave: ['x', 'kernel', 'recurrentKernel'],
  outputsToSave: [false, false, false, false, true],
  gradFunc: (dys, saved, attributes) => {
    const [dOutputs, dLast, dHidden, dCell] = dys as Tensor[] as [Tensor, Tensor, Tensor, Tensor];
    const [x, kernel, recurrentKernel, reserve] = saved as [Tensor, Tensor, Tensor, Tensor];
    const inputs = { x, kernel, recurrentKernel, reserve, dOutputs, dLast, dHidden, dCell };
    const gradients = runLstmKernel(`${SEQUENCE_KERNELS.lstm}Grad`, inputs, attributes as unknown as LstmKernelAttributes);
    const [dX, dKernel, dRecurrentKernel, dBias, dInitialHidden, dInitialCell] = gradients as [
      Tensor,
      Tensor,
      Tensor,
      Tensor,
      Tensor,
      Tensor,
    ];
    return {
      x: () => dX,
      kernel: () => dKernel,
      recurrentKernel: () => dRecurrentKernel,
      bias: () => dBias,
      hidden: () => dInitialHidden,
      cell: () => dInitialCell,
      // A mask computed from the output of a layer lies on the path of the gradient, which ends there.
      mask: () => tf.zeros(dOutputs.shape.slice(0, 2)),
    };
  },
};

/** Runs one of the backend's two LSTM kernels; both have several outputs. */
export function runLstmKernel(name: string, inputs: Record<string, Tensor>, attributes: LstmKernelAttributes): Tensor[] {
  return tf.engine().runKernel(name, inputs as NamedTensorMap, attributes as unknown as NamedAttrMap) as unknown as Tensor[];
}
