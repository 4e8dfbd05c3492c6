import type { GradConfig, NamedAttrMap, NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import {
  SEQUENCE_GRADIENTS,
  SEQUENCE_KERNEL_OUTPUTS,
  SEQUENCE_KERNELS,
  type SequenceKernelAttributes,
  type SequenceOp,
} from '../kernel-contract.ts';

/** The gradient of each fused kernel, by the kernel of the same name with `Grad`. */
export const sequenceGradients: readonly GradConfig[] = [sequenceGradient('lstm'), sequenceGradient('gru'), sequenceGradient('simpleRnn')];

function sequenceGradient(op: SequenceOp): GradConfig {
  const kernelName = SEQUENCE_KERNELS[op];
  const outputs: readonly string[] = SEQUENCE_KERNEL_OUTPUTS[op];
  return {
    kernelName,
    inputsToSave: ['x', 'kernel', 'recurrentKernel'],
    outputsToSave: outputs.map((name) => name === 'reserve'),
    gradFunc: (dys, saved, attributes) => {
      const [x, kernel, recurrentKernel, reserve] = saved as [Tensor, Tensor, Tensor, Tensor];
      const above = Object.fromEntries(outputs.slice(0, -1).map((name, i) => [gradientOf(name), (dys as Tensor[])[i] as Tensor]));
      const inputs = { x, kernel, recurrentKernel, reserve, ...above };
      const gradients = runSequenceKernel(`${kernelName}Grad`, inputs, attributes as unknown as SequenceKernelAttributes);
      return {
        ...Object.fromEntries(SEQUENCE_GRADIENTS[op].map((name, i) => [name, () => gradients[i] as Tensor])),
        // A mask computed from the output of a layer lies on the path of the gradient, which ends there.
        mask: () => tf.zeros(x.shape.slice(0, 2)),
      };
    },
  };
}

/** `dOutputs` for `outputs`. */
function gradientOf(name: string): string {
  return `d${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** Runs one of the backend's sequence kernels; each has several outputs. */
export function runSequenceKernel(name: string, inputs: Record<string, Tensor>, attributes: SequenceKernelAttributes): Tensor[] {
  return tf.engine().runKernel(name, inputs as NamedTensorMap, attributes as unknown as NamedAttrMap) as unknown as Tensor[];
}
