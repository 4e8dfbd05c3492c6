import { registerCpuKernels } from '../../src/cpu/index.ts';

/** The two sets of kernels of the `cpu` engine. Both are held to the same cases. */
export interface CpuKernelSet {
  readonly set: string;
  /** How near to float64 results must be: sums in plain TypeScript are float64 between steps, those of SIMD float32. */
  readonly exactness: number;
  register(): void;
}

export const CPU_KERNEL_SETS: readonly CpuKernelSet[] = [
  { set: 'in WebAssembly with SIMD', exactness: 1e-5, register: () => void registerCpuKernels({ simd: true }) },
  { set: 'in plain TypeScript', exactness: 1e-6, register: () => void registerCpuKernels({ simd: false }) },
];
