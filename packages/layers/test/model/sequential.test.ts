import { ndarray } from '@cellstate/core';
import { asymmetric, expectClose } from '@cellstate/testing';
import { expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import type { Layer } from '../../src/index.ts';
import {
  bidirectional,
  dense,
  dropout,
  embedding,
  flatten,
  gru,
  input,
  lstm,
  masking,
  sequential,
  simpleRnn,
  timeDistributed,
} from '../../src/index.ts';
import { kerasInput, setKerasWeights } from '../recurrent/keras-setting.ts';

const tutorial = () => sequential([lstm({ units: 4, stateful: true, batchInputShape: [1, 3, 1] }), dense({ units: 1 })]);

describe('the model of the tutorial', () => {
  test('is described by its ports, parameters and state', () => {
    const m = tutorial();
    expect(m.name).toBe('sequential');
    expect(m.className).toBe('Sequential');
    expect(m.inputs).toEqual([{ name: 'input_layer', shape: [1, 3, 1], dtype: 'float32' }]);
    expect(m.outputs).toEqual([{ name: 'dense', shape: [1, 1], dtype: 'float32' }]);
    expect(m.batchSize).toBe(1);
    expect(m.statefulCalls).toEqual(['lstm#0']);
    expect(m.parameters.map(({ path, variable }) => [path, variable.shape])).toEqual([
      ['lstm/lstm_cell/kernel', [1, 16]],
      ['lstm/lstm_cell/recurrent_kernel', [4, 16]],
      ['lstm/lstm_cell/bias', [16]],
      ['dense/kernel', [4, 1]],
      ['dense/bias', [1]],
    ]);
    expect(m.countParams()).toBe(101);
    expect(m.layers.map(({ name }) => name)).toEqual(['lstm', 'dense']);
    expect(m.getLayer('dense')).toBe(m.layers[1]);
    tf.tidy(() => {
      const zeros = Array(3).fill([0, 0, 0, 0]);
      expect(m.initialState(3)['lstm#0'].map((tensor) => tensor.arraySync())).toEqual([zeros, zeros]);
    });
    m.dispose();
  });

  test('gives what Keras gives before training', () => {
    const m = sequential([lstm({ units: 2, inputShape: [4, 2] }), dense({ units: 1 })]);
    const shapes = m.parameters.map(({ variable }) => variable.shape);
    const phases = [0.1, 0.2, 0.3, 0.1, 0.2];
    const steps = [0.37, 0.53, 0.69, 0.37, 0.53];
    m.setWeights(shapes.map((shape, i) => ndarray(asymmetric(shape, phases[i], steps[i]), shape)));
    tf.tidy(() => expectClose(m.call(kerasInput()).outputs as tf.Tensor, [0.06678746, 0.0646697], { absolute: 1e-6 }));
    m.dispose();
  });

  test('starts as Keras does: forget bias 1, other biases 0', () => {
    const m = tutorial();
    const [, , bias] = m.getWeights();
    expect(Array.from(bias.data)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    m.dispose();
  });

  test('predicts only from a state that is given', async () => {
    const m = tutorial();
    await expect(m.predict([[[1], [2], [3]]])).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: A stateful model was asked to predict, and predict carries no state from call to call. [STATE_NOT_CARRIED]
        expected: { state: 'zero' } or { state: where each row starts }
        received: no state
        where: sequential.predict, for lstm#0
        hint: To carry state from call to call use model.stream({ lanes }) or trainer.predict(x).]
    `);
    const zero = await m.predict([[[1], [2], [3]]], { state: 'zero' });
    const state = m.initialState(1);
    expectClose(await m.predict([[[1], [2], [3]]], { state }), zero);
    tf.dispose(Object.values(state).flat());
    m.dispose();
  });

  test('summary', () => {
    const m = tutorial();
    const summary = m.summary();
    expect(summary.split('\n').every((line) => line.length <= 80)).toBe(true);
    expect(summary).toMatchInlineSnapshot(`
      "Model: sequential (Sequential)
      ────────────────────────────────────────────────────────────────────────────────
      Layer (type)                    Output shape            Parameters  Path
      ────────────────────────────────────────────────────────────────────────────────
      lstm (LSTM)                     [1, 4]                  96          reference
      dense (Dense)                   [1, 1]                  5
      ────────────────────────────────────────────────────────────────────────────────
      101 parameters: 101 trainable, 0 not trainable"
    `);
    m.dispose();
  });
});

describe('names', () => {
  test('count per model, in snake case', () => {
    const build = () =>
      sequential([
        lstm({ units: 2, returnSequences: true, inputShape: [3, 1] }),
        simpleRnn({ units: 2, returnSequences: true }),
        lstm({ units: 2 }),
        dense({ units: 1 }),
        dense({ units: 1 }),
      ]);
    const [first, second] = [build(), build()];
    const names = ['lstm', 'simple_rnn', 'lstm_1', 'dense', 'dense_1'];
    expect(first.layers.map(({ name }) => name)).toEqual(names);
    expect(second.layers.map(({ name }) => name)).toEqual(names);
    first.dispose();
    second.dispose();
  });

  test('given names are kept and avoided', () => {
    const m = sequential([dense({ units: 1, inputShape: [1] }), dense({ units: 1, name: 'dense' }), dense({ units: 1 })], { name: 'net' });
    expect(m.layers.map(({ name }) => name)).toEqual(['dense_1', 'dense', 'dense_2']);
    expect(m.name).toBe('net');
    m.dispose();
    expect(() => sequential([dense({ units: 1, name: 'a', inputShape: [1] }), dense({ units: 1, name: 'a' })])).toThrow('DUPLICATE_NAME');
    expect(() => dense({ units: 1, name: 'a/b' })).toThrow('INVALID_NAME');
    expect(() => dense({ units: 1, trainable: 1 as unknown as boolean })).toThrow('INVALID_OPTION');
    expect(() => m.getLayer('lstm')).toThrow('UNKNOWN_LAYER');
  });
});

describe('seeds', () => {
  const build = (seed?: number) =>
    sequential([lstm({ units: 3, inputShape: [2, 2] }), dense({ units: 2 })], seed === undefined ? {} : { seed });
  const weights = (seed?: number) => {
    const m = build(seed);
    const values = m.getWeights().map((array) => array.toNested());
    m.dispose();
    return values;
  };

  test('the same seed gives the same bits, another one other values, zero being the default', () => {
    expect(weights(7)).toEqual(weights(7));
    expect(weights()).toEqual(weights(0));
    expect(weights(7)).not.toEqual(weights(8));
  });

  test('parameters of one shape differ', () => {
    const m = sequential([dense({ units: 2, inputShape: [2] }), dense({ units: 2 })]);
    const [a, , b] = m.getWeights();
    expect(a.toNested()).not.toEqual(b.toNested());
    m.dispose();
  });
});

describe('weights', () => {
  test('go in as they come out', () => {
    const m = tutorial();
    const copy = tutorial();
    setKerasWeights(m);
    copy.setWeights(m.getWeights());
    expect(copy.getWeights().map((array) => array.toNested())).toEqual(m.getWeights().map((array) => array.toNested()));
    m.dispose();
    copy.dispose();
  });

  test('are all checked before any is set', () => {
    const m = tutorial();
    const before = m.getWeights().map((array) => array.toNested());
    const wrong = m.getWeights();
    wrong[0] = ndarray(new Float32Array(16).fill(1), [1, 16]);
    wrong[4] = ndarray([1, 2]);
    expect(() => m.setWeights(wrong)).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: An array has not the shape of its parameter. [WEIGHTS_MISMATCH]
        expected: [1]
        received: [2]
        where: sequential.setWeights, dense/bias]
    `);
    expect(() => m.setWeights(wrong.slice(1))).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The number of arrays is not that of the parameters. [WEIGHTS_MISMATCH]
        expected: 5: lstm/lstm_cell/kernel, lstm/lstm_cell/recurrent_kernel, lstm/lstm_cell/bias, dense/kernel, dense/bias
        received: 4
        where: sequential.setWeights]
    `);
    expect(m.getWeights().map((array) => array.toNested())).toEqual(before);
    m.dispose();
  });
});

describe('the first layer', () => {
  test('an input, or a model, may come first', () => {
    const inner = sequential([input({ shape: [null, 2] }), gru({ units: 3 })], { name: 'inner' });
    const outer = sequential([inner, dense({ units: 1 })]);
    expect(outer.inputs[0].shape).toEqual([null, null, 2]);
    expect(outer.parameters[0].path).toBe('inner/gru/gru_cell/kernel');
    const tokens = sequential([embedding({ inputDim: 9, outputDim: 2, inputShape: [4] }), flatten()]);
    expect(tokens.inputs[0].dtype).toBe('int32');
    const wrapped = sequential([bidirectional({ layer: lstm({ units: 2, inputShape: [3, 1] }) })]);
    expect(wrapped.inputs[0].shape).toEqual([null, 3, 1]);
    for (const m of [outer, inner, tokens, wrapped]) m.dispose();
  });

  test('must say its shape', () => {
    expect(() => sequential([lstm({ units: 2 })])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The first layer must say the shape of the input. [INPUT_SHAPE_MISSING]
        expected: inputShape: [steps, features] or batchInputShape: [batch, steps, features], null for any length
        received: neither
        where: lstm]
    `);
    expect(() => sequential([])).toThrow('INPUT_SHAPE_MISSING');
    expect(() => sequential([dense({ units: 1, inputShape: [1], batchInputShape: [1, 1] })])).toThrow('INVALID_SHAPE');
  });
});

