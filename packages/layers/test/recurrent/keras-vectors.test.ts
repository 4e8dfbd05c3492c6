import { readFileSync } from 'node:fs';
import { expectClose } from '@cellstate/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Layer } from '../../src/index.ts';
import { bidirectional, dense, functional, gru, gruCell, input, lstm, lstmCell, rnn, simpleRnn, timeDistributed } from '../../src/index.ts';
import { CELL, HIDDEN, kerasInput, MASK, oneLayer, run, setKerasWeights } from './keras-setting.ts';

const vectors = JSON.parse(readFileSync(new URL('./keras-vectors.json', import.meta.url), 'utf8')) as Record<
  string,
  { shape: number[]; data: number[] }[]
>;
const sequence = { units: 3, returnSequences: true } as const;
const both = { units: 2, returnSequences: true } as const;

let x: tf.Tensor3D;
let mask: tf.Tensor2D;

beforeAll(() => {
  x = kerasInput();
  mask = tf.tensor2d(MASK);
});
afterAll(() => tf.dispose([x, mask]));

function agree(name: string, outputs: readonly number[][]): void {
  expect(outputs.length).toBe(vectors[name].length);
  for (const [i, { data }] of vectors[name].entries()) expectClose(outputs[i], data, { absolute: 1e-6, relative: 1e-6 });
}

const cases: [name: string, layer: () => Layer<unknown>, masked?: boolean][] = [
  ['lstm', () => lstm({ ...sequence, returnState: true })],
  ['lstmGoBackwards', () => lstm({ ...sequence, returnState: true, goBackwards: true })],
  ['lstmHardSigmoid', () => lstm({ units: 3, recurrentActivation: 'hard_sigmoid' })],
  ['lstmWithoutBias', () => lstm({ units: 3, useBias: false })],
  ['lstmRelu', () => lstm({ units: 3, activation: 'relu' })],
  ['lstmMask', () => lstm({ ...sequence, returnState: true }), true],
  ['lstmZeroOutputForMask', () => lstm({ ...sequence, returnState: true, zeroOutputForMask: true }), true],
  ['lstmMaskLast', () => lstm({ units: 3 }), true],
  ['lstmGoBackwardsMask', () => lstm({ ...sequence, goBackwards: true }), true],
  ['gru', () => gru({ ...sequence, returnState: true })],
  ['gruResetBefore', () => gru({ ...sequence, resetAfter: false })],
  ['gruMask', () => gru(sequence), true],
  ['simpleRnn', () => simpleRnn(sequence)],
  ['bidirectionalConcat', () => bidirectional({ layer: lstm(both) })],
  ['bidirectionalSum', () => bidirectional({ layer: lstm(both), mergeMode: 'sum' })],
  ['bidirectionalAve', () => bidirectional({ layer: lstm(both), mergeMode: 'ave' })],
  ['bidirectionalMul', () => bidirectional({ layer: lstm(both), mergeMode: 'mul' })],
  ['bidirectionalState', () => bidirectional({ layer: lstm({ units: 2, returnState: true }) })],
  ['bidirectionalMask', () => bidirectional({ layer: lstm(both) }), true],
  ['bidirectionalMaskLast', () => bidirectional({ layer: lstm({ units: 2 }) }), true],
  ['stackedCells', () => rnn({ cell: [lstmCell({ units: 2 }), gruCell({ units: 3 })], returnSequences: true })],
  ['timeDistributed', () => timeDistributed({ layer: dense({ units: 2, activation: 'relu' }) })],
];

describe('one layer gives what Keras gives', () => {
  test.each(cases)('%s', (name, layer, masked = false) => {
    const made = oneLayer(layer());
    agree(name, run(made, x, masked ? { mask } : {}).outputs);
    made.dispose();
  });

  test('unrolled layers give the same', () => {
    const made = oneLayer(lstm({ ...sequence, returnState: true, unroll: true }));
    agree('lstmMask', run(made, x, { mask }).outputs);
    made.dispose();
  });
});

