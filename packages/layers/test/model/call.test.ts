import { ndarray } from '@cellstate/core';
import { asymmetric, expectClose } from '@cellstate/testing';
import { expectGradientsMatch, expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import type { CallOptions, Layer, Model } from '../../src/index.ts';
import {
  batchNormalization,
  bidirectional,
  dense,
  dropout,
  gru,
  gruCell,
  l2,
  lstm,
  lstmCell,
  masking,
  repeatVector,
  rnn,
  sequential,
  simpleRnn,
  timeDistributed,
} from '../../src/index.ts';
import { arrayOf, kerasInput, setKerasWeights } from '../recurrent/keras-setting.ts';

const inputShape = [null, 2];

function output(m: Model, options: () => CallOptions = () => ({}), x: () => tf.Tensor = kerasInput): number[] {
  return Array.from(arrayOf(() => m.call(x(), options()).outputs as tf.Tensor).data);
}

describe('masks', () => {
  // The last two steps of row 1 and step 2 of row 0 are zero, so masked.
  const padded = () => tf.mul(kerasInput(), tf.tensor3d([1, 1, 0, 1, 1, 1, 0, 0], [2, 4, 1]));
  const mask = () => tf.tensor2d([1, 1, 0, 1, 1, 1, 0, 0], [2, 4]);

  test('made by a layer, they reach the next ones and come out', () => {
    const m = sequential([
      masking({ inputShape }),
      lstm({ units: 3, returnSequences: true }),
      timeDistributed({ layer: dense({ units: 2 }) }),
      gru({ units: 2, returnSequences: true }),
    ]);
    const plain = sequential([
      lstm({ units: 3, returnSequences: true, inputShape }),
      timeDistributed({ layer: dense({ units: 2 }) }),
      gru({ units: 2, returnSequences: true }),
    ]);
    setKerasWeights(m);
    setKerasWeights(plain);
    expectClose(
      output(m, undefined, padded),
      output(plain, () => ({ mask: mask() }), padded),
    );
    expect(output(m, undefined, padded)).not.toEqual(output(plain, undefined, padded));
    tf.tidy(() => {
      expect(m.call(padded()).masks[0]?.arraySync()).toEqual(mask().arraySync());
      expect(plain.call(padded()).masks).toEqual([null]);
    });
    m.dispose();
    plain.dispose();
  });

  test('end at a layer without sequences: the decoder of an autoencoder is not masked', () => {
    const m = sequential([masking({ inputShape }), lstm({ units: 3 }), repeatVector({ n: 4 }), lstm({ units: 2, returnSequences: true })]);
    setKerasWeights(m);
    tf.tidy(() => {
      const { outputs, masks } = m.call(padded());
      expect(masks).toEqual([null]);
      const steps = tf.unstack(outputs as tf.Tensor, 1).map((step) => JSON.stringify(step.arraySync()));
      expect(new Set(steps).size).toBe(4);
    });
    m.dispose();
  });

  test('of shape [batch, time, 1] and numbers are taken, others refused', () => {
    const m = sequential([lstm({ units: 3, inputShape })]);
    setKerasWeights(m);
    const flat = output(m, () => ({ mask: mask() }));
    expectClose(
      output(m, () => ({ mask: tf.cast(tf.reshape(mask(), [2, 4, 1]), 'bool') })),
      flat,
    );
    expect(() => output(m, () => ({ mask: tf.ones([2, 3]) }))).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The mask does not fit the sequence. [SHAPE_MISMATCH]
        expected: [2, 4]
        received: [2, 3]
        where: lstm#0, mask]
    `);
    m.dispose();
    const distributed = sequential([timeDistributed({ layer: dense({ units: 1 }), inputShape })]);
    expect(() => output(distributed, () => ({ mask: tf.ones([2, 3]) }))).toThrow('SHAPE_MISMATCH');
    distributed.dispose();
  });
});

describe('dropout', () => {
  const layers: [name: string, layer: () => Layer<unknown>][] = [
    ['dropout', () => lstm({ units: 3, dropout: 0.5, inputShape })],
    ['recurrentDropout', () => gru({ units: 3, recurrentDropout: 0.5, inputShape })],
    ['both', () => lstm({ units: 3, dropout: 0.3, recurrentDropout: 0.4, inputShape })],
    ['simpleRnn', () => simpleRnn({ units: 3, dropout: 0.3, recurrentDropout: 0.4, inputShape })],
    [
      'in a stack of cells',
      () => rnn({ cell: [lstmCell({ units: 3, dropout: 0.4 }), gruCell({ units: 3, recurrentDropout: 0.4 })], inputShape }),
    ],
    ['in both directions', () => bidirectional({ layer: gru({ units: 3, dropout: 0.5, inputShape }) })],
  ];

  test.each(layers)('%s: by the seed alone, and only in training', (_, layer) => {
    const m = sequential([layer() as Layer]);
    setKerasWeights(m);
    const drawn = output(m, () => ({ training: true, seed: 3 }));
    expect(output(m, () => ({ training: true, seed: 3 }))).toEqual(drawn);
    expect(output(m, () => ({ training: true, seed: 4 }))).not.toEqual(drawn);
    expect(output(m, () => ({ seed: 3 }))).toEqual(output(m));
    expect(drawn).not.toEqual(output(m));
    m.dispose();
  });

  test('a missing seed is told only when it is needed', () => {
    const m = sequential([lstm({ units: 2, dropout: 0.5, name: 'noisy', inputShape })]);
    expect(output(m)).toHaveLength(4);
    expect(() => output(m, () => ({ training: true }))).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: This pass draws random numbers and needs a seed. [SEED_MISSING]
        expected: { seed: an integer, another one for each pass }
        received: no seed
        where: noisy#0
        hint: A trainer passes one by itself.]
    `);
    const calm = sequential([lstm({ units: 2, inputShape })]);
    expect(output(calm, () => ({ training: true }))).toHaveLength(4);
    m.dispose();
    calm.dispose();
  });

  test('one mask for all steps: the input of a dropped feature never enters', () => {
    // Weights of the second feature are zero, so outputs are either those without dropout scaled input or those of no input at all.
    const m = sequential([simpleRnn({ units: 1, activation: 'linear', dropout: 0.5, returnSequences: true, inputShape: [null, 1] })]);
    m.setWeights([ndarray([[1]]), ndarray([[0]]), ndarray([0])]);
    const x = () => tf.ones([64, 5, 1]);
    const rows = arrayOf(() => m.call(x(), { training: true, seed: 1 }).outputs as tf.Tensor).toNested() as number[][][];
    const kinds = new Set(rows.map((row) => JSON.stringify(row)));
    expect([...kinds].sort()).toEqual([JSON.stringify(Array(5).fill([0])), JSON.stringify(Array(5).fill([2]))]);
    m.dispose();
  });

  test('of rate 1: nothing is dropped in an LSTM, everything in a simple recurrent layer, as in Keras', () => {
    const full = sequential([lstm({ units: 2, dropout: 1, inputShape })]);
    expect(output(full, () => ({ training: true }))).toEqual(output(full));
    const simple = sequential([simpleRnn({ units: 2, dropout: 1, inputShape })]);
    expect(output(simple, () => ({ training: true, seed: 1 }))).toEqual([0, 0, 0, 0]);
    full.dispose();
    simple.dispose();
  });

  test('a seed of the layer stands for its path', () => {
    const build = (name: string, seed?: number) => {
      const m = sequential([lstm({ units: 2, dropout: 0.5, name, ...(seed === undefined ? {} : { seed }), inputShape })]);
      setKerasWeights(m);
      const values = output(m, () => ({ training: true, seed: 5 }));
      m.dispose();
      return values;
    };
    expect(build('a', 1)).toEqual(build('b', 1));
    expect(build('a')).not.toEqual(build('b'));
  });

  test('timeDistributed draws for each step', () => {
    const m = sequential([timeDistributed({ layer: dropout({ rate: 0.5 }), inputShape: [null, 1] })]);
    const rows = arrayOf(() => m.call(tf.ones([8, 6, 1]), { training: true, seed: 2 }).outputs as tf.Tensor).toNested() as number[][][];
    expect(rows.some((row) => new Set(row.flat()).size === 2)).toBe(true);
    m.dispose();
  });
});

