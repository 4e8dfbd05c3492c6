import { fileURLToPath } from 'node:url';
import { testRefusals } from '@cellstate/testing';
import { vi } from 'vitest';
import { CONTROL_BYTES } from '../src/cpu/simd/threads/take-blocks.ts';
import { together } from '../src/cpu/simd/threads/team.ts';
import { type UseBackendOptions, useBackend } from '../src/index.ts';

const anything = (value: unknown) => value as never;

async function withoutSimd(options: UseBackendOptions): Promise<unknown> {
  const validate = vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  try {
    return await useBackend('cpu', options);
  } finally {
    validate.mockRestore();
  }
}

function withFailingThread(): void {
  const run = (_: number, first: number) => {
    if (first > 0) throw new RangeError('memory access out of bounds');
  };
  const control = new Int32Array(new SharedArrayBuffer(CONTROL_BYTES));
  const choice = { threads: 2, leastWork: 0, aside: false };
  together({ ...choice, control, functions: { run }, names: ['run'], maySleep: true }).share({ run: 'run', at: 0, items: 2, work: 1 });
}

const skipped = Object.assign(
  () => {
    throw new Error('The addon can not be found.');
  },
  { resolve: () => 'found' },
);

testRefusals(
  [
    ['an engine that is misspelt', () => useBackend(anything('cpuu'))],
    ['an engine of another word', () => useBackend(anything('steam'))],
    ['SIMD without fused kernels', () => useBackend('cpu', { fused: false, simd: true })],
    ['SIMD where there is none', () => withoutSimd({ simd: true })],
    ['relaxed SIMD where there is none', () => withoutSimd({ relaxed: true })],
    ['relaxed SIMD for kernels in plain TypeScript', () => useBackend('cpu', { simd: false, relaxed: true })],
    ['relaxed SIMD without fused kernels', () => useBackend('cpu', { fused: false, relaxed: true })],
    ['relaxed SIMD for the node engine', () => useBackend('node', { relaxed: true })],
    ['the node engine without its package', () => useBackend('node')],
    ['the node engine elsewhere than in Node', () => withBuiltins({}, () => useBackend('node'))],
    [
      'the node engine whose install script was skipped',
      () => withBuiltins({ 'node:module': { createRequire: () => skipped }, 'node:util': {} }, () => useBackend('node')),
    ],
    ['a choice of the cpu engine for the node engine', () => useBackend('node', { simd: true })],
    ['a number of threads for the node engine', () => useBackend('node', { threads: 2 })],
    ['no thread at all', () => useBackend('cpu', { threads: 0 })],
    ['threads in words', () => useBackend('cpu', { threads: anything('two') })],
    ['threads for kernels in plain TypeScript', () => useBackend('cpu', { threads: 2, simd: false })],
    ['threads without fused kernels', () => useBackend('cpu', { threads: 2, fused: false })],
    ['a thread that fails', withFailingThread],
    ['an unknown option', () => useBackend('cpu', anything({ fuse: true }))],
  ],
  { sources: fileURLToPath(new URL('../src', import.meta.url)), texts: 'errors.txt' },
);

/** Runs something while Node has these modules alone. */
async function withBuiltins(modules: Record<string, unknown>, run: () => Promise<unknown>): Promise<unknown> {
  const real = process.getBuiltinModule;
  process.getBuiltinModule = ((name: string) => modules[name]) as typeof real;
  try {
    return await run();
  } finally {
    process.getBuiltinModule = real;
  }
}
