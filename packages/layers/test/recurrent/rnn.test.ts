import { expectClose } from '@cellstate/testing';
import { expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import type { Cell, Layer, Model, RnnOptions, State, SymbolicTensor } from '../../src/index.ts';
import { defineCell, functional, input, lstmCell, ones, rnn } from '../../src/index.ts';
import { run } from './keras-setting.ts';

const kernels = (units: number, features: number) => [
  { name: 'kernel', shape: [features, units], initializer: ones() },
  { name: 'recurrent_kernel', shape: [units, units], initializer: ones() },
];

/** out = x·1 + h·1, which is also the state. */
function oneState(units: number): Cell {
  return defineCell({
    className: 'OneStateCell',
    config: () => ({ units }),
    stateShapes: [[units]],
    parameters: ([x]) => kernels(units, x.shape.at(-1) as number),
    begin:
      ({ parameter }) =>
      (x, [hidden]) => {
        const output = tf.add(
          tf.matMul(x, parameter('kernel') as tf.Tensor2D),
          tf.matMul(hidden as tf.Tensor2D, parameter('recurrent_kernel') as tf.Tensor2D),
        );
        return { output, state: [output] };
      },
  });
}

/** Both states are computed from the first one, and the output is their sum. */
function twoStates(units: number): Cell {
  const one = oneState(units).definition;
  return defineCell({
    ...one,
    className: 'TwoStatesCell',
    stateShapes: [[units], [units]],
    begin: (context) => {
      const step = one.begin(context);
      return (x, [hidden]) => {
        const { output } = step(x, [hidden]);
        return { output: tf.add(output, output), state: [output, tf.clone(output)] };
      };
    },
  });
}

function build(layer: Layer<unknown>, shape: readonly number[]): Model<unknown> {
  const x = input({ shape: shape.slice(1) });
  return functional({ inputs: x, outputs: layer.apply(x) as SymbolicTensor });
}

function counting(shape: readonly number[]): tf.Tensor {
  return tf.reshape(
    tf.range(
      0,
      shape.reduce((a, b) => a * b),
      1,
      'float32',
    ),
    [...shape],
  );
}

/** The first unit of each row of each output. */
function firsts(options: RnnOptions, x: () => tf.Tensor, call: (made: Model<unknown>, x: tf.Tensor) => object = () => ({})): number[][] {
  return expectNoLeak(() => {
    const made = build(
      rnn(options),
      tf.tidy(() => x().shape),
    );
    const values = tf.tidy(() => {
      const given = x();
      const { outputs } = made.call(given, call(made, given));
      const list = outputs instanceof tf.Tensor ? [outputs] : (outputs as tf.Tensor[]);
      return list.map((tensor) => Array.from(tensor.dataSync()).filter((_, k) => k % (tensor.shape.at(-1) as number) === 0));
    });
    made.dispose();
    return values;
  });
}

const afterFirst = (made: Model<unknown>, x: tf.Tensor): { state: State } => ({ state: made.call(x).state });

describe('cells of ones', () => {
  test('sequence and state', () => {
    const full = { returnSequences: true, returnState: true };
    expect(firsts({ cell: oneState(2), ...full }, () => tf.ones([1, 2, 3]))).toEqual([[3, 9], [9]]);
    expect(firsts({ cell: twoStates(2), ...full }, () => tf.ones([1, 2, 3]))).toEqual([[6, 18], [9], [9]]);
  });

  test('second call of a stateful layer', () => {
    expect(firsts({ cell: oneState(2), stateful: true }, () => tf.ones([1, 2, 3]), afterFirst)).toEqual([[45]]);
    expect(firsts({ cell: twoStates(2), stateful: true, returnState: true }, () => tf.ones([1, 2, 3]), afterFirst)).toEqual([
      [90],
      [45],
      [45],
    ]);
    expect(firsts({ cell: oneState(2), stateful: true }, () => counting([2, 3, 4]), afterFirst)).toEqual([[954, 3978]]);
  });

  test('initial state', () => {
    const one = () => ({ state: { 'rnn#0': [tf.ones([2, 2])] } });
    const two = () => ({ state: { 'rnn#0': [tf.ones([2, 2]), tf.ones([2, 2])] } });
    expect(firsts({ cell: oneState(2) }, () => tf.ones([2, 3, 2]), one)).toEqual([[22, 22]]);
    expect(firsts({ cell: twoStates(2), returnState: true }, () => tf.ones([2, 3, 2]), two)).toEqual([
      [44, 44],
      [22, 22],
      [22, 22],
    ]);
  });

  test('backwards', () => {
    expect(firsts({ cell: oneState(2), goBackwards: true }, () => counting([2, 3, 4]))).toEqual([[202, 538]]);
  });

  test('mask', () => {
    const mask = () => ({ mask: tf.tensor2d([1, 1, 1, 0, 1, 1, 0, 0], [2, 4]) });
    expect(firsts({ cell: oneState(2) }, () => counting([2, 4, 3]), mask)).toEqual([[57, 126]]);
    expect(firsts({ cell: oneState(2), returnSequences: true }, () => counting([2, 4, 3]), mask)).toEqual([
      [3, 18, 57, 57, 39, 126, 126, 126],
    ]);
  });

  test('stacked', () => {
    const x = () => counting([2, 3, 4]);
    const one = () => [oneState(3), oneState(2)];
    const two = () => [twoStates(3), twoStates(2)];
    expect(firsts({ cell: one(), returnState: true }, x)).toEqual([
      [786, 4386],
      [158, 782],
      [786, 4386],
    ]);
    expect(firsts({ cell: one(), returnSequences: true }, x)).toEqual([[18, 156, 786, 162, 1020, 4386]]);
    expect(firsts({ cell: one(), stateful: true }, x, afterFirst)).toEqual([[34092, 173196]]);
    expect(firsts({ cell: two(), returnState: true }, x)).toEqual([
      [3144, 17544],
      [158, 782],
      [158, 782],
      [1572, 8772],
      [1572, 8772],
    ]);
    expect(firsts({ cell: two(), returnSequences: true }, x)).toEqual([[72, 624, 3144, 648, 4080, 17544]]);
    expect(firsts({ cell: two(), stateful: true }, x, afterFirst)).toEqual([[136368, 692784]]);
  });
});

test('stacked LSTM cells with a mask', () => {
  const cell = () => lstmCell({ units: 1, kernelInitializer: 'ones', recurrentInitializer: 'ones' });
  const made = build(rnn({ cell: [cell(), cell()] }), [2, 3, 4]);
  tf.tidy(() => {
    const { outputs } = run(made, tf.ones([2, 3, 4]), { mask: tf.tensor2d([1, 1, 1, 1, 1, 0], [2, 3]) });
    expectClose(outputs[0], [0.7793, 0.5998], { absolute: 1e-4 });
  });
  expect(made.parameters.map(({ path }) => path)).toEqual([
    'rnn/stacked_rnn_cells/lstm_cell/kernel',
    'rnn/stacked_rnn_cells/lstm_cell/recurrent_kernel',
    'rnn/stacked_rnn_cells/lstm_cell/bias',
    'rnn/stacked_rnn_cells/lstm_cell_1/kernel',
    'rnn/stacked_rnn_cells/lstm_cell_1/recurrent_kernel',
    'rnn/stacked_rnn_cells/lstm_cell_1/bias',
  ]);
  made.dispose();
});

test('a cell given to two layers is shared', () => {
  const cell = oneState(2);
  const x = input({ shape: [2, 2] });
  const first = rnn({ cell, returnSequences: true });
  const made = functional({ inputs: x, outputs: rnn({ cell }).apply(first.apply(x)) });
  expect(made.countParams()).toBe(8);
  made.dispose();
});

test('what is no cell', () => {
  expect(() => rnn({ cell: 'lstm' as unknown as Cell })).toThrowErrorMatchingInlineSnapshot(`
    [CellstateError: A recurrent layer runs a cell. [INVALID_OPTION]
      expected: lstmCell(…), gruCell(…), simpleRnnCell(…), or defineCell({ stateShapes, begin, … })
      received: string
      where: rnn, cell]
  `);
  expect(() => rnn({ cell: [] })).toThrowErrorMatchingInlineSnapshot(`
    [CellstateError: A stack needs at least one cell. [INVALID_OPTION]
      expected: cells
      received: none
      where: stackedCells]
  `);
});
