import { fileURLToPath } from 'node:url';
import { testRefusals } from '@cellstate/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll } from 'vitest';
import {
  activation,
  gruSequence,
  lstmSequence,
  registerGradients,
  type SequenceInputs,
  simpleRnnSequence,
  softmaxCrossentropy,
  timeLoop,
  variableGradients,
} from '../src/index.ts';

beforeAll(() => {
  registerGradients();
  tf.engine().startScope();
});
afterAll(() => tf.engine().endScope());

const anything = (value: unknown) => value as never;
const inputs = (change: Partial<SequenceInputs> = {}): SequenceInputs => ({
  x: tf.ones([2, 5, 3]),
  kernel: tf.ones([3, 16]),
  recurrentKernel: tf.ones([4, 16]),
  ...change,
});

testRefusals(
  [
    ['a row for a sequence', () => lstmSequence(inputs({ x: anything(tf.ones([2, 5])) }))],
    ['a sequence of no steps', () => lstmSequence(inputs({ x: tf.ones([2, 0, 3]) }))],
    ['a sequence of integers', () => lstmSequence(inputs({ x: tf.ones([2, 5, 3], 'int32') }))],
    ['a kernel for other features', () => lstmSequence(inputs({ kernel: tf.ones([2, 16]) }))],
    ['one state of two', () => lstmSequence(inputs({ state: [tf.ones([2, 4])] }))],
    ['a mask turned round', () => lstmSequence(inputs({ mask: tf.ones([5, 2]) }))],
    ['an unknown option of a sequence', () => lstmSequence(inputs(), anything({ goBackward: true }))],
    ['an option of another sequence', () => simpleRnnSequence(inputs(), anything({ recurrentActivation: null }))],
    [
      'one bias where there are two',
      () => gruSequence(inputs({ kernel: tf.ones([3, 12]), recurrentKernel: tf.ones([4, 12]), bias: tf.ones([12]) })),
    ],
    [
      'a loop over no time',
      () =>
        timeLoop(
          anything(() => undefined),
          tf.ones([2, 3]),
          { state: [] },
        ),
    ],
    ['an activation that is misspelt', () => activation('sigmiod', 'dense, activation')],
    ['an activation that needs two numbers', () => activation('threshold')],
    ['an activation of another word', () => activation('colourfulness')],
    ['half of three', () => activation('glu').apply(tf.ones([2, 3]))],
    ['targets of other classes than the logits', () => softmaxCrossentropy(tf.ones([2, 3]), tf.ones([2, 4]))],
    ['gradients by nothing', () => variableGradients(() => tf.scalar(1), [])],
    ['gradients of what does not depend', () => variableGradients(() => tf.scalar(1), [tf.variable(tf.scalar(1))])],
    [
      'gradients of a vector',
      () => {
        const variable = tf.variable(tf.tensor1d([1, 2]));
        return variableGradients(() => anything(tf.square(variable)), [variable]);
      },
    ],
    [
      'gradients through what has none',
      () => {
        const variable = tf.variable(tf.tensor1d([1, 2]));
        return variableGradients(() => tf.sum(tf.diag(variable)), [variable]);
      },
    ],
  ],
  { sources: fileURLToPath(new URL('../src', import.meta.url)), texts: 'errors.txt' },
);
