import { setFlagsFromString } from 'node:v8';
import { registerCpuKernels } from '../../src/cpu/index.ts';
import { hasRelaxedSimd } from '../../src/cpu/simd/simd-engine.ts';
import { useSimdEngine } from '../../src/cpu/simd/use-simd-engine.ts';

/** The kernels of the `cpu` engine in all the ways they run. All are held to the same cases. */
export interface CpuKernelSet {
  readonly set: string;
  /** How near to float64 results must be: sums in plain TypeScript are float64 between steps, those of SIMD float32. */
  readonly exactness: number;
  register(): Promise<void>;
}

// Node 20 has relaxed SIMD behind a flag.
if (!hasRelaxedSimd()) setFlagsFromString('--experimental-wasm-relaxed-simd');

const simd = { exactness: 1e-5, register: () => threads(1) };

export const CPU_KERNEL_SETS: readonly CpuKernelSet[] = [
  { set: 'in WebAssembly with SIMD', ...simd },
  { set: 'with relaxed SIMD', ...simd, register: () => threads(1, { relaxed: true }) },
  { set: 'with SIMD on 2 threads', ...simd, register: () => threads(2) },
  { set: 'with SIMD on 3 threads, of which 2 work', ...simd, register: () => threads(3, { aside: true }) },
  {
    set: 'in plain TypeScript',
    exactness: 1e-6,
    register: async () => void registerCpuKernels({ simd: false }),
  },
];

/** Shares the smallest task, so that the cases reach every thread. */
async function threads(count: number, { aside = false, relaxed = false }: { aside?: boolean; relaxed?: boolean } = {}): Promise<void> {
  registerCpuKernels({ simd: true });
  await useSimdEngine({ threads: count, simd: true, relaxed, leastWork: 0, aside });
}
