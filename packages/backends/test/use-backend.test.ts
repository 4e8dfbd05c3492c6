import { activation, fusedPath } from '@cellstate/ops';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, expect, test } from 'vitest';
import { useBackend } from '../src/index.ts';

afterEach(async () => {
  await useBackend('cpu', { fused: false });
});

test('auto is the cpu engine, with its fused kernels', async () => {
  const sequences = ['LSTMSequence', 'LSTMSequenceGrad', 'GRUSequence', 'GRUSequenceGrad', 'SimpleRNNSequence', 'SimpleRNNSequenceGrad'];
  const kernels = [...sequences, 'LSTMStep', 'GRUStep', 'SimpleRNNStep'];
  expect(await useBackend()).toEqual({ name: 'cpu', simd: false, kernels });
  expect(tf.getBackend()).toBe('cpu');
  expect(fusedPath('lstm')).toBe('fused');
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
  await expect(useBackend('cpu', { threads: 2 } as object)).rejects.toMatchObject({ code: 'UNKNOWN_OPTION' });
});
