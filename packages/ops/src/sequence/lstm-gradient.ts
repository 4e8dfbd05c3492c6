import type { GradConfig, NamedAttrMap, NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { LSTM_GRADIENTS, type LstmKernelAttributes, type LstmKernelInputs } from '../kernel-contract.ts';
import { SEQUENCE_KERNELS } from './fused-path.ts';

const INPUTS: readonly (keyof LstmKernelInputs)[] = [
  'x',
  'kernel',
  'recurrentKernel',
  'bias',
  'hidden',
  'cell',
  'mask',
  'inputDropout',
  'recurrentDropout',
];

/** The gradient of `LSTMSequence`, by the kernel `LSTMSequenceGrad`. */
export const lstmSequenceGradient: GradConfig = {
  kernelName: SEQUENCE_KERNELS.lstm,
  inputsToSave: [...INPUTS],
  outputsToSave: [true, false, false, false, true],
  gradFunc: (dys, saved, attributes) => {
    const [dOutputs, dLast, dHidden, dCell] = dys as Tensor[];
    const kept = Object.fromEntries([...INPUTS, 'outputs', 'reserve'].map((name, i) => [name, saved[i] as Tensor]));
    const inputs = { ...kept, dOutputs, dLast, dHidden, dCell } as Record<string, Tensor>;
    const gradients = runLstmKernel(`${SEQUENCE_KERNELS.lstm}Grad`, inputs, attributes as unknown as LstmKernelAttributes);
    const named = LSTM_GRADIENTS.map((name, i) => [name, () => gradients[i] as Tensor] as const);
    return { ...Object.fromEntries(named), mask: () => tf.zeros((inputs.mask as Tensor).shape) };
  },
};

/** Runs one of the backend's two LSTM kernels; both have several outputs. */
export function runLstmKernel(name: string, inputs: Record<string, Tensor>, attributes: LstmKernelAttributes): Tensor[] {
  return tf.engine().runKernel(name, inputs as NamedTensorMap, attributes as unknown as NamedAttrMap) as unknown as Tensor[];
}
