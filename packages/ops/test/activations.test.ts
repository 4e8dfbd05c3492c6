import { expectClose } from '@cellstate/testing';
import { expectGradientsMatch, expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { ACTIVATION_NAMES, activation } from '../src/index.ts';

const POINTS = [-4, -3, -1, -0.5, 0, 0.5, 1, 3, 4];

/** Keras 3's values at POINTS, or the definition in float64 where it is a line long. */
const EXPECTED: Readonly<Record<string, readonly number[]>> = {
  hard_sigmoid: [0, 0, 0.3333333, 0.41666666, 0.5, 0.5833333, 0.6666667, 1, 1],
  gelu: [-1.2671947e-4, -0.0040496886, -0.15865526, -0.15426877, 0, 0.34573123, 0.84134471, 2.9959502, 3.9998732],
  selu: [-1.7258986, -1.6705687, -1.1113307, -0.6917582, 0, 0.5253505, 1.050701, 3.152103, 4.202804],
  mish: [-0.07259174, -0.14564747, -0.30340147, -0.22074378, 0, 0.37524518, 0.8650984, 2.986535, 3.997413],
  leaky_relu: [-0.8, -0.6, -0.2, -0.1, 0, 0.5, 1, 3, 4],
  hard_silu: [0, 0, -0.3333333, -0.20833333, 0, 0.29166666, 0.6666667, 3, 4],
  hard_swish: [0, 0, -0.3333333, -0.20833333, 0, 0.29166666, 0.6666667, 3, 4],
  elu: POINTS.map((x) => (x > 0 ? x : Math.expm1(x))),
  celu: POINTS.map((x) => (x > 0 ? x : Math.expm1(x))),
  softplus: POINTS.map((x) => Math.log1p(Math.exp(x))),
  softsign: POINTS.map((x) => x / (1 + Math.abs(x))),
  relu: POINTS.map((x) => Math.max(x, 0)),
  relu6: [8, ...POINTS.slice(1)].map((x) => Math.min(Math.max(x, 0), 6)),
  tanh: POINTS.map(Math.tanh),
  sigmoid: POINTS.map((x) => 1 / (1 + Math.exp(-x))),
  exponential: POINTS.map(Math.exp),
  linear: POINTS,
  silu: POINTS.map((x) => x / (1 + Math.exp(-x))),
  swish: POINTS.map((x) => x / (1 + Math.exp(-x))),
  log_sigmoid: POINTS.map((x) => -Math.log1p(Math.exp(-x))),
  hard_tanh: POINTS.map((x) => Math.min(Math.max(x, -1), 1)),
  hard_shrink: [-4, -3, -1, 0, 0, 0, 1, 3, 4],
  soft_shrink: [-3.5, -2.5, -0.5, 0, 0, 0, 0.5, 2.5, 3.5],
  tanh_shrink: POINTS.map((x) => x - Math.tanh(x)),
  squareplus: POINTS.map((x) => (x + Math.sqrt(x * x + 4)) / 2),
  sparse_plus: [0, 0, 0, 0.0625, 0.25, 0.5625, 1, 3, 4],
  sparse_sigmoid: [0, 0, 0, 0.25, 0.5, 0.75, 1, 1, 1],
};

/** Where functions have a kink, and the slope that Keras 3.15.1 has there on TensorFlow. */
const KINKS: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  celu: [[0, 2]],
  elu: [[0, 1]],
  relu: [[0, 0]],
  relu6: [
    [0, 0],
    [6, 0],
  ],
  selu: [[0, 1.050701]],
  leaky_relu: [[0, 0.2]],
  hard_sigmoid: [
    [-3, 0],
    [3, 0],
  ],
  hard_silu: [
    [-3, 0],
    [3, 1],
  ],
  hard_tanh: [
    [-1, 1],
    [1, 1],
  ],
  hard_shrink: [
    [-0.5, 0],
    [0.5, 0],
  ],
  soft_shrink: [
    [-0.5, 0],
    [0.5, 0],
  ],
  sparse_plus: [
    [-1, 0],
    [1, 1],
  ],
  sparse_sigmoid: [
    [-1, 0],
    [1, 0],
  ],
};

const OF_AN_AXIS = ['softmax', 'log_softmax', 'sparsemax', 'glu'];

