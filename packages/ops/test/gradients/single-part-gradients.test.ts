import '../../src/register.ts';
import { asymmetricTensor, expectGradientsMatch } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { test } from 'vitest';

test.each([1, 2, 4])('splitting in %i and weighting the parts', (count) => {
  const x = asymmetricTensor<tf.Rank.R2>([3, 4]);
  expectGradientsMatch((given) => tf.split(given, count, 1).map((part, i) => tf.mul(part, i + 2)), [x]);
  x.dispose();
});

test.each([1, 3])('unstacking an axis of length %i', (length) => {
  const x = asymmetricTensor<tf.Rank.R2>([2, length]);
  expectGradientsMatch((given) => tf.unstack(given, 1).map((part, i) => tf.mul(part, i + 2)), [x]);
  x.dispose();
});
