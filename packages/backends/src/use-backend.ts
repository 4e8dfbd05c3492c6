import { CellstateError, checkOptions, nearest } from '@cellstate/core';
import * as tf from '@tensorflow/tfjs-core';

/** The engines there are; `'auto'` takes the first. */
export const ENGINES = ['cpu', 'node'] as const;

/** An engine's name. */
export type EngineName = (typeof ENGINES)[number];

/** More would be a slip: the threads of a large machine, each with memory of its own. */
const MOST_THREADS = 256;

export interface UseBackendOptions {
  /** Register the fused kernels. Default true; false takes them away, so that every layer runs the reference. */
  readonly fused?: boolean;
  /** Of `'cpu'`: kernels in WebAssembly with SIMD (true) or in plain TypeScript (false). Default: SIMD where there is such. */
  readonly simd?: boolean;
  /** Of `'cpu'`: relaxed SIMD, which is faster and rounds as the processor does. Default: where there is such. */
  readonly relaxed?: boolean;
  /** Of `'cpu'`: threads that share the fused kernels and matrix products, where they are large enough to gain. Default 1. */
  readonly threads?: number;
}

/** The engine now in use. */
export interface Backend {
  readonly name: EngineName;
  /** Whether its fused kernels use SIMD instructions. */
  readonly simd: boolean;
  /** Whether they use relaxed SIMD, whose last bits depend on the processor and the runtime. */
  readonly relaxed: boolean;
  /** Threads that share large fused kernels; of `'node'` null, as libtensorflow takes as many as it likes. */
  readonly threads: number | null;
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
 * Threads give the same bits as one thread does: they divide the rows of a batch and the columns of a gradient among them, and
 * every sum is taken whole, in one order. They end with the engine, and keep no process alive. In browsers they need a page that is
 * cross-origin isolated; its main thread, which may not sleep, looks again and again until the others are done.
 *
 * @param name `'auto'` (default) for the best there is, or an engine by name.
 * @param options `fused` (default true): whether layers find the fused kernels. `simd` (default: where there is such): true
 * or false to have the kernels of `'cpu'` in WebAssembly or in plain TypeScript. `relaxed` (default: where there is such): true or
 * false for relaxed SIMD, which multiplies and adds in one instruction, and rounds once where the processor can. `threads` (default 1): how many share large
 * kernels, this one included; at most the batch's rows divided by eight take part in a pass. Where threads can not share memory, or
 * WebAssembly has no SIMD, one warning says so, and one thread works.
 * @throws CellstateError `UNKNOWN_BACKEND` for any other name, listing those there are; `ENGINE_UNAVAILABLE` when `'node'` is
 * asked for and its package is not there; `SIMD_UNAVAILABLE` if `simd` or `relaxed` is true where WebAssembly has none;
 * `CONTRADICTORY_OPTIONS` if `simd` is true without fused kernels, if there are to be several threads or `relaxed` is true without
 * fused kernels or with `simd: false`, or if one of these is given with `'node'`; `INVALID_THREADS` unless `threads` is a whole number from 1 to 256;
 * `UNKNOWN_OPTION`.
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
  checkOptions(options, ['fused', 'simd', 'relaxed', 'threads'], 'useBackend');
  const engine = name === 'auto' ? ENGINES[0] : ENGINES.find((known) => known === name);
  if (engine === undefined) throw unknownBackend(String(name));
  return engine === 'node' ? useNode(options) : useCpu(options);
}

async function useCpu(options: UseBackendOptions): Promise<Backend> {
  const { fused = true, simd: asked, threads = 1 } = options;
  checkThreads(threads);
  if (!fused && asked === true)
    throw contradiction('Without fused kernels there are none with SIMD.', {
      expected: 'fused: true, or no simd',
      received: 'fused: false, simd: true',
    });
  if (threads > 1 && (!fused || asked === false))
    throw contradiction('Threads share the kernels in WebAssembly alone.', {
      expected: 'threads: 1, or kernels with SIMD',
      received: `threads: ${threads}, ${fused ? 'simd' : 'fused'}: false`,
    });
  if (options.relaxed === true && (!fused || asked === false))
    throw contradiction('Relaxed SIMD is one of the kernels in WebAssembly.', {
      expected: 'no relaxed, or kernels with SIMD',
      received: `relaxed: true, ${fused ? 'simd' : 'fused'}: false`,
    });
  const cpu = await import('./cpu/index.ts');
  const { hasRelaxedSimd, hasSimd } = await import('./cpu/simd/simd-engine.ts');
  const { useSimdEngine } = await import('./cpu/simd/use-simd-engine.ts');
  const simd = fused && (asked ?? hasSimd());
  const relaxed = simd && (options.relaxed ?? hasRelaxedSimd());
  if (options.relaxed === true && !hasRelaxedSimd()) throw withoutRelaxedSimd();
  if (fused) cpu.registerCpuKernels({ simd });
  else cpu.unregisterCpuKernels();
  const working = await useSimdEngine({ threads, simd, relaxed });
  await tf.setBackend(ENGINES[0]);
  return { name: ENGINES[0], simd, relaxed, threads: working, kernels: fused ? cpu.CPU_KERNELS : [] };
}

function contradiction(what: string, details: { readonly expected: string; readonly received: string }): CellstateError {
  return new CellstateError('CONTRADICTORY_OPTIONS', what, { ...details, where: 'useBackend' });
}

async function useNode({ fused = true, ...ofCpu }: UseBackendOptions): Promise<Backend> {
  for (const option of ['simd', 'relaxed', 'threads'] as const) {
    if (ofCpu[option] !== undefined)
      throw contradiction(`${option} is a choice of the cpu engine.`, {
        expected: `no ${option} with 'node'`,
        received: `${option}: ${ofCpu[option]}`,
      });
  }
  const [{ loadTfjsNode }, node] = await Promise.all([import('./node/load-tfjs-node.ts'), import('./node/index.ts')]);
  const { endThreads } = await import('./cpu/simd/simd-engine.ts');
  loadTfjsNode();
  endThreads();
  if (fused) node.registerNodeKernels();
  else node.unregisterNodeKernels();
  await tf.setBackend(node.NODE_BACKEND);
  return { name: 'node', simd: true, relaxed: false, threads: null, kernels: fused ? node.NODE_KERNELS : [] };
}

function withoutRelaxedSimd(): CellstateError {
  return new CellstateError('SIMD_UNAVAILABLE', 'WebAssembly has no relaxed SIMD here.', {
    expected: 'a runtime with WebAssembly relaxed SIMD, such as Node 22',
    received: 'one without',
    where: 'useBackend, option relaxed',
    hint: 'Leave the option out: it is taken where it runs.',
  });
}

function checkThreads(threads: number): void {
  if (Number.isInteger(threads) && threads >= 1 && threads <= MOST_THREADS) return;
  throw new CellstateError('INVALID_THREADS', 'There can not be so many threads.', {
    expected: `a whole number from 1 to ${MOST_THREADS}`,
    received: typeof threads === 'number' ? String(threads) : JSON.stringify(threads),
    where: 'useBackend, option threads',
  });
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
