import { getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { stepKernels } from '../cpu/step/step-kernels.ts';
import { lstmKernels } from './lstm-kernels.ts';

/** The name that tfjs-node gives its backend. */
export const NODE_BACKEND = 'tensorflow';

// A single step is too small to be worth a way into libtensorflow: it runs on plain arrays, as in the `cpu` engine.
const kernels = [...lstmKernels, ...stepKernels(NODE_BACKEND)];

/** The kernels this engine adds to tfjs-node's `tensorflow` backend. */
export const NODE_KERNELS: readonly string[] = kernels.map(({ kernelName }) => kernelName);

/**
 * Adds Cellstate's fused LSTM to the `tensorflow` backend of tfjs-node, which the caller has imported. `useBackend('node')` does
 * all of it. Calling twice changes nothing.
 *
 * @example
 * ```ts
 * import { NODE_KERNELS, registerNodeKernels } from '@cellstate/backends/node';
 *
 * registerNodeKernels();
 * NODE_KERNELS.includes('LSTMSequence'); // → true
 * ```
 */
export function registerNodeKernels(): void {
  for (const config of kernels) {
    if (getKernel(config.kernelName, config.backendName) === undefined) registerKernel(config);
  }
}

/** Takes the fused kernels away again: every layer then runs the reference. */
export function unregisterNodeKernels(): void {
  for (const { kernelName, backendName } of kernels) {
    if (getKernel(kernelName, backendName) !== undefined) unregisterKernel(kernelName, backendName);
  }
}
