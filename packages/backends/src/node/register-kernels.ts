import { getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { lstmKernels } from './lstm-kernels.ts';

/** The kernels this engine adds to tfjs-node's `tensorflow` backend. */
export const NODE_KERNELS: readonly string[] = lstmKernels.map(({ kernelName }) => kernelName);

/** The name that tfjs-node gives its backend. */
export const NODE_BACKEND = 'tensorflow';

/**
 * Adds Cellstate's fused LSTM to the `tensorflow` backend of tfjs-node, which the caller has imported. `useBackend('node')` does
 * all of it. Calling twice changes nothing.
 *
 * @example
 * ```ts
 * import { NODE_KERNELS, registerNodeKernels } from '@cellstate/backends/node';
 *
 * registerNodeKernels();
 * NODE_KERNELS; // → ['LSTMSequence', 'LSTMSequenceGrad']
 * ```
 */
export function registerNodeKernels(): void {
  for (const config of lstmKernels) {
    if (getKernel(config.kernelName, config.backendName) === undefined) registerKernel(config);
  }
}

/** Takes the fused kernels away again: every layer then runs the reference. */
export function unregisterNodeKernels(): void {
  for (const { kernelName, backendName } of lstmKernels) {
    if (getKernel(kernelName, backendName) !== undefined) unregisterKernel(kernelName, backendName);
  }
}
