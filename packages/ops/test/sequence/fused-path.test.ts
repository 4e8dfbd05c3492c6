import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { caseInputs } from '../../src/conformance/case-inputs.ts';
import { fusedPath, lstmReference, lstmSequence, type SequenceKernelConfig } from '../../src/index.ts';

const forward = vi.fn(() => {
  throw new Error('the kernel ran');
});
const config: SequenceKernelConfig = {
  kernelName: 'LSTMSequence',
  backendName: 'cpu',
  kernelFunc: forward,
  serves: ({ mask = false, dropout = false }) => !mask && !dropout,
};

beforeEach(() => {
  tf.registerKernel(config);
  tf.registerKernel({ ...config, kernelName: 'LSTMSequenceGrad' });
});

afterEach(() => {
  for (const name of ['LSTMSequence', 'LSTMSequenceGrad']) tf.unregisterKernel(name, 'cpu');
});

test('a kernel says which calls it serves', () => {
  expect(fusedPath('lstm')).toBe('fused');
  expect(fusedPath('lstm', { mask: false, dropout: false })).toBe('fused');
  expect(fusedPath('lstm', { mask: true })).toBe('reference');
  expect(fusedPath('lstm', { dropout: true })).toBe('reference');
});

test('a call that it does not serve goes by the reference', () => {
  const sizes = { name: '', batch: 1, time: 2, features: 2, units: 3 };
  for (const more of [{ mask: [[1, 0]] }, { inputDropout: true }, { recurrentDropout: true }]) {
    tf.tidy(() => {
      const inputs = caseInputs('lstm', { ...sizes, ...more });
      expect(Array.from(lstmSequence(inputs).last.dataSync())).toEqual(Array.from(lstmReference(inputs).last.dataSync()));
    });
  }
  expect(forward).not.toHaveBeenCalled();
  tf.tidy(() => {
    expect(() => lstmSequence(caseInputs('lstm', sizes))).toThrow('the kernel ran');
  });
});
