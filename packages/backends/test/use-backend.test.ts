import { activation, fusedPath } from '@cellstate/ops';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, expect, test } from 'vitest';
import { useBackend } from '../src/index.ts';

afterEach(async () => {
  await useBackend('cpu', { fused: false });
});

test('auto is the cpu engine, with its fused kernels', async () => {
  expect(await useBackend()).toEqual({ name: 'cpu', simd: false, kernels: ['LSTMSequence', 'LSTMSequenceGrad'] });
  expect(tf.getBackend()).toBe('cpu');
  expect(fusedPath('lstm')).toBe('fused');
});

test('without fused kernels every op takes the reference', async () => {
  await useBackend('cpu');
  expect((await useBackend('cpu', { fused: false })).kernels).toEqual([]);
  expect(fusedPath('lstm')).toBe('reference');
});

test('the fused path serves only what its kernel computes', async () => {
  await useBackend('cpu');
  expect(fusedPath('lstm', { activation: activation('tanh'), recurrentActivation: activation('sigmoid') })).toBe('fused');
  expect(fusedPath('lstm', { goBackwards: true, zeroOutputForMask: true })).toBe('fused');
  expect(fusedPath('lstm', { activation: activation('relu') })).toBe('reference');
  expect(fusedPath('lstm', { recurrentActivation: activation('hard_sigmoid') })).toBe('reference');
  expect(fusedPath('lstm', { activation: activation((x) => tf.tanh(x)) })).toBe('reference');
  expect(fusedPath('gru')).toBe('reference');
  expect(fusedPath('simpleRnn')).toBe('reference');
});

test('an unknown backend names those there are', async () => {
  await expect(useBackend('node' as 'cpu')).rejects.toThrowErrorMatchingInlineSnapshot(`
    [CellstateError: There is no backend 'node'. [UNKNOWN_BACKEND]
      expected: 'auto', 'cpu'
      received: 'node'
      where: useBackend]
  `);
  await expect(useBackend('cpu2' as 'cpu')).rejects.toThrow("Did you mean 'cpu'?");
  await expect(useBackend('cpu', { threads: 2 } as object)).rejects.toMatchObject({ code: 'UNKNOWN_OPTION' });
});