describe('activations', () => {
  test('every name has its values checked', () => {
    expect([...Object.keys(EXPECTED), ...OF_AN_AXIS].sort()).toEqual([...ACTIVATION_NAMES]);
  });

  test.each(Object.entries(EXPECTED))('%s', (name, expected) => {
    const points = name === 'relu6' ? [8, ...POINTS.slice(1)] : POINTS;
    const received = expectNoLeak(() => tf.tidy(() => activation(name).apply(tf.tensor1d(points)).arraySync()));
    expectClose(received as number[], [...expected], { absolute: 1e-6, relative: 1e-6 });
  });

  test.each([...ACTIVATION_NAMES])('the gradient of %s', (name) => {
    const x = tf.tensor2d([
      [-2.3, -0.8, 0.2, 1.7],
      [0.6, -0.3, 2.4, -1.6],
    ]);
    expectNoLeak(() => expectGradientsMatch((given) => activation(name).apply(given), [x]));
    x.dispose();
  });

  test('softmax and log_softmax act on the last axis', () => {
    const rows = [
      [1, 2, 4],
      [0, -1, 0.5],
    ];
    const expected = rows.map((row) => row.map((x) => Math.exp(x) / row.reduce((sum, other) => sum + Math.exp(other), 0)));
    const received = (name: string) => tf.tidy(() => activation(name).apply(tf.tensor2d(rows)).arraySync()) as number[][];
    expectClose(received('softmax'), expected);
    expectClose(
      received('log_softmax'),
      expected.map((row) => row.map(Math.log)),
    );
  });

  test('sparsemax is what Keras 3.15.1 gives, which is not always the nearest point of the simplex', () => {
    const rows = [
      [1, 0.9, -2],
      [0.3, 0.2, 0.1],
      [3, 0, 0],
      [0.5, 0.5, 0.5],
      [-1, -1.2, -0.7],
    ];
    const received = tf.tidy(() => activation('sparsemax').apply(tf.tensor2d(rows)).arraySync());
    expectClose(received as number[][], [
      [0.05, 0, 0],
      [0.16666664, 0.06666663, 0],
      [1, 0, 0],
      [0, 0, 0],
      [1.1, 0.9, 1.4],
    ]);
  });

  test('glu gates the first half of the last axis with the second', () => {
    const received = tf.tidy(() =>
      activation('glu')
        .apply(tf.tensor2d([[1, 2, 0, 3]]))
        .arraySync(),
    );
    expectClose(received as number[][], [[0.5, 2 / (1 + Math.exp(-3))]]);
    expect(() => tf.tidy(() => activation('glu').apply(tf.ones([2, 3])))).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: A gated linear unit splits the last axis in two. [SHAPE_MISMATCH]
        expected: an even last axis
        received: [2, 3]
        where: activation glu]
    `);
  });

  test('names in either spelling, functions, activations and nothing', () => {
    expect(activation('hardSigmoid').name).toBe('hard_sigmoid');
    expect(activation('LeakyReLU').name).toBe('leaky_relu');
    expect(activation('swish').name).toBe('silu');
    expect(activation(undefined).name).toBe('linear');
    expect(activation(null).name).toBe('linear');
    expect(activation((x) => tf.neg(x)).name).toBe('custom');
    const own = { name: 'own', apply: (x: tf.Tensor) => tf.neg(x) };
    expect(activation(own)).toBe(own);
  });

  test('an unknown name is an error that names the nearest', () => {
    expect(() => activation('sigmiod')).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: There is no activation 'sigmiod'. [UNKNOWN_ACTIVATION]
        expected: a function or one of celu, elu, exponential, gelu, glu, hard_shrink, hard_sigmoid, hard_silu, hard_swish, hard_tanh, leaky_relu, linear, log_sigmoid, log_softmax, mish, relu, relu6, selu, sigmoid, silu, soft_shrink, softmax, softplus, softsign, sparse_plus, sparse_sigmoid, sparsemax, squareplus, swish, tanh, tanh_shrink
        received: sigmiod
        where: activation
        hint: Did you mean 'sigmoid'?]
    `);
    expect(() => activation('threshold')).toThrow('pass a function, (x) => tf.where');
    expect(() => activation('somethingElseAltogether')).toThrow('Pass a function of one tensor');
  });
});

test.each(Object.entries(KINKS))('%s has the slope of Keras at its kinks, and NaN stays NaN', (name, kinks) => {
  tf.tidy(() => {
    const { apply } = activation(name);
    const slopes = tf.grad((x) => tf.sum(apply(x)))(tf.tensor1d(kinks.map(([at]) => at)));
    expectClose(
      slopes,
      kinks.map(([, slope]) => slope),
    );
    expect(Number.isNaN(apply(tf.tensor1d([Number.NaN])).dataSync()[0])).toBe(true);
  });
});
