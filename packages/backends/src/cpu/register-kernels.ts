import '@tensorflow/tfjs-backend-cpu';
import { getKernel, type KernelConfig, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { sequenceKernels } from './sequence-kernels.ts';
import { sequenceSimdKernels } from './simd/sequence-simd-kernels.ts';
import { hasSimd } from './simd/simd-engine.ts';

/** The kernels this engine adds to TensorFlow.js' `cpu` backend. */
export const CPU_KERNELS: readonly string[] = sequenceKernels.map(({ kernelName }) => kernelName);

export interface CpuKernelOptions {
  /** SIMD kernels in WebAssembly (true) or plain TypeScript (false). Default: SIMD where WebAssembly has it. */
  readonly simd?: boolean;
}

let registered: readonly KernelConfig[] = [];

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
export function registerCpuKernels({ simd = hasSimd() }: CpuKernelOptions = {}): void {
  const wanted = simd ? sequenceSimdKernels : sequenceKernels;
  if (registered === wanted) return;
  unregisterCpuKernels();
  for (const config of wanted) registerKernel(config);
  registered = wanted;
}

/** Takes the fused kernels away again: every layer then runs the reference. */
export function unregisterCpuKernels(): void {
  for (const { kernelName, backendName } of registered) {
    if (getKernel(kernelName, backendName) !== undefined) unregisterKernel(kernelName, backendName);
  }
  registered = [];
}