describe('what a row of layers cannot be', () => {
  test('several outputs, one layer twice, shapes that do not fit', () => {
    expect(() =>
      sequential([lstm({ units: 2, returnState: true, inputShape: [3, 1] }), dense({ units: 1 })]),
    ).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: A sequential model is a row of layers with one output each. [INVALID_GRAPH]
        expected: each layer once, one output
        received: several outputs
        where: lstm
        hint: For other graphs use input(…), apply(…) and model({ inputs, outputs }).]
    `);
    const twice = dense({ units: 1, inputShape: [1] });
    expect(() => sequential([twice, twice])).toThrow('the same layer twice');
    expect(() => sequential([lstm({ units: 2, inputShape: [3, 1] }), lstm({ units: 2 })])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: A recurrent layer takes one sequence. [SHAPE_MISMATCH]
        expected: [batch, time, features]
        received: [null, 2]
        where: lstm, input
        hint: The layer before may lack returnSequences: true; or repeatVector makes steps of one row.]
    `);
    expect(() => sequential([lstm({ units: 2, unroll: true, inputShape: [null, 1] })])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: A layer cannot be unrolled over an unknown number of steps. [UNROLL_NEEDS_STEPS]
        expected: a fixed number of steps
        received: null
        where: lstm, unroll
        hint: Give inputShape a number of steps, or leave unroll out: the results are the same.]
    `);
    expect(() => sequential([dense({ units: 1, inputShape: [1] })], { layers: 3 } as never)).toThrow('UNKNOWN_OPTION');
  });
});

test('options of recurrent layers are checked', () => {
  expect(() => lstm({ units: 0 })).toThrow('INVALID_UNITS');
  expect(() => lstm({ units: 2, dropout: Number.NaN })).toThrow('INVALID_OPTION');
  expect(() => lstm({ units: 2, stateful: 'yes' as never })).toThrow('INVALID_OPTION');
  expect(() => lstm({ units: 2, return_sequences: true } as never)).toThrowErrorMatchingInlineSnapshot(`
    [CellstateError: Unknown option 'return_sequences'. [UNKNOWN_OPTION]
      expected: one of units, activation, useBias, kernelInitializer, recurrentInitializer, biasInitializer, kernelRegularizer, recurrentRegularizer, biasRegularizer, kernelConstraint, recurrentConstraint, biasConstraint, dropout, recurrentDropout, seed, recurrentActivation, unitForgetBias, returnSequences, returnState, goBackwards, stateful, unroll, zeroOutputForMask, name, trainable, inputShape, batchInputShape, activityRegularizer
      received: return_sequences
      where: lstm
      hint: Did you mean 'returnSequences'?]
  `);
  expect(() => gru({ units: 2, unitForgetBias: true } as never)).toThrow('UNKNOWN_OPTION');
  expect(() => lstm({ units: 2, recurrentActivation: 'sigmod' })).toThrow('UNKNOWN_ACTIVATION');
});

test('options of wrappers are checked', () => {
  const layer = lstm({ units: 2 });
  expect(() => bidirectional({ layer: dense({ units: 1 }) })).toThrowErrorMatchingInlineSnapshot(`
    [CellstateError: Only a recurrent layer can run in both directions. [INVALID_OPTION]
      expected: lstm(…), gru(…), simpleRnn(…) or rnn(…)
      received: Dense
      where: bidirectional, layer]
  `);
  expect(() => bidirectional({ layer, mergeMode: 'mean' as never })).toThrowErrorMatchingInlineSnapshot(`
    [CellstateError: The merge mode is not known. [INVALID_OPTION]
      expected: concat, sum, mul, ave or null
      received: mean
      where: bidirectional, mergeMode]
  `);
  expect(() => bidirectional({ layer, backwardLayer: lstm({ units: 2 }) })).toThrowErrorMatchingInlineSnapshot(`
    [CellstateError: The two layers must read time in opposite directions. [INVALID_OPTION]
      expected: goBackwards: true
      received: goBackwards: false
      where: bidirectional, backwardLayer]
  `);
  expect(() => bidirectional({ layer, backwardLayer: lstm({ units: 2, goBackwards: true, returnSequences: true }) })).toThrow(
    'must agree in returnSequences',
  );
  expect(() => bidirectional({ layer: lstm({ units: 2, goBackwards: true }) })).toThrow(/must read time forwards/);
  const uneven = bidirectional({ layer, backwardLayer: lstm({ units: 3, goBackwards: true }), mergeMode: 'sum' });
  expect(() => uneven.apply(input({ shape: [3, 1] }))).toThrow('SHAPE_MISMATCH');
  expect(() => timeDistributed({ layer: lstm({ units: 2, stateful: true }) })).toThrowErrorMatchingInlineSnapshot(`
    [CellstateError: A stateful layer cannot be distributed over time. [INVALID_OPTION]
      expected: stateful: false
      received: lstm
      where: timeDistributed, layer
      hint: Every step starts it from zero.]
  `);
  expect(() => timeDistributed({ layer: undefined as unknown as Layer })).toThrow('INVALID_OPTION');
  expect(() => timeDistributed({ layer: dense({ units: 1 }) }).apply(input({ shape: [3] }))).toThrow('SHAPE_MISMATCH');
  expect(() => timeDistributed({ layer: lstm({ units: 1, returnState: true }) }).apply(input({ shape: [3, 2, 1] }))).toThrow(
    'SHAPE_MISMATCH',
  );
});

test('a model is no trainer', () => {
  const m = tutorial();
  expect(() => m.resetStates()).toThrowErrorMatchingInlineSnapshot(`
    [CellstateError: A model is a pure function and has no resetStates. [NOT_A_TRAINER]
      expected: a trainer
      received: a model
      where: sequential.resetStates
      hint: State belongs to whoever carries it: trainer.resetStates() or stream.reset().]
  `);
  expect(() => m.compile()).toThrow('createTrainer');
  expect(() => m.fit()).toThrow('createTrainer');
  m.dispose();
});

test('explain warns where state is carried but cannot help', () => {
  const m = sequential([bidirectional({ layer: lstm({ units: 2, stateful: true, inputShape: [null, 1] }) })]);
  expect(m.explain()).toMatchInlineSnapshot(`
    "State is carried from batch to batch, any number of lanes, row by row, by: bidirectional/forward_lstm#0, bidirectional/backward_lstm#0.
    Warning: bidirectional/backward_lstm#0 reads time backwards and is stateful. As in Keras, it starts a batch from the state it had at the first step of the batch before, which lies in the past: rarely what is meant."
  `);
  const plain = sequential([dropout({ rate: 0.1, inputShape: [1] })]);
  expect(plain.explain()).toBe('No layer is stateful: every row of a batch starts from zero state.');
  m.dispose();
  plain.dispose();
});

test('a disposed model frees all it made, and says so when called', async () => {
  await expectNoLeak(async () => {
    const m = sequential([
      masking({ inputShape: [null, 2] }),
      bidirectional({ layer: lstm({ units: 2, returnSequences: true }) }),
      timeDistributed({ layer: dense({ units: 1 }) }),
    ]);
    await m.predict([
      [
        [1, 2],
        [3, 4],
        [0, 0],
      ],
    ]);
    m.summary();
    m.dispose();
    m.dispose();
    await expect(m.predict([[[1, 2]]])).rejects.toThrow('DISPOSED');
  });
});

test('layers give and take their own weights', () => {
  const m = sequential([lstm({ units: 2, inputShape: [null, 1] }), dense({ units: 1 })]);
  const [first, last] = m.layers;
  expect(first.parameters.map(({ path }) => path)).toEqual([
    'lstm/lstm_cell/kernel',
    'lstm/lstm_cell/recurrent_kernel',
    'lstm/lstm_cell/bias',
  ]);
  expect(last.countParams()).toBe(3);
  last.setWeights([[[1], [2]], [3]]);
  expect(last.getWeights().map((array) => array.toNested())).toEqual([[[1], [2]], [3]]);
  expect(m.getWeights()[3].toNested()).toEqual([[1], [2]]);
  expect(() => last.setWeights([])).toThrow('WEIGHTS_MISMATCH');
  m.dispose();
  expect(dense({ units: 1 }).parameters).toEqual([]);
});
