import { registerCpuKernels } from '../../src/cpu/index.ts';
import { useThreads } from '../../src/cpu/simd/use-threads.ts';

/** The kernels of the `cpu` engine in all the ways they run. All are held to the same cases. */
export interface CpuKernelSet {
  readonly set: string;
  /** How near to float64 results must be: sums in plain TypeScript are float64 between steps, those of SIMD float32. */
  readonly exactness: number;
  register(): Promise<void>;
}

const simd = { exactness: 1e-5, register: () => threads(1) };

export const CPU_KERNEL_SETS: readonly CpuKernelSet[] = [
  { set: 'in WebAssembly with SIMD', ...simd },
  { set: 'with SIMD on 2 threads', ...simd, register: () => threads(2) },
  { set: 'with SIMD on 3 threads, of which 2 work', ...simd, register: () => threads(3, { aside: true }) },
  {
    set: 'in plain TypeScript',
    exactness: 1e-6,
    register: async () => void registerCpuKernels({ simd: false }),
  },
];

/** Shares the smallest task, so that the cases reach every thread. */
async function threads(count: number, { aside = false }: { aside?: boolean } = {}): Promise<void> {
  registerCpuKernels({ simd: true });
  await useThreads({ threads: count, simd: true, leastWork: 0, aside });
}