describe('what a pass leaves behind', () => {
  test('activity penalties, divided by the batch, for every output', () => {
    const m = sequential([lstm({ units: 2, activityRegularizer: l2({ l2: 0.5 }), inputShape })]);
    setKerasWeights(m);
    tf.tidy(() => {
      const { outputs, penalties } = m.call(kerasInput());
      expectClose(penalties[0], [(0.5 * (tf.sum(tf.square(outputs as tf.Tensor)).dataSync()[0] as number)) / 2]);
      expect(penalties).toHaveLength(1);
    });
    m.dispose();
  });

  test('the penalty of a layer under timeDistributed is the sum over its steps', () => {
    const m = sequential([timeDistributed({ layer: dense({ units: 2, activityRegularizer: 'l2' }), inputShape })]);
    setKerasWeights(m);
    tf.tidy(() => {
      const { outputs, penalties } = m.call(kerasInput());
      expect(penalties).toHaveLength(4);
      expectClose(tf.addN([...penalties]), [(0.01 * (tf.sum(tf.square(outputs as tf.Tensor)).dataSync()[0] as number)) / 2]);
    });
    m.dispose();
  });

  test('new statistics, one value for each parameter, and none outside training', () => {
    const m = sequential([batchNormalization({ inputShape }), lstm({ units: 2 })]);
    tf.tidy(() => {
      const before = m.getWeights().map((array) => array.toNested());
      const { updates } = m.call(kerasInput(), { training: true });
      const byPath = updates.map(({ variable }) => m.parameters.find((parameter) => parameter.variable === variable)?.path);
      expect(byPath).toEqual(['batch_normalization/moving_mean', 'batch_normalization/moving_variance']);
      expect(m.getWeights().map((array) => array.toNested())).toEqual(before);
      expect(m.call(kerasInput()).updates).toEqual([]);
    });
    m.dispose();
  });

  test('statistics of a layer that is called once a step are chained', () => {
    const m = sequential([timeDistributed({ layer: batchNormalization({ momentum: 0.5 }), inputShape: [null, 1] })]);
    tf.tidy(() => {
      const x = tf.tensor3d([1, 2, 3, 1, 2, 3], [2, 3, 1]);
      const { updates } = m.call(x, { training: true });
      expect(updates).toHaveLength(2);
      // ((0·½ + 1·½)·½ + 2·½)·½ + 3·½
      expectClose(updates[0].value, [2.125]);
    });
    m.dispose();
  });

  test('a masked row counts in no step of a layer that is called once a step', () => {
    const m = sequential([masking({ inputShape: [null, 1] }), timeDistributed({ layer: batchNormalization({ momentum: 0 }) })]);
    tf.tidy(() => {
      // The last step has three rows, one of them masked.
      const x = tf.tensor3d([1, 2, 3, 4, 5, 0], [3, 2, 1]);
      const { updates, outputs } = m.call(x, { training: true });
      expectClose(updates[0].value, [3]);
      expectClose(updates[1].value, [1]);
      const [, last] = tf.unstack(outputs as tf.Tensor, 1);
      expectClose(last, [[-1 / Math.sqrt(1.001)], [1 / Math.sqrt(1.001)], [-3 / Math.sqrt(1.001)]]);
    });
    m.dispose();
  });

  test('trainable is read when parameters are', () => {
    const inner = sequential([dense({ units: 1, inputShape: [2] })], { name: 'inner' });
    const m = sequential([inner, dense({ units: 1, trainable: false, kernelRegularizer: 'l2', kernelConstraint: 'nonNeg' })]);
    expect(m.parameters.map(({ trainable }) => trainable)).toEqual([true, true, false, false]);
    inner.trainable = false;
    expect(m.parameters.map(({ trainable }) => trainable)).toEqual([false, false, false, false]);
    tf.tidy(() => {
      expectClose(m.parameters[2].regularizer?.(tf.tensor1d([3])) as tf.Tensor, [0.09]);
      expectClose(m.parameters[2].constraint?.(tf.tensor1d([-3])) as tf.Tensor, [0]);
    });
    m.dispose();
    inner.dispose();
  });

  test('no tensor but its results', () => {
    const m = sequential([
      masking({ inputShape }),
      batchNormalization(),
      bidirectional({ layer: lstm({ units: 2, returnSequences: true, recurrentDropout: 0.3, activityRegularizer: 'l2' }) }),
      rnn({ cell: [lstmCell({ units: 2 }), gruCell({ units: 2, dropout: 0.5 })], returnSequences: true }),
      timeDistributed({ layer: dense({ units: 1 }) }),
    ]);
    const x = kerasInput();
    expectNoLeak(() => {
      const result = m.call(x, { training: true, seed: 1 });
      const count = tf.memory().numTensors;
      const owned = [
        result.outputs as tf.Tensor,
        ...Object.values(result.state).flat(),
        result.masks[0] as tf.Tensor,
        ...result.penalties,
        ...result.updates.map(({ value }) => value),
      ];
      tf.dispose(owned);
      expect(count - tf.memory().numTensors).toBe(owned.length);
    });
    expectNoLeak(() => tf.dispose(Object.values(m.initialState(2)).flat()));
    x.dispose();
    m.dispose();
  });
});

