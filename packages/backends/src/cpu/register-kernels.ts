import '@tensorflow/tfjs-backend-cpu';
import { getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { sequenceKernels } from './sequence-kernels.ts';
import { stepKernels } from './step/step-kernels.ts';

const kernels = [...sequenceKernels, ...stepKernels('cpu')];

/** The kernels this engine adds to TensorFlow.js' `cpu` backend. */
export const CPU_KERNELS: readonly string[] = kernels.map(({ kernelName }) => kernelName);

/**
 * Adds Cellstate's fused kernels to TensorFlow.js' `cpu` backend. Importing `@cellstate/backends/cpu/register` or calling
 * `useBackend` does it too. Calling twice changes nothing.
 *
 * @example
 * ```ts
 * import { registerCpuKernels } from '@cellstate/backends/cpu';
 *
 * registerCpuKernels();
 * ```
 */
export function registerCpuKernels(): void {
  for (const config of kernels) {
    if (getKernel(config.kernelName, config.backendName) === undefined) registerKernel(config);
  }
}

/** Takes the fused kernels away again: every layer then runs the reference. */
export function unregisterCpuKernels(): void {
  for (const { kernelName, backendName } of kernels) {
    if (getKernel(kernelName, backendName) !== undefined) unregisterKernel(kernelName, backendName);
  }
}
