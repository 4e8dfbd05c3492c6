import { CellstateError, checkOptions, nearest } from '@cellstate/core';
import * as tf from '@tensorflow/tfjs-core';

/** The engines there are; `'auto'` takes the first. */
export const ENGINES = ['cpu', 'node'] as const;

/** An engine's name. */
export type EngineName = (typeof ENGINES)[number];

export interface UseBackendOptions {
  /** Register the fused kernels. Default true; false takes them away, so that every layer runs the reference. */
  readonly fused?: boolean;
}

/** The engine now in use. */
export interface Backend {
  readonly name: EngineName;
  /** Whether its kernels use SIMD instructions. */
  readonly simd: boolean;
  /** The fused kernels that layers find on it. */
  readonly kernels: readonly string[];
}

/**
 * Picks the engine that all models run on from here, and says what it is.
 *
 * `'node'` is libtensorflow, through the package `@tensorflow/tfjs-node`, which must be installed beside this one: LSTMs run in
 * its own fused operation unless they have a mask or dropout inside. `'cpu'` is TensorFlow.js' backend in plain JavaScript with Cellstate's fused LSTM, GRU and SimpleRNN beside it; it runs
 * everywhere.
 *
 * @param name `'auto'` (default) for the best there is, or an engine by name.
 * @param options `fused` (default true): whether layers find the fused kernels.
 * @throws CellstateError `ENGINE_UNAVAILABLE` when `'node'` is asked for and its package is not there; `UNKNOWN_BACKEND` for any other name, listing those there are; `UNKNOWN_OPTION`.
 *
 * @example
 * ```ts
 * import { useBackend } from '@cellstate/backends';
 *
 * const backend = await useBackend('cpu');
 * backend.name; // → 'cpu'
 * backend.kernels.includes('LSTMSequence'); // → true
 * ```
 */
export async function useBackend(name: 'auto' | EngineName = 'auto', options: UseBackendOptions = {}): Promise<Backend> {
  checkOptions(options, ['fused'], 'useBackend');
  const engine = name === 'auto' ? ENGINES[0] : ENGINES.find((known) => known === name);
  if (engine === undefined) throw unknownBackend(String(name));
  if (engine === 'node') return useNode(options);
  const cpu = await import('./cpu/index.ts');
  if (options.fused ?? true) cpu.registerCpuKernels();
  else cpu.unregisterCpuKernels();
  await tf.setBackend(engine);
  return { name: engine, simd: false, kernels: options.fused === false ? [] : cpu.CPU_KERNELS };
}

async function useNode({ fused = true }: UseBackendOptions): Promise<Backend> {
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
