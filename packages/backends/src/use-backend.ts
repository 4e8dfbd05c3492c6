import { CellstateError, checkOptions, nearest } from '@cellstate/core';
import * as tf from '@tensorflow/tfjs-core';

/** The engines there are; `'auto'` takes the first. */
export const ENGINES = ['cpu', 'node'] as const;

/** An engine's name. */
export type EngineName = (typeof ENGINES)[number];

export interface UseBackendOptions {
  /** Register the fused kernels. Default true; false takes them away, so that every layer runs the reference. */
  readonly fused?: boolean;
  /** Of `'cpu'`: kernels in WebAssembly with SIMD (true) or in plain TypeScript (false). Default: SIMD where there is such. */
  readonly simd?: boolean;
}

/** The engine now in use. */
export interface Backend {
  readonly name: EngineName;
  /** Whether its fused kernels use SIMD instructions. */
  readonly simd: boolean;
  /** The fused kernels that layers find on it. */
  readonly kernels: readonly string[];
}

/**
 * Picks the engine that all models run on from here, and says what it is.
 *
 * `'cpu'` is TensorFlow.js' backend in plain JavaScript with Cellstate's fused LSTM, GRU and SimpleRNN beside it, in
 * WebAssembly with SIMD or, where there is no such, in plain TypeScript; it runs everywhere. `'node'` is libtensorflow, through
 * the package `@tensorflow/tfjs-node`, which must be installed beside this one: LSTMs run in its own fused operation unless they
 * have a mask or dropout inside.
 *
 * @param name `'auto'` (default) for the best there is, or an engine by name.
 * @param options `fused` (default true): whether layers find the fused kernels. `simd` (default: where there is such): true
 * or false to have the kernels of `'cpu'` in WebAssembly or in plain TypeScript.
 * @throws CellstateError `UNKNOWN_BACKEND` for any other name, listing those there are; `ENGINE_UNAVAILABLE` when `'node'` is
 * asked for and its package is not there; `SIMD_UNAVAILABLE` if `simd` is true where WebAssembly has none;
 * `CONTRADICTORY_OPTIONS` if `simd` is true without fused kernels, or given with `'node'`; `UNKNOWN_OPTION`.
 *
 * @example
 * ```ts
 * import { useBackend } from '@cellstate/backends';
 *
 * const backend = await useBackend('cpu');
 * backend.name; // → 'cpu'
 * backend.simd; // → true
 * backend.kernels.includes('LSTMSequence'); // → true
 * ```
 */
export async function useBackend(name: 'auto' | EngineName = 'auto', options: UseBackendOptions = {}): Promise<Backend> {
  checkOptions(options, ['fused', 'simd'], 'useBackend');
  const { fused = true } = options;
  if (!fused && options.simd === true)
    throw contradiction('Without fused kernels there are none with SIMD.', {
      expected: 'fused: true, or no simd',
      received: 'fused: false, simd: true',
    });
  const engine = name === 'auto' ? ENGINES[0] : ENGINES.find((known) => known === name);
  if (engine === undefined) throw unknownBackend(String(name));
  if (engine === 'node') return useNode(options);
  const cpu = await import('./cpu/index.ts');
  const { hasSimd, loadSimdEngine } = await import('./cpu/simd/simd-engine.ts');
  const simd = fused && (options.simd ?? hasSimd());
  if (simd && hasSimd()) await loadSimdEngine();
  if (fused) cpu.registerCpuKernels({ simd });
  else cpu.unregisterCpuKernels();
  await tf.setBackend(engine);
  return { name: engine, simd, kernels: fused ? cpu.CPU_KERNELS : [] };
}

function contradiction(what: string, details: { readonly expected: string; readonly received: string }): CellstateError {
  return new CellstateError('CONTRADICTORY_OPTIONS', what, { ...details, where: 'useBackend' });
}

async function useNode({ fused = true, simd }: UseBackendOptions): Promise<Backend> {
  if (simd !== undefined)
    throw contradiction('simd is a choice of the cpu engine.', { expected: "no simd with 'node'", received: `simd: ${simd}` });
  const [{ loadTfjsNode }, node] = await Promise.all([import('./node/load-tfjs-node.ts'), import('./node/index.ts')]);
  loadTfjsNode();
  if (fused) node.registerNodeKernels();
  else node.unregisterNodeKernels();
  await tf.setBackend(node.NODE_BACKEND);
  return { name: 'node', simd: true, kernels: fused ? node.NODE_KERNELS : [] };
}

function unknownBackend(name: string): CellstateError {
  const names = ['auto', ...ENGINES];
  const near = nearest(name, names);
  return new CellstateError('UNKNOWN_BACKEND', `There is no backend '${name}'.`, {
    expected: names.map((known) => `'${known}'`).join(', '),
    received: `'${name}'`,
    where: 'useBackend',
    ...(near === undefined ? {} : { hint: `Did you mean '${near}'?` }),
  });
}
