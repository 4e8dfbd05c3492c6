import { Worker } from 'node:worker_threads';
import { lstmSequence } from '@cellstate/ops';
import { caseInputs } from '@cellstate/ops/conformance';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { registerCpuKernels, unregisterCpuKernels } from '../../../../src/cpu/index.ts';
import { useBackend } from '../../../../src/index.ts';

/** The threads that the engine started, in Node's workers that note what becomes of them. */
let workers: { unreferenced: boolean; readonly ended: Promise<number> }[] = [];

function notedWorker(source: string, options: { eval: boolean }): Worker {
  const worker = new Worker(source, options);
  const note = { unreferenced: false, ended: new Promise<number>((resolve) => worker.once('exit', resolve)) };
  const unref = worker.unref.bind(worker);
  worker.unref = () => {
    note.unreferenced = true;
    unref();
  };
  workers.push(note);
  return worker;
}

/** A constructor that gives what `make` does. */
function constructorOf(make: (source: string, options: { eval: boolean }) => Worker): unknown {
  return function construct(source: string, options: { eval: boolean }) {
    return make(source, options);
  };
}

const real = process.getBuiltinModule;

function offerWorkers(offered: unknown): void {
  vi.spyOn(process, 'getBuiltinModule').mockImplementation(((name: string) =>
    name === 'node:worker_threads' ? offered : real(name)) as typeof real);
}

beforeEach(() => {
  workers = [];
  offerWorkers({ Worker: constructorOf(notedWorker) });
});
afterEach(async () => {
  await useBackend('cpu', { fused: false });
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** A pass that is large enough to be shared. */
function largePass(): Float32Array {
  return tf.tidy(() =>
    lstmSequence(caseInputs('lstm', { name: 'large', batch: 40, time: 20, features: 8, units: 64 })).outputs.dataSync<'float32'>(),
  );
}

describe('threads', () => {
  test('are one unless more are asked for, and then as many', async () => {
    expect((await useBackend()).threads).toBe(1);
    expect(workers.length).toBe(0);
    const expected = largePass();
    expect((await useBackend('cpu', { threads: 3 })).threads).toBe(3);
    expect(workers.length).toBe(2);
    expect(largePass()).toEqual(expected);
  });

  test('keep no process alive', async () => {
    await useBackend('cpu', { threads: 2 });
    expect(workers.map(({ unreferenced }) => unreferenced)).toEqual([true]);
  });

  test('go on when the same is asked for again', async () => {
    await useBackend('cpu', { threads: 2 });
    await useBackend('auto', { threads: 2, simd: true });
    expect(workers.length).toBe(1);
  });

  test.each<[string, () => unknown]>([
    ['one thread', () => useBackend()],
    ['another number of them', () => useBackend('cpu', { threads: 3 })],
    ['the kernels in plain TypeScript', () => useBackend('cpu', { simd: false })],
    ['no fused kernels', () => useBackend('cpu', { fused: false })],
    ['kernels registered by hand', () => registerCpuKernels({ simd: false })],
    ['kernels taken away by hand', unregisterCpuKernels],
  ])('end with the engine that had them: %s', async (_, replace) => {
    await useBackend('cpu', { threads: 2 });
    const [first] = workers;
    largePass();
    await replace();
    expect(await first?.ended).toBe(0);
  });
});

describe('where threads can not be, one works, and a warning says why:', () => {
  async function warningOf(options: object): Promise<unknown> {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const backend = await useBackend('cpu', options);
    expect(backend.threads).toBe(1);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(largePass().length).toBe(40 * 20 * 64);
    return warn.mock.calls[0]?.[0];
  }

  test('no shared memory', async () => {
    vi.stubGlobal('SharedArrayBuffer', undefined);
    expect(await warningOf({ threads: 2 })).toMatchInlineSnapshot(
      `"cellstate: 2 threads were asked for, one works: there is no SharedArrayBuffer, which browsers give only to pages that are cross-origin isolated."`,
    );
    expect(workers.length).toBe(0);
  });

  test('no workers', async () => {
    offerWorkers(undefined);
    expect(await warningOf({ threads: 2 })).toMatchInlineSnapshot(
      `"cellstate: 2 threads were asked for, one works: there are no workers."`,
    );
  });

  test('a worker that does not start', async () => {
    offerWorkers({ Worker: constructorOf((_, options) => notedWorker("throw new Error('no room')", options)) });
    expect(await warningOf({ threads: 3 })).toMatchInlineSnapshot(`"cellstate: 3 threads were asked for, one works: Error: no room."`);
    for (const { ended } of workers) await ended;
  });

  test('no SIMD', async () => {
    vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
    expect(await warningOf({ threads: 4 })).toMatchInlineSnapshot(
      `"cellstate: 4 threads were asked for, one works: WebAssembly has no SIMD here."`,
    );
  });
});
