import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { expectNoLeak } from '../src/tensors.ts';

test('passes a clean function and returns its value, sync and async', async () => {
  expect(expectNoLeak(() => tf.tidy(() => tf.sum(tf.ones([3])).arraySync()))).toBe(3);
  expect(await expectNoLeak(async () => tf.tidy(() => tf.sum(tf.ones([4])).arraySync()))).toBe(4);
});

test('throws when a tensor is left or one too many is gone', async () => {
  const left: tf.Tensor[] = [];
  expect(() => expectNoLeak(() => left.push(tf.ones([3])))).toThrow('The tensor count changed by 1');
  await expect(expectNoLeak(async () => left.push(tf.ones([3])))).rejects.toThrow('The tensor count changed by 1');
  expect(() => expectNoLeak(() => tf.dispose(left))).toThrow('The tensor count changed by -2');
});

test('a rejection of the function comes through', async () => {
  await expect(expectNoLeak(() => Promise.reject(new Error('mine')))).rejects.toThrow('mine');
});
