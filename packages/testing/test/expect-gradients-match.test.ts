import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { expectClose } from '../src/index.ts';
import { asymmetricTensor, expectGradientsMatch, expectNoLeak, finiteDifferences } from '../src/tensors.ts';

/** x³ with a factor on its gradient, so that the check can be seen to fail. */
const cube = (factor: number) =>
  tf.customGrad((x, save) => {
    (save as tf.GradSaveFunc)([x as tf.Tensor]);
    return { value: tf.pow(x as tf.Tensor, 3), gradFunc: (dy, [x]) => tf.mul(dy, tf.mul(tf.square(x as tf.Tensor), 3 * factor)) };
  });

test('finite differences are right to 1e-5 where the derivative is known, and weigh outputs unevenly', () => {
  expectNoLeak(() => {
    const x = asymmetricTensor([2, 3], 0.4, 0.9);
    const ones = tf.ones([2, 3]);
    const [a] = finiteDifferences((x) => tf.exp(x), [x]);
    const [weights] = finiteDifferences((x) => tf.mul(x, ones), [x]);
    const expected = Array.from(x.dataSync(), (value, k) => (weights?.[k] as number) * Math.exp(value));
    expectClose(a as Float64Array, expected, { absolute: 1e-5, relative: 1e-5 });
    expect(new Set(weights).size).toBe(6);
    tf.dispose([x, ones]);
  });
});

test('integer inputs have no gradient', () => {
  const x = tf.tensor1d([1, 2], 'int32');
  expect(finiteDifferences((x) => tf.cast(x, 'float32'), [x])).toEqual([null]);
  x.dispose();
});

test('accepts a right gradient and names the worst element of a wrong one', () => {
  const x = asymmetricTensor([2, 2], 0.6, 0.8);
  expectNoLeak(() => expectGradientsMatch((x) => cube(1)(x), [x]));
  expectNoLeak(() =>
    expect(() => expectGradientsMatch((x) => cube(1.01)(x), [x])).toThrow('Gradient with respect to input 0: 3 of 4 elements'),
  );
  x.dispose();
});
