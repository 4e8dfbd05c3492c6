import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import '../../src/index.ts';

const slopes = (f: (x: tf.Tensor) => tf.Tensor, x: number[] | number[][]) => tf.tidy(() => tf.grad(f)(tf.tensor(x)).arraySync());

test('the slope of a largest or smallest value is shared by all that are', () => {
  const weights = tf.tensor1d([3, 5]);
  expect(slopes((x) => tf.mul(tf.max(x, 1), weights), [[2, 2, 1, 2], [0, 4, 0, 0]])).toEqual([[1, 1, 0, 1], [0, 5, 0, 0]]); // biome-ignore format: as rows
  expect(slopes((x) => tf.mul(tf.min(x, 1, true), tf.reshape(weights, [2, 1])), [[2, 1, 1], [0, 0, 4]])).toEqual([[0, 1.5, 1.5], [2.5, 2.5, 0]]); // biome-ignore format: as rows
  expect(slopes((x) => tf.max(x), [[1, 7], [7, 7]])).toEqual([[0, 1 / 3].map(Math.fround), [1 / 3, 1 / 3].map(Math.fround)]); // biome-ignore format: as rows
  weights.dispose();
});

test('the slope of an absolute value is 0 at 0', () => {
  expect(slopes((x) => tf.abs(x), [-2, 0, 3])).toEqual([-1, 0, 1]);
});