describe('a cell run step by step gives what its sequence op gives', () => {
  const pairs: [name: string, layer: () => Layer<unknown>][] = [
    ['lstm', () => rnn({ cell: [lstmCell({ units: 3 })], returnSequences: true, returnState: true })],
    ['gru', () => rnn({ cell: [gruCell({ units: 3 })], returnSequences: true, returnState: true })],
    ['gruResetBefore', () => rnn({ cell: [gruCell({ units: 3, resetAfter: false })], returnSequences: true })],
  ];
  test.each(pairs)('%s', (name, layer) => {
    const made = oneLayer(layer());
    agree(name, run(made, x).outputs);
    made.dispose();
  });
});

describe('initial state', () => {
  function wired(withMask: boolean): number[][] {
    const sequenceInput = input({ shape: [4, 2] });
    const hidden = input({ shape: [3] });
    const cell = input({ shape: [3] });
    const maskInput = input({ shape: [4], dtype: 'bool' });
    const outputs = lstm({ ...sequence, returnState: true }).apply(sequenceInput, {
      initialState: [hidden, cell],
      ...(withMask ? { mask: maskInput } : {}),
    });
    const made = functional({ inputs: [sequenceInput, hidden, cell, maskInput], outputs });
    setKerasWeights(made);
    const result = tf.tidy(() => {
      const given = [x, tf.tensor2d(HIDDEN, [2, 3]), tf.tensor2d(CELL, [2, 3]), tf.cast(mask, 'bool')];
      return (made.call(given).outputs as tf.Tensor[]).map((tensor) => Array.from(tensor.dataSync()));
    });
    made.dispose();
    return result;
  }

  test('starts the sequence', () => agree('lstmInitialState', wired(false)));

  test('with a mask: zeros before the first real step, not the initial state', () =>
    agree('lstmInitialStateMask', wired(true).slice(0, 1)));

  test('the mask that comes with the input is not used, as in Keras, but is passed on', () => {
    const sequenceInput = input({ shape: [4, 2] });
    const hidden = input({ shape: [3] });
    const cell = input({ shape: [3] });
    const made = functional({
      inputs: [sequenceInput, hidden, cell],
      outputs: lstm(sequence).apply(sequenceInput, { initialState: [hidden, cell] }),
    });
    setKerasWeights(made);
    tf.tidy(() => {
      const given = [x, tf.tensor2d(HIDDEN, [2, 3]), tf.tensor2d(CELL, [2, 3])];
      const { outputs, masks } = made.call(given, { mask: [mask, null, null] });
      agree('lstmInitialState', [
        Array.from((outputs as tf.Tensor).dataSync()),
        ...vectors.lstmInitialState.slice(1).map(({ data }) => data),
      ]);
      expect(masks[0]?.arraySync()).toEqual(MASK);
    });
    made.dispose();
  });

  test('given as the state of the call', () => {
    const made = oneLayer(lstm({ ...sequence, returnState: true }));
    tf.tidy(() => {
      const state = { 'lstm#0': [tf.tensor2d(HIDDEN, [2, 3]), tf.tensor2d(CELL, [2, 3])] };
      agree('lstmInitialState', run(made, x, { state }).outputs);
      agree('lstmInitialStateMask', run(made, x, { state, mask }).outputs.slice(0, 1));
    });
    made.dispose();
  });
});

test('the state that one pass leaves is where the next one starts', () => {
  const made = oneLayer(lstm({ units: 2, stateful: true }));
  tf.tidy(() => {
    const first = made.call(x);
    agree('statefulFirst', [Array.from((first.outputs as tf.Tensor).dataSync())]);
    const second = run(made, x, { state: first.state });
    agree('statefulSecond', second.outputs);
    agree('statefulState', second.state['lstm#0']);
    agree('statefulFirst', run(made, x).outputs);
  });
  made.dispose();
});
