import { softmaxCrossentropy } from '@cellstate/ops';
import { asymmetric, expectClose } from '@cellstate/testing';
import { asymmetricTensor, expectGradientsMatch, expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { registerCpuKernels, unregisterCpuKernels } from '../../../src/cpu/index.ts';
import { simdEngine } from '../../../src/cpu/simd/simd-engine.ts';

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => void registerCpuKernels({ simd: true }));
afterAll(unregisterCpuKernels);

/** Of one row, in 64 bits. */
function oracle(logits: readonly number[], target: readonly number[], slope: number) {
  const most = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  const softmax = powers.map((power) => power / sum);
  return {
    softmax,
    value: logits.reduce((total, logit, i) => total + (target[i] as number) * (Math.log(sum) - (logit - most)), 0),
    gradient: softmax.map((share, i) => (share - (target[i] as number)) * slope),
  };
}

/** What the kernels give for rows of logits. */
function run(logits: tf.Tensor, target: tf.Tensor, slopes: tf.Tensor) {
  return tf.tidy(() => {
    const gradient = tf.grad((x) => tf.sum(tf.mul(softmaxCrossentropy(target, x), slopes)))(logits);
    const values = [tf.softmax(logits), softmaxCrossentropy(target, logits), gradient].map((tensor) => Array.from(tensor.dataSync()));
    return { softmax: values[0] as number[], values: values[1] as number[], gradient: values[2] as number[] };
  });
}

describe('rows of every width agree with an oracle in 64 bits', () => {
  test.each([...Array.from({ length: 33 }, (_, i) => i + 1), 255, 256, 257, 1030])('%i columns', (columns) => {
    const rows = 3;
    const x = asymmetric([rows, columns], 0.2, 0.7).map((value) => 8 * value);
    const t = asymmetric([rows, columns], 0.9, 0.3).map(Math.abs);
    const slopes = asymmetric([rows], 0.4, 1.1);
    tf.tidy(() => {
      const found = run(tf.tensor2d(x, [rows, columns]), tf.tensor2d(t, [rows, columns]), tf.tensor1d(slopes));
      const row = (values: ArrayLike<number>, i: number) => Array.from(values).slice(i * columns, (i + 1) * columns);
      const expected = Array.from({ length: rows }, (_, i) => oracle(row(x, i), row(t, i), slopes[i] as number));
      expectClose(
        found.softmax,
        expected.flatMap(({ softmax }) => softmax),
      );
      expectClose(
        found.values,
        expected.map(({ value }) => value),
      );
      expectClose(
        found.gradient,
        expected.flatMap(({ gradient }) => gradient),
      );
    });
  });
});

test('many classes are summed without loss', () => {
  tf.tidy(() => {
    const classes = 100_000;
    const logits = tf.zeros([1, classes]);
    const target = tf.fill([1, classes], 1 / classes);
    expectClose(softmaxCrossentropy(target, logits), [Math.log(classes)]);
    expectClose([tf.sum(tf.softmax(logits)).dataSync()[0] as number], [1]);
  });
});

test.each([
  { name: 'far apart', row: [1000, -1000, 3, 999, -200] },
  { name: 'all very small', row: [-1e30, -1e30, -1e30, -2e30, -1e30] },
  { name: '−∞', row: [1, Number.NEGATIVE_INFINITY, 2, 3, Number.NEGATIVE_INFINITY] },
  { name: 'nothing but −∞', row: new Array<number>(5).fill(Number.NEGATIVE_INFINITY) },
  { name: '+∞', row: [1, 2, 3, 4, Number.POSITIVE_INFINITY] },
  { name: 'NaN within', row: [1, Number.NaN, 3, 4, 5] },
  { name: 'NaN at the end', row: [1, 2, 3, 4, Number.NaN] },
])('extreme logits come out as on the kernels of TensorFlow.js: $name', ({ row }) => {
  tf.tidy(() => {
    const logits = tf.tensor2d([[...row], [1, 2, 3, 4, 5]]);
    const target = tf.tensor2d([
      [0.5, 0, 0.25, 0.25, 0],
      [0, 0, 0, 0, 1],
    ]);
    const slopes = tf.tensor1d([2, 3]);
    const received = run(logits, target, slopes);
    unregisterCpuKernels();
    const expected = run(logits, target, slopes);
    for (const key of ['softmax', 'values', 'gradient'] as const) {
      expect(received[key].map(Number.isNaN)).toEqual(expected[key].map(Number.isNaN));
      expectClose(
        received[key].map((value) => (Number.isNaN(value) ? 0 : value)),
        expected[key].map((value) => (Number.isNaN(value) ? 0 : value)),
      );
    }
  });
});

test('axes before the last are rows; no row gives nothing', () => {
  tf.tidy(() => {
    const [logits, target] = [asymmetricTensor([2, 3, 5], 0.2, 0.9), tf.abs(asymmetricTensor([2, 3, 5], 0.6, 0.4))];
    const received = softmaxCrossentropy(target, logits);
    expect(received.shape).toEqual([2, 3]);
    const flat = softmaxCrossentropy(tf.reshape(target, [6, 5]), tf.reshape(logits, [6, 5]));
    expect(received.dataSync()).toEqual(flat.dataSync());
    expect(softmaxCrossentropy(tf.zeros([0, 5]), tf.zeros([0, 5])).shape).toEqual([0]);
    expect(tf.softmax(tf.zeros([0, 5])).shape).toEqual([0, 5]);
  });
});

test('a single number, which has no axis, is refused as before', () => {
  tf.tidy(() => {
    const refused = [() => tf.softmax(tf.scalar(3)), () => softmaxCrossentropy(tf.scalar(1), tf.scalar(3))];
    for (const call of refused) expect(call).toThrow('axis');
    unregisterCpuKernels();
    for (const call of refused) expect(call).toThrow('axis');
  });
});

test('the gradient of a softmax itself meets finite differences', () => {
  const logits = asymmetricTensor([3, 7]);
  expectGradientsMatch((x) => [tf.softmax(x as tf.Tensor)], [logits]);
  logits.dispose();
});

test('no tensor and no memory is left', async () => {
  const [logits, target, slopes] = [asymmetricTensor([9, 13]), tf.ones([9, 13]), tf.ones([9])];
  const { arena } = simdEngine();
  const { used } = arena;
  await expectNoLeak(() => void run(logits, target, slopes));
  expect(arena.used).toBe(used);
  tf.dispose([logits, target, slopes]);
});

test('taken away, the softmax of TensorFlow.js is back', () => {
  const own = tf.getKernel(tf.Softmax, 'cpu').kernelFunc;
  unregisterCpuKernels();
  expect(tf.getKernel(tf.Softmax, 'cpu').kernelFunc).not.toBe(own);
  expect(tf.getKernel('SoftmaxCrossentropy', 'cpu')).toBeUndefined();
});
