import '@tensorflow/tfjs-backend-cpu';
import { CellstateError, checkOptions } from '@cellstate/core';
import { getKernel, type KernelConfig, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { sequenceKernels } from './sequence-kernels.ts';
import { matrixProductKernels } from './simd/matrix-product-kernels.ts';
import { sequenceSimdKernels } from './simd/sequence-simd-kernels.ts';
import { endThreads, hasSimd } from './simd/simd-engine.ts';
import { crossentropyKernels, softmaxKernels } from './simd/softmax-kernels.ts';
import { stepKernels } from './step/step-kernels.ts';

const steps = stepKernels('cpu');

/** The kernels this engine adds to TensorFlow.js' `cpu` backend, with SIMD and without. */
export const CPU_KERNELS: readonly string[] = [...sequenceKernels, ...steps].map(({ kernelName }) => kernelName);

export interface CpuKernelOptions {
  /** Kernels in WebAssembly with SIMD (true) or in plain TypeScript (false). Default: SIMD where there is such. */
  readonly simd?: boolean;
}

/** Kernels now registered, and those of TensorFlow.js in whose place some of them are. */
let registered: { readonly simd: boolean; readonly added: readonly KernelConfig[]; readonly replaced: readonly KernelConfig[] } | undefined;

/**
 * Adds Cellstate's fused kernels to TensorFlow.js' `cpu` backend: in WebAssembly with SIMD where there is such, with matrix
 * products and the softmax in place of those TensorFlow.js has; else in plain TypeScript. Importing `@cellstate/backends/cpu/register` or
 * calling `useBackend` does it too. Calling twice changes nothing.
 *
 * @param options `simd`: true or false for the one or the other; default what runs here.
 * @returns whether the kernels use SIMD.
 * @throws CellstateError `SIMD_UNAVAILABLE` if `simd` is true where WebAssembly has none; `UNKNOWN_OPTION`.
 *
 * @example
 * ```ts
 * import { registerCpuKernels } from '@cellstate/backends/cpu';
 *
 * registerCpuKernels({ simd: false }); // → false
 * registerCpuKernels(); // → true
 * ```
 */
export function registerCpuKernels(options: CpuKernelOptions = {}): boolean {
  checkOptions(options, ['simd'], 'registerCpuKernels');
  const simd = options.simd ?? hasSimd();
  if (simd && !hasSimd()) throw withoutSimd();
  if (registered?.simd === simd) return simd;
  unregisterCpuKernels();
  const placed = simd ? [...matrixProductKernels(), ...softmaxKernels()] : [];
  const replaced = placed.map(({ kernelName, backendName }) => getKernel(kernelName, backendName));
  const added = [...placed, ...(simd ? [...sequenceSimdKernels, ...crossentropyKernels] : sequenceKernels), ...steps];
  for (const { kernelName, backendName } of replaced) unregisterKernel(kernelName, backendName);
  for (const config of added) registerKernel(config);
  registered = { simd, added, replaced };
  return simd;
}

/** Takes the fused kernels away again: every layer then runs the reference, on the kernels of TensorFlow.js. */
export function unregisterCpuKernels(): void {
  if (registered === undefined) return;
  const { added, replaced } = registered;
  for (const { kernelName, backendName } of added) {
    if (getKernel(kernelName, backendName) !== undefined) unregisterKernel(kernelName, backendName);
  }
  for (const config of replaced) registerKernel(config);
  endThreads();
  registered = undefined;
}

function withoutSimd(): CellstateError {
  return new CellstateError('SIMD_UNAVAILABLE', 'WebAssembly has no SIMD instructions here.', {
    expected: 'a runtime with WebAssembly SIMD',
    received: 'one without',
    where: 'option simd',
    hint: 'Leave the option out: the kernels in plain TypeScript run everywhere.',
  });
}
