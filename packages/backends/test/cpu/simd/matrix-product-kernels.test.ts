import { variableGradients } from '@cellstate/ops';
import { asymmetric, expectClose } from '@cellstate/testing';
import { expectGradientsMatch, expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registerCpuKernels, unregisterCpuKernels } from '../../../src/cpu/index.ts';

beforeAll(() => tf.setBackend('cpu'));
afterAll(unregisterCpuKernels);

const matrix = (shape: number[], phase = 0.3) => tf.tensor(asymmetric(shape, phase, 0.7), shape);

/** What `f` gives with the engine's matrix products, and with those of TensorFlow.js. */
function both(f: () => tf.Tensor): { received: tf.Tensor; expected: tf.Tensor } {
  registerCpuKernels({ simd: true });
  const received = f();
  unregisterCpuKernels();
  return { received, expected: f() };
}

describe('matrix products of the engine agree with those of TensorFlow.js', () => {
  test.each([
    { a: [40, 30], b: [30, 20], transposeA: false, transposeB: false },
    { a: [30, 40], b: [30, 20], transposeA: true, transposeB: false },
    { a: [40, 30], b: [20, 30], transposeA: false, transposeB: true },
    { a: [30, 40], b: [20, 30], transposeA: true, transposeB: true },
    { a: [1, 60], b: [60, 50], transposeA: false, transposeB: false },
    { a: [3, 40, 30], b: [3, 30, 20], transposeA: false, transposeB: false },
    { a: [40, 30], b: [3, 30, 20], transposeA: false, transposeB: false },
    { a: [2, 3, 40, 30], b: [30, 20], transposeA: false, transposeB: false },
    { a: [1, 3, 40, 30], b: [2, 3, 30, 20], transposeA: false, transposeB: false },
    { a: [2, 2], b: [2, 2], transposeA: false, transposeB: false },
  ])('$a · $b, transposed: $transposeA $transposeB', ({ a, b, transposeA, transposeB }) => {
    tf.tidy(() => {
      const { received, expected } = both(() => tf.matMul(matrix(a), matrix(b, 0.9), transposeA, transposeB));
      expectClose(received, expected);
    });
  });

  test.each(['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'] as const)('fused with a bias and %s', (activation) => {
    tf.tidy(() => {
      const [a, b, bias, alpha] = [matrix([20, 30]), matrix([30, 10], 0.8), matrix([10], 0.1), matrix([10], 0.2)] as const;
      const own = activation === 'prelu' ? { preluActivationWeights: alpha } : {};
      const f = () => tf.fused.matMul({ a: a as tf.Tensor2D, b: b as tf.Tensor2D, bias, activation, leakyreluAlpha: 0.3, ...own });
      const { received, expected } = both(f);
      expectClose(received, expected);
      registerCpuKernels({ simd: true });
      expectNoLeak(() => f().dispose());
    });
  });

  test('integers stay integers', () => {
    tf.tidy(() => {
      const ones = (shape: [number, number]) => tf.fill(shape, 16777217, 'int32');
      const { received, expected } = both(() => tf.matMul(ones([20, 1]), tf.ones([1, 100], 'int32')));
      expect(received.dtype).toBe('int32');
      expect(received.dataSync()).toEqual(expected.dataSync());
    });
  });

  test('sizes that do not fit are refused as before', () => {
    registerCpuKernels({ simd: true });
    tf.tidy(() => {
      expect(() => tf.matMul(tf.ones([40, 30]), tf.ones([31, 40]))).toThrow('inner shapes');
    });
  });

  test('gradients meet finite differences', () => {
    registerCpuKernels({ simd: true });
    const list = [matrix([12, 13]), matrix([13, 14], 0.6)];
    expectGradientsMatch((a, b) => [tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D)], list);
    tf.dispose(list);
  });

  test('a trained product leaves no tensor and no memory', () => {
    registerCpuKernels({ simd: true });
    const [x, weights] = [matrix([32, 40]), tf.variable(matrix([40, 30]))];
    expectNoLeak(() => {
      const { value, grads } = variableGradients(() => tf.mean(tf.matMul(x as tf.Tensor2D, weights as unknown as tf.Tensor2D)), [weights]);
      tf.dispose([value, Object.values(grads)]);
    });
    tf.dispose([x, weights]);
  });
});

test('taken away, the kernels of TensorFlow.js are back', () => {
  unregisterCpuKernels();
  const stock = [tf.BatchMatMul, tf._FusedMatMul].map((name) => tf.getKernel(name, 'cpu').kernelFunc);
  registerCpuKernels({ simd: true });
  registerCpuKernels({ simd: true });
  const own = [tf.BatchMatMul, tf._FusedMatMul].map((name) => tf.getKernel(name, 'cpu').kernelFunc);
  for (const [i, kernel] of own.entries()) expect(kernel).not.toBe(stock[i]);
  registerCpuKernels({ simd: false });
  expect([tf.BatchMatMul, tf._FusedMatMul].map((name) => tf.getKernel(name, 'cpu').kernelFunc)).toEqual(stock);
  registerCpuKernels({ simd: true });
  unregisterCpuKernels();
  expect([tf.BatchMatMul, tf._FusedMatMul].map((name) => tf.getKernel(name, 'cpu').kernelFunc)).toEqual(stock);
});
