import { asymmetric, expectClose } from '@cellstate/testing';
import { asymmetricTensor, expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import type { CallOptions, Layer, Model } from '../../src/index.ts';
import { activation, conv1d, dense, dropout, input, lstm, masking, model, reshape, sequential, timeDistributed } from '../../src/index.ts';

const inputShape = [3, 2];

/** The outputs of a pass and what it says are their logits. */
function pass(m: Model<unknown>, options: CallOptions = { logits: true }) {
  const outputs: number[][] = [];
  let logits: (number[] | null)[] | undefined;
  tf.tidy(() => {
    const values = (tensor: tf.Tensor) => Array.from(tensor.dataSync());
    const result = m.call(asymmetricTensor([2, 3, 2]), options);
    outputs.push(...(result.outputs instanceof tf.Tensor ? [result.outputs] : Object.values(result.outputs)).map(values));
    logits = result.logits?.map((tensor) => (tensor === null ? null : values(tensor)));
  });
  return { outputs, logits };
}

const sigmoid = (values: readonly number[]) => values.map((value) => 1 / (1 + Math.exp(-value)));

function softmax(values: readonly number[]): number[] {
  const powers = values.map(Math.exp);
  const sums = powers.map((_, i) => (powers[i - (i % 2)] as number) + (powers[i - (i % 2) + 1] as number));
  return powers.map((power, i) => power / (sums[i] as number));
}

test.each<{ name: string; last: readonly Layer[]; by: (values: readonly number[]) => number[] }>([
  { name: 'dense with softmax', last: [dense({ units: 2, activation: 'softmax' })], by: softmax },
  { name: 'dense with sigmoid', last: [dense({ units: 2, activation: 'sigmoid' })], by: sigmoid },
  { name: 'conv1d', last: [conv1d({ filters: 2, kernelSize: 1, activation: 'softmax' })], by: softmax },
  { name: 'an activation layer', last: [dense({ units: 2 }), activation({ activation: 'softmax' })], by: softmax },
  { name: 'layers that change nothing behind it', last: [dense({ units: 2, activation: 'softmax' }), dropout({ rate: 0.5 })], by: softmax },
  {
    name: 'a linear activation behind it',
    last: [dense({ units: 2, activation: 'sigmoid' }), activation({ activation: 'linear' })],
    by: sigmoid,
  },
  { name: 'an inner model', last: [sequential([dense({ units: 2, activation: 'softmax', inputShape })])], by: softmax },
])('come with the outputs: $name', ({ last, by }) => {
  const m = sequential([lstm({ units: 2, returnSequences: true, inputShape }), ...last]);
  const { outputs, logits } = pass(m);
  expect(logits?.[0]).not.toEqual(outputs[0]);
  expectClose(by(logits?.[0] as number[]), outputs[0] as number[]);
  m.dispose();
});

test.each<{ name: string; last: readonly Layer[]; training?: boolean }>([
  { name: 'another activation', last: [dense({ units: 2, activation: 'tanh' })] },
  { name: 'a shape of its own', last: [dense({ units: 2, activation: 'softmax' }), reshape({ targetShape: [6] })] },
  { name: 'steps put together', last: [timeDistributed({ layer: dense({ units: 2, activation: 'softmax' }) })] },
  { name: 'values dropped out', last: [dense({ units: 2, activation: 'softmax' }), dropout({ rate: 0.5 })], training: true },
])('none: $name', ({ last, training = false }) => {
  const m = sequential([masking({ inputShape }), ...last]);
  expect(pass(m, { logits: true, training, seed: 1 }).logits).toEqual([null]);
  m.dispose();
});

test('each output has its own, and those that are an input are copied', () => {
  const x = input({ shape: inputShape });
  const hidden = dense({ units: 2 }).apply(x);
  const outputs = {
    raw: hidden,
    share: activation({ activation: 'softmax' }).apply(hidden),
    of: activation({ activation: 'sigmoid' }).apply(x),
  };
  const m = model({ inputs: x, outputs });
  const { outputs: values, logits } = pass(m);
  expect(logits?.[0]).toBeNull();
  expect(logits?.[1]).toEqual(values[0]);
  expect(logits?.[2]).toEqual(Array.from(asymmetric([2, 3, 2])));
  m.dispose();
});

test('are there only when asked for, and belong to the caller', async () => {
  const m = sequential([dense({ units: 2, activation: 'softmax', inputShape })]);
  expect(pass(m, {}).logits).toBeUndefined();
  expect(pass(m, { logits: false }).logits).toBeUndefined();
  const x = tf.ones([1, 3, 2]);
  await expectNoLeak(() => {
    const { outputs } = m.call(x);
    (outputs as tf.Tensor).dispose();
    const asked = m.call(x, { logits: true });
    for (const tensor of [asked.outputs as tf.Tensor, ...(asked.logits ?? [])]) tensor?.dispose();
  });
  x.dispose();
  m.dispose();
});