describe('gradients', () => {
  const layers: [name: string, layers: () => Layer<unknown>[]][] = [
    ['lstm', () => [lstm({ units: 2, inputShape })]],
    ['gru, reset before', () => [gru({ units: 2, resetAfter: false, returnSequences: true, inputShape })]],
    ['stacked cells', () => [rnn({ cell: [lstmCell({ units: 2 }), gruCell({ units: 2 })], inputShape })]],
    ['bidirectional', () => [bidirectional({ layer: gru({ units: 2, returnSequences: true }), inputShape })]],
    [
      'distributed',
      () => [
        simpleRnn({ units: 2, returnSequences: true, goBackwards: true, inputShape }),
        timeDistributed({ layer: dense({ units: 1, activation: 'tanh' }) }),
      ],
    ],
  ];
  test.each(layers)('%s: through the input and the state, by finite differences', (_, make) => {
    const m = sequential(make());
    setKerasWeights(m);
    tf.tidy(() => {
      const mask = tf.tensor2d([1, 1, 0, 1, 0, 1, 1, 0], [2, 4]);
      const start = m.recurrentCalls.map(({ stateShapes }, i) =>
        stateShapes.map((shape, j) => tf.tensor(asymmetric([2, ...shape], i + 0.3 * j, 0.7), [2, ...shape])),
      );
      expectGradientsMatch(
        (x, ...state) => {
          const rest = [...state];
          const carried = Object.fromEntries(m.recurrentCalls.map(({ path, stateShapes }) => [path, rest.splice(0, stateShapes.length)]));
          return [m.call(x, { mask, state: carried }).outputs as tf.Tensor];
        },
        [kerasInput(), ...start.flat()],
      );
    });
    m.dispose();
  });

  test('reach every parameter', () => {
    const m = sequential([lstm({ units: 2, returnSequences: true, inputShape }), gru({ units: 2 }), dense({ units: 1 })]);
    setKerasWeights(m);
    tf.tidy(() => {
      const { grads } = tf.variableGrads(
        () => tf.sum(tf.square(m.call(kerasInput()).outputs as tf.Tensor)) as tf.Scalar,
        m.parameters.map(({ variable }) => variable),
      );
      for (const { variable } of m.parameters) expect(tf.max(tf.abs(grads[variable.name])).dataSync()[0]).toBeGreaterThan(0);
    });
    m.dispose();
  });

  test('of the vectors of Keras', () => {
    const m = sequential([lstm({ units: 2, inputShape: [4, 2] }), dense({ units: 1 })]);
    const phases = [
      [0.1, 0.37],
      [0.2, 0.53],
      [0.3, 0.69],
      [0.1, 0.37],
      [0.2, 0.53],
    ];
    m.setWeights(m.parameters.map(({ variable: { shape } }, i) => ndarray(asymmetric(shape, phases[i][0], phases[i][1]), shape)));
    tf.tidy(() => {
      const target = tf.tensor2d([0.32210883, 0.48692381], [2, 1]);
      const { value, grads } = tf.variableGrads(
        () => tf.mean(tf.squaredDifference(m.call(kerasInput()).outputs as tf.Tensor, target)) as tf.Scalar,
      );
      expectClose(value, [0.12174377]);
      const at = (i: number) => grads[m.parameters[i].variable.name];
      const bias = [0.00026969, 0.00818381, -0.00049539, 0.00414817, -0.01469165, -0.04202032, 0.00047812, 0.01533284];
      expectClose(at(2), bias, { absolute: 1e-7 });
      expectClose(at(3), [0.02078444, 0.09675686], { absolute: 1e-7 });
      expectClose(at(4), [-0.67757548], { absolute: 1e-6 });
    });
    m.dispose();
  });
});
