import { setFlagsFromString } from 'node:v8';
import { activation, fusedPath } from '@cellstate/ops';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, expect, test, vi } from 'vitest';
import { hasRelaxedSimd } from '../src/cpu/simd/simd-engine.ts';
import { useBackend } from '../src/index.ts';

afterEach(async () => {
  await useBackend('cpu', { fused: false });
});

test('auto is the cpu engine, with its fused kernels', async () => {
  const sequences = ['LSTMSequence', 'LSTMSequenceGrad', 'GRUSequence', 'GRUSequenceGrad', 'SimpleRNNSequence', 'SimpleRNNSequenceGrad'];
  const kernels = [...sequences, 'LSTMStep', 'GRUStep', 'SimpleRNNStep'];
  expect(await useBackend()).toEqual({ name: 'cpu', simd: true, relaxed: hasRelaxedSimd(), threads: 1, kernels });
  expect(await useBackend('cpu', { simd: false })).toEqual({ name: 'cpu', simd: false, relaxed: false, threads: 1, kernels });
  expect(await useBackend('cpu', { simd: true })).toEqual({ name: 'cpu', simd: true, relaxed: hasRelaxedSimd(), threads: 1, kernels });
  expect(tf.getBackend()).toBe('cpu');
  expect(fusedPath('lstm')).toBe('fused');
});

test('where WebAssembly has no SIMD, the kernels in plain TypeScript run, and asking for SIMD throws', async () => {
  const validate = vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  expect((await useBackend('cpu')).simd).toBe(false);
  expect(fusedPath('lstm')).toBe('fused');
  await expect(useBackend('cpu', { simd: true })).rejects.toThrowErrorMatchingInlineSnapshot(`
    [CellstateError: WebAssembly has no SIMD instructions here. [SIMD_UNAVAILABLE]
      expected: a runtime with WebAssembly SIMD
      received: one without
      where: option simd
      hint: Leave the option out: the kernels in plain TypeScript run everywhere.]
  `);
  validate.mockRestore();
  expect((await useBackend('cpu')).simd).toBe(true);
});

test('SIMD without fused kernels is a contradiction', async () => {
  await expect(useBackend('cpu', { fused: false, simd: true })).rejects.toThrowErrorMatchingInlineSnapshot(`
    [CellstateError: Without fused kernels there are none with SIMD. [CONTRADICTORY_OPTIONS]
      expected: fused: true, or no simd
      received: fused: false, simd: true
      where: useBackend]
  `);
  expect((await useBackend('cpu', { fused: false, simd: false })).simd).toBe(false);
});

test('without fused kernels every op takes the reference', async () => {
  await useBackend('cpu');
  expect((await useBackend('cpu', { fused: false })).kernels).toEqual([]);
  for (const op of ['lstm', 'gru', 'simpleRnn'] as const) expect(fusedPath(op)).toBe('reference');
});

test('the fused path serves only what its kernel computes', async () => {
  await useBackend('cpu');
  expect(fusedPath('lstm', { activation: activation('tanh'), recurrentActivation: activation('sigmoid') })).toBe('fused');
  expect(fusedPath('lstm', { goBackwards: true, zeroOutputForMask: true })).toBe('fused');
  expect(fusedPath('lstm', { activation: activation('relu') })).toBe('reference');
  expect(fusedPath('lstm', { recurrentActivation: activation('hard_sigmoid') })).toBe('reference');
  expect(fusedPath('lstm', { activation: activation((x) => tf.tanh(x)) })).toBe('reference');
  expect(fusedPath('gru')).toBe('fused');
  expect(fusedPath('gru', { resetAfter: false, goBackwards: true })).toBe('fused');
  expect(fusedPath('gru', { recurrentActivation: activation('hard_sigmoid') })).toBe('reference');
  expect(fusedPath('gru', { resetAfter: false, activation: activation('linear') })).toBe('reference');
  expect(fusedPath('simpleRnn', { zeroOutputForMask: true })).toBe('fused');
  expect(fusedPath('simpleRnn', { activation: activation('relu') })).toBe('reference');
});

test('an unknown backend names those there are', async () => {
  await expect(useBackend('nod' as 'cpu')).rejects.toThrowErrorMatchingInlineSnapshot(`
    [CellstateError: There is no backend 'nod'. [UNKNOWN_BACKEND]
      expected: 'auto', 'cpu', 'node'
      received: 'nod'
      where: useBackend
      hint: Did you mean 'node'?]
  `);
  await expect(useBackend('cpu2' as 'cpu')).rejects.toThrow("Did you mean 'cpu'?");
  await expect(useBackend('cpu', { thread: 2 } as object)).rejects.toMatchObject({ code: 'UNKNOWN_OPTION' });
});

test.each([0, -1, 1.5, Number.NaN, 257, '2', null])('%o threads are refused', async (threads) => {
  await expect(useBackend('cpu', { threads: threads as number })).rejects.toMatchObject({ code: 'INVALID_THREADS' });
});

test('one thread contradicts nothing', async () => {
  expect(await useBackend('cpu', { fused: false, threads: 1 })).toMatchObject({ threads: 1, kernels: [] });
  expect(await useBackend('cpu', { simd: false, threads: 1 })).toMatchObject({ threads: 1, simd: false });
});

test('relaxed SIMD is taken where it runs, unless it is not wanted', async () => {
  if (!hasRelaxedSimd()) setFlagsFromString('--experimental-wasm-relaxed-simd');
  expect(hasRelaxedSimd()).toBe(true);
  // (1 + ε)(1 − ε) − 1, where 1 − ε² is too near to 1 for float32.
  const left = Float32Array.from({ length: 256 }, (_, i) => (i % 16 === 0 ? 1 : i % 16 === 1 ? 1 + 2 ** -13 : 0));
  const right = Float32Array.from({ length: 256 }, (_, i) => (i < 16 ? -1 : i < 32 ? 1 - 2 ** -13 : 0));
  const rest = () => tf.tidy(() => tf.matMul(tf.tensor(left, [16, 16]), tf.tensor(right, [16, 16])).dataSync()[0]);
  expect((await useBackend('cpu', { relaxed: false })).relaxed).toBe(false);
  expect(rest()).toBe(0);
  expect((await useBackend('cpu')).relaxed).toBe(true);
  // A processor without the instruction rounds in between.
  expect([0, -(2 ** -26)]).toContain(rest());
  expect((await useBackend('cpu', { relaxed: true, threads: 2 })).relaxed).toBe(true);
  expect((await useBackend('cpu', { simd: false })).relaxed).toBe(false);
});
