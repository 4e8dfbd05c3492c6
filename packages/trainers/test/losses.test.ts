import '@cellstate/ops';
import { expectClose } from '@cellstate/testing';
import { expectGradientsMatch, expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import {
  binaryCrossentropy,
  categoricalCrossentropy,
  huber,
  type Loss,
  type LossLike,
  meanSquaredError,
  sparseCategoricalCrossentropy,
} from '../src/index.ts';
import { alignTarget } from '../src/losses/align-target.ts';
import { reduceLoss } from '../src/losses/reduce-loss.ts';
import { resolveLoss } from '../src/losses/resolve-loss.ts';

type Numbers = tf.TensorLike;

interface Given {
  readonly target: Numbers;
  readonly prediction: Numbers;
  readonly sampleWeight?: Numbers;
  readonly mask?: Numbers;
}

function lossOf(like: LossLike, { target, prediction, sampleWeight, mask }: Given): number {
  return expectNoLeak(() => {
    let value = Number.NaN;
    tf.tidy(() => {
      const loss = resolveLoss(like);
      const pair = alignTarget(tf.tensor(target), tf.tensor(prediction), { kind: loss.target, where: 'y' });
      const weights = {
        mask: mask === undefined ? null : tf.tensor(mask),
        sampleWeight: sampleWeight === undefined ? null : tf.tensor(sampleWeight),
      };
      value = reduceLoss(loss, { ...pair, ...weights, where: 'y' }).dataSync()[0];
    });
    return value;
  });
}

const y = [
  [0, 1, 2],
  [3, -1, 0.5],
];
const p = [
  [0.1, 0.8, 2.5],
  [1, -1.2, 2],
];
const labels = [[0], [1], [1]];
const chances = [[0.2], [0.9], [0.4]];
const oneHot = [
  [0, 1, 0],
  [0, 0, 1],
];
const distribution = [
  [0.05, 0.95, 0],
  [0.1, 0.8, 0.1],
];

describe("Keras' values", () => {
  // Without weights, and with sample weights [1, 3].
  test.each([
    ['mse', 1.0983332, 3.195],
    ['mae', 0.75, 1.9833333],
    ['msle', 0.16747555, 0.48777756],
    ['huber', 0.445, 1.285],
    [huber({ delta: 0.5 }), 0.27833334, 0.785],
    ['log_cosh', 0.39088088, 1.1243179],
    ['cosine_similarity', -0.81374246, -1.4537697],
  ] as [LossLike, number, number][])('%o', (like, plain, weighted) => {
    expectClose(lossOf(like, { target: y, prediction: p }), plain, { relative: 2e-6 });
    expectClose(lossOf(like, { target: y, prediction: p, sampleWeight: [1, 3] }), weighted, { relative: 2e-6 });
  });

  test('mape divides by at least 1e-7', () => {
    expectClose(lossOf('mape', { target: y, prediction: p }), 16666737, { relative: 1e-6 });
  });

  test('reductions of mse with weights [1, 3]', () => {
    const weighted = { target: y, prediction: p, sampleWeight: [1, 3] };
    expectClose(lossOf(meanSquaredError({ reduction: 'sum' }), weighted), 6.39);
    expectClose(lossOf(meanSquaredError({ reduction: 'sumOverBatchSize' }), weighted), 3.195);
    expectClose(lossOf(meanSquaredError({ reduction: 'meanWithSampleWeight' }), weighted), 1.5975);
    expectClose(lossOf(meanSquaredError({ reduction: 'sum' }), { target: y, prediction: p }), 0.1 + 2.0966664);
  });

  test('crossentropies', () => {
    const binary = { target: labels, prediction: chances };
    expectClose(lossOf('binary_crossentropy', binary), 0.41493163);
    expectClose(lossOf(binaryCrossentropy({ labelSmoothing: 0.1 }), binary), 0.46789917);
    expectClose(lossOf(binaryCrossentropy({ fromLogits: true }), binary), 0.55076939);
    const classes = { target: oneHot, prediction: distribution };
    expectClose(lossOf('categorical_crossentropy', classes), 1.1769392);
    expectClose(lossOf(categoricalCrossentropy({ labelSmoothing: 0.1 }), classes), 1.4591359);
    expectClose(lossOf(categoricalCrossentropy({ fromLogits: true }), classes), 0.98689508);
    expectClose(lossOf('sparse_categorical_crossentropy', { target: [1, 2], prediction: distribution }), 1.1769392);
    expectClose(lossOf(sparseCategoricalCrossentropy({ fromLogits: true }), { target: [[1], [2]], prediction: distribution }), 0.98689508);
  });
});

describe('formulas in float64', () => {
  const positive = [
    [0.3, 1.7, 2],
    [3, 0.1, 0.5],
  ];
  const each = (values: number[][], f: (t: number, q: number) => number, target = y) =>
    values.reduce((sum, row, i) => sum + row.reduce((rowSum, q, j) => rowSum + f(target[i][j], q), 0), 0);

  test('poisson', () => {
    expectClose(lossOf('poisson', { target: y, prediction: positive }), each(positive, (t, q) => q - t * Math.log(q + 1e-7)) / 6);
  });

  test('klDivergence', () => {
    const q = [
      [0.2, 0.3, 0.5],
      [0.7, 0.1, 0.2],
    ];
    const t = [
      [0.1, 0.6, 0.3],
      [0.25, 0.25, 0.5],
    ];
    const expected = each(q, (a, b) => a * Math.log(a / b), t) / 2;
    for (const name of ['kld', 'kl_divergence', 'KLDivergence', 'kullback_leibler_divergence'])
      expectClose(lossOf(name, { target: t, prediction: q }), expected);
  });

  test('hinges map targets 0 and 1 to −1 and 1', () => {
    const zeros = [[0, 1, 1]];
    const signs = [[-1, 1, 1]];
    const prediction = [[0.3, 0.6, -2]];
    const margins = [1.3, 0.4, 3];
    for (const target of [zeros, signs]) {
      expectClose(lossOf('hinge', { target, prediction }), margins.reduce((a, b) => a + b) / 3);
      expectClose(lossOf('squared_hinge', { target, prediction }), margins.reduce((a, b) => a + b * b, 0) / 3);
    }
    expectClose(lossOf('categorical_hinge', { target: [[0, 1, 0]], prediction: [[0.9, 0.6, 0.1]] }), 0.9 - 0.6 + 1);
  });
});

describe('gradients agree with finite differences', () => {
  const smooth: [string | Loss, Numbers, Numbers][] = [
    ['mse', y, p],
    ['mae', y, p],
    ['mape', [[0.7, 1, 2]], [[0.1, 0.8, 2.5]]],
    ['msle', [[0.7, 1, 2]], [[0.3, 0.8, 2.5]]],
    [huber({ delta: 0.6 }), y, p],
    ['logCosh', y, p],
    ['cosineSimilarity', y, p],
    ['poisson', [[0, 1, 2]], [[0.4, 0.8, 2.5]]],
    ['klDivergence', [[0.2, 0.3, 0.5]], [[0.4, 0.5, 0.1]]],
    ['bce', labels, chances],
    [binaryCrossentropy({ fromLogits: true, labelSmoothing: 0.2 }), labels, chances],
    [
      categoricalCrossentropy(),
      oneHot,
      [
        [0.3, 0.3, 0.4],
        [0.1, 0.8, 0.1],
      ],
    ],
    [categoricalCrossentropy({ fromLogits: true }), oneHot, distribution],
    [sparseCategoricalCrossentropy({ fromLogits: true, ignoreClass: 0 }), [0, 2], distribution],
    ['hinge', [[0, 1, 1]], [[0.3, 0.6, -2]]],
    ['squaredHinge', [[0, 1, 1]], [[0.3, 0.6, -2]]],
    ['categoricalHinge', [[0, 1, 0]], [[0.9, 0.6, 0.1]]],
  ];
  test.each(smooth)('%o', (like, target, prediction) => {
    const loss = resolveLoss(like);
    tf.tidy(() => {
      const t = tf.tensor(target);
      expectGradientsMatch(
        (q) => reduceLoss(loss, { target: t, prediction: q, mask: null, sampleWeight: null, where: 'y' }),
        [tf.tensor(prediction)],
        { step: 0.005 },
      );
    });
  });
});

describe('masks and weights', () => {
  const target = [
    [[1], [2], [3]],
    [[4], [5], [6]],
  ];
  const prediction = [
    [[2], [4], [9]],
    [[4], [1], [6]],
  ];
  // Squared errors: 1, 4, 36 and 0, 16, 0.
  test('a mask gives the mean over the valid steps', () => {
    expectClose(
      lossOf('mse', {
        target,
        prediction,
        mask: [
          [1, 1, 0],
          [1, 0, 0],
        ],
      }),
      5 / 3,
    );
  });

  test('a mask and weights multiply; the divisor is the number of valid steps', () => {
    const mask = [
      [1, 1, 0],
      [1, 1, 0],
    ];
    expectClose(
      lossOf('mse', {
        target,
        prediction,
        mask,
        sampleWeight: [
          [2, 1, 5],
          [3, 0.5, 5],
        ],
      }),
      (2 + 4 + 8) / 4,
    );
    expectClose(lossOf(meanSquaredError({ reduction: 'sum' }), { target, prediction, mask }), 21);
    expectClose(lossOf(meanSquaredError({ reduction: 'meanWithSampleWeight' }), { target, prediction, mask }), 21 / 4);
  });

  test('a batch without a valid step has loss 0', () => {
    expect(
      lossOf('mse', {
        target,
        prediction,
        mask: [
          [0, 0, 0],
          [0, 0, 0],
        ],
      }),
    ).toBe(0);
  });

  test('a mask of rows counts for all their steps', () => {
    expectClose(lossOf('mse', { target, prediction, mask: [0, 1] }), 16 / 3);
  });

  test('padding a batch changes nothing', () => {
    const padded = { target: [[[1], [2], [0]]], prediction: [[[3], [1], [7]]], mask: [[1, 1, 0]] };
    expectClose(lossOf('mae', padded), lossOf('mae', { target: [[[1], [2]]], prediction: [[[3], [1]]] }));
  });

  test('ignoreClass leaves targets out of the mean', () => {
    const loss = sparseCategoricalCrossentropy({ ignoreClass: -1 });
    const all = lossOf(loss, { target: [1, 2], prediction: distribution });
    const last = [...distribution, [0.5, 0.25, 0.25]];
    expectClose(lossOf(loss, { target: [1, 2, -1], prediction: last }), all);
  });

  test('row weights against steps throw instead of weighting the wrong axis', () => {
    expect(() => lossOf('mse', { target, prediction, sampleWeight: [1, 3] })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The sampleWeight does not fit the samples. [SAMPLE_WEIGHT_SHAPE]
        expected: [2, 3]
        received: [2]
        where: y
        hint: An output with a time axis needs a weight for each step: [batch, time].]
    `);
    expect(() => lossOf('mse', { target, prediction, mask: [1, 1, 1] })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The mask does not fit the samples. [MASK_SHAPE]
        expected: [2, 3]
        received: [3]
        where: y]
    `);
  });

  test('a loss of one number cannot be weighted', () => {
    const whole = (t: tf.Tensor, q: tf.Tensor) => tf.mean(tf.abs(tf.sub(t, q)));
    expectClose(lossOf(whole, { target: y, prediction: p }), 0.75);
    expect(() => lossOf(whole, { target: y, prediction: p, sampleWeight: [1, 3] })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: A sampleWeight needs a loss with a value for each sample; this one gives one number. [LOSS_NOT_PER_SAMPLE]
        expected: values of shape [2]
        received: a scalar
        where: y]
    `);
  });
});

describe('targets', () => {
  test('a last axis of one may be missing on either side', () => {
    const expected = (1 + 4) / 2;
    expectClose(lossOf('mse', { target: [1, 2], prediction: [[2], [4]] }), expected);
    expectClose(lossOf('mse', { target: [[1], [2]], prediction: [2, 4] }), expected);
    expectClose(lossOf('mse', { target: [1, 2], prediction: [2, 4] }), expected);
    expectClose(lossOf('mse', { target: [[1, 2]], prediction: [[[2], [4]]] }), expected);
  });

  test('any other shape throws instead of broadcasting', () => {
    expect(() => lossOf('mse', { target: [[1, 2]], prediction: [[2], [4]] })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The target does not have the shape of the prediction. [TARGET_SHAPE]
        expected: [2, 1]
        received: [1, 2]
        where: y]
    `);
    expect(() => lossOf('mse', { target: [[[1]], [[2]]], prediction: [[2], [4]] })).not.toThrow();
    expect(() =>
      lossOf('mse', {
        target: [[[1, 2]], [[2, 3]]],
        prediction: [
          [2, 1],
          [4, 1],
        ],
      }),
    ).toThrowError(expect.objectContaining({ code: 'TARGET_SHAPE' }));
    expect(() =>
      lossOf('sparse_categorical_crossentropy', { target: oneHot, prediction: distribution }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The target does not have the shape of the prediction. [TARGET_SHAPE]
        expected: [2] class ids
        received: [2, 3]
        where: y]
    `);
  });
});

describe('names', () => {
  test.each(['mse', 'MSE', 'mean_squared_error', 'MeanSquaredError', 'meanSquaredError'])('%s', (name) => {
    expect(resolveLoss(name).name).toBe('meanSquaredError');
  });

  test('a function lends its name', () => {
    expect(
      resolveLoss(function pinball() {
        return tf.scalar(0);
      }).name,
    ).toBe('pinball');
    expect(resolveLoss(() => tf.scalar(0)).name).toBe('loss');
  });

  test('unknown names and options', () => {
    expect(() => resolveLoss('meansquareerror')).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: There is no loss 'meansquareerror'. [UNKNOWN_LOSS]
        expected: one of meanSquaredError, meanAbsoluteError, meanAbsolutePercentageError, meanSquaredLogarithmicError, huber, logCosh, cosineSimilarity, poisson, klDivergence, binaryCrossentropy, categoricalCrossentropy, sparseCategoricalCrossentropy, hinge, squaredHinge, categoricalHinge, mse, mae, mape, msle, kld, bce, or a function
        received: meansquareerror
        where: createTrainer, option loss
        hint: Did you mean 'meanSquaredError'?]
    `);
    expect(() => meanSquaredError({ reduction: 'none' } as never)).toThrowError(expect.objectContaining({ code: 'INVALID_OPTION' }));
    expect(() => huber({ delta: 0 })).toThrowError(expect.objectContaining({ code: 'INVALID_OPTION' }));
    expect(() => binaryCrossentropy({ labelSmoothing: 1 })).toThrowError(expect.objectContaining({ code: 'INVALID_OPTION' }));
    expect(() => categoricalCrossentropy({ labelSmoothing: -1 })).toThrowError(expect.objectContaining({ code: 'INVALID_OPTION' }));
    expect(() => categoricalCrossentropy({ axes: -1 } as never)).toThrowError(expect.objectContaining({ code: 'UNKNOWN_OPTION' }));
  });

  test('a class that does not exist', () => {
    const { check } = sparseCategoricalCrossentropy({ ignoreClass: 9 });
    expect(() => check?.(Int32Array.of(0, 2, 9), [3, 3])).not.toThrow();
    expect(() => check?.(Int32Array.of(0, 3), [2, 3])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: A target is not one of the classes. [UNKNOWN_CLASS]
        expected: an integer in [0, 2]
        received: 3
        where: sparseCategoricalCrossentropy, target 1
        hint: The last axis of the prediction has one entry for each class; targets count from 0.]
    `);
    expect(() => check?.(Float32Array.of(0.5), [1, 3])).toThrowError(expect.objectContaining({ code: 'UNKNOWN_CLASS' }));
  });
});
