import { asymmetric, expectClose } from '@cellstate/testing';
import { asymmetricTensor, expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { expect, test } from 'vitest';
import { softmaxCrossentropy } from '../src/index.ts';

const SHAPE = [2, 3, 4] as const;
const LOGITS = asymmetric(SHAPE, 0.2, 0.9).map((value) => 6 * value);
const TARGET = asymmetric(SHAPE, 0.7, 0.5).map(Math.abs);

/** By loops in 64 bits: values, and the gradient of the sum of values by the logits as TensorFlow has it. */
function oracle(axis: number) {
  const strides = [12, 4, 1];
  const stride = strides[axis] as number;
  const length = SHAPE[axis] as number;
  const values: number[] = [];
  const gradient = new Array<number>(24).fill(0);
  for (let start = 0; start < 24; start++) {
    if (Math.floor(start / stride) % length !== 0) continue;
    const places = Array.from({ length }, (_, i) => start + i * stride);
    const sum = places.reduce((total, at) => total + Math.exp(LOGITS[at] as number), 0);
    values.push(places.reduce((total, at) => total - (TARGET[at] as number) * ((LOGITS[at] as number) - Math.log(sum)), 0));
    for (const at of places) gradient[at] = Math.exp(LOGITS[at] as number) / sum - (TARGET[at] as number);
  }
  return { values, gradient };
}

test.each([
  { axis: -1, place: 2 },
  { axis: 2, place: 2 },
  { axis: 1, place: 1 },
  { axis: 0, place: 0 },
])('values and gradient along axis $axis', ({ axis, place }) => {
  tf.tidy(() => {
    const [target, logits] = [tf.tensor3d(TARGET, [...SHAPE]), tf.tensor3d(LOGITS, [...SHAPE])];
    const expected = oracle(place);
    const values = softmaxCrossentropy(target, logits, axis);
    expect(values.shape).toEqual(SHAPE.filter((_, i) => i !== place));
    expectClose(Array.from(values.dataSync()), expected.values);
    expectClose(tf.grad((x) => tf.sum(softmaxCrossentropy(target, x, axis)))(logits), { shape: SHAPE, data: expected.gradient });
  });
});

test('other shapes than those of the logits are refused', () => {
  const [target, logits] = [tf.ones([2, 3]), tf.ones([2, 4])];
  expect(() => softmaxCrossentropy(target, logits)).toThrow('expected: [2, 4]');
  tf.dispose([target, logits]);
});

test('no tensor is left', async () => {
  const [target, logits] = [tf.ones([3, 4]), asymmetricTensor([3, 4])];
  await expectNoLeak(() => {
    softmaxCrossentropy(target, logits).dispose();
    tf.dispose(tf.grad((x) => tf.sum(softmaxCrossentropy(target, x)))(logits));
  });
  tf.dispose([target, logits]);
});
