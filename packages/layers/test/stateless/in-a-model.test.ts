import { ndarray } from '@cellstate/core';
import { expectClose } from '@cellstate/testing';
import { asymmetricTensor, expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Layer, Model } from '../../src/index.ts';
import {
  activation,
  add,
  batchNormalization,
  concatenate,
  conv1d,
  dense,
  dropout,
  embedding,
  flatten,
  gaussianNoise,
  globalMaxPooling1d,
  input,
  layerNormalization,
  lstm,
  masking,
  model,
  multiHeadAttention,
  repeatVector,
  sequential,
  spatialDropout1d,
} from '../../src/index.ts';

/** Runs `use` on a model and frees the model, all without a tensor left. */
function withModel<M extends Model<unknown>, R>(make: () => M, use: (m: M) => R): R {
  return expectNoLeak(() => {
    const m = make();
    try {
      return use(m);
    } finally {
      m.dispose();
    }
  });
}

function passed(m: Model, x: tf.Tensor, options: { training?: boolean; seed?: number }): number[] {
  return Array.from(tf.tidy(() => (m.call(x, options).outputs as tf.Tensor).dataSync().slice()));
}

describe('draws', () => {
  const noisy = () => sequential([dropout({ rate: 0.5, inputShape: [4, 8] }), dropout({ rate: 0.5 })]);

  it('follow the seed of the pass, each call on its own', () => {
    withModel(noisy, (m) => {
      const x = tf.ones([2, 4, 8]);
      const first = passed(m, x, { training: true, seed: 1 });
      expect(passed(m, x, { training: true, seed: 1 })).toEqual(first);
      expect(passed(m, x, { training: true, seed: 2 })).not.toEqual(first);
      const quarter = first.filter((value) => value === 4).length / first.length;
      expect(quarter).toBeGreaterThan(0.1);
      expect(quarter).toBeLessThan(0.4);
      x.dispose();
    });
  });

  it('need a seed only where something is drawn', () => {
    for (const layer of [dropout({ rate: 0.5 }), gaussianNoise({ stddev: 0.1 }), spatialDropout1d({ rate: 0.5 })]) {
      withModel(
        () => sequential([activation({ activation: 'relu', inputShape: [4, 8] }), layer]),
        (m) => {
          const x = tf.ones([1, 4, 8]);
          expect(() => passed(m, x, { training: true })).toThrow(/SEED_MISSING/);
          expect(passed(m, x, { training: false })).toEqual(new Array(32).fill(1));
          x.dispose();
        },
      );
    }
  });
});

describe('masks', () => {
  /** The mask that comes out of these layers behind a masking layer, for one sequence of real, masked, real. */
  function maskBehind(...layers: Layer[]): unknown {
    return withModel(
      () => sequential([masking({ inputShape: [3, 2] }), ...layers]),
      (m) =>
        tf.tidy(() => {
          const [mask] = m.call(
            tf.tensor3d([
              [
                [1, 2],
                [0, 0],
                [3, 0],
              ],
            ]),
          ).masks;
          return { mask: mask ? (mask as tf.Tensor2D).arraySync() : 'none' };
        }).mask,
    );
  }

  it('pass through layers that work on each step', () => {
    const through = [
      activation({ activation: 'tanh' }),
      dropout({ rate: 0.1 }),
      dense({ units: 3 }),
      layerNormalization(),
      batchNormalization(),
    ];
    expect(maskBehind(...through, gaussianNoise({ stddev: 0.1 }), spatialDropout1d({ rate: 0.1 }))).toEqual([[1, 0, 1]]);
  });

  it('end at layers that change the steps', () => {
    expect(maskBehind(flatten())).toBe('none');
    expect(maskBehind(lstm({ units: 2 }), repeatVector({ n: 4 }))).toBe('none');
    expect(maskBehind(conv1d({ filters: 2, kernelSize: 1 }))).toBe('none');
  });

  it('come out of an embedding and meet in a merge', () => {
    const ids = input({ shape: [null], dtype: 'int32' });
    const embedded = embedding({ inputDim: 5, outputDim: 2, maskZero: true }).apply(ids);
    const values = input({ shape: [null, 2] });
    withModel(
      () =>
        model({
          inputs: [ids, values],
          outputs: [add().apply([embedded, values]), concatenate().apply([embedded, masking().apply(values)])],
        }),
      (m) => {
        const masks = tf.tidy(() => {
          const result = m.call([
            tf.tensor2d([[0, 3, 0]], undefined, 'int32'),
            tf.tensor3d([
              [
                [0, 0],
                [0, 0],
                [1, 0],
              ],
            ]),
          ]);
          return { masks: result.masks.map((mask) => (mask ? (mask as tf.Tensor2D).arraySync() : 'none')) };
        }).masks;
        expect(masks).toEqual(['none', [[0, 1, 1]]]);
      },
    );
  });
});

describe('batch statistics', () => {
  it('come back as updates, unless the layer or the model is frozen', () => {
    withModel(
      () => sequential([batchNormalization({ momentum: 0.5, inputShape: [1] })]),
      (m) => {
        const updates = () =>
          tf.tidy(() => ({
            found: m
              .call(tf.tensor2d([[1], [3]]), { training: true })
              .updates.map(({ variable, value }) => [variable.name, value.dataSync()[0]]),
          })).found;
        const [, , mean, variance] = m.parameters.map((parameter) => parameter.variable.name);
        expect(updates()).toEqual([
          [mean, 1],
          [variance, 1],
        ]);
        m.layers[0].trainable = false;
        expect(updates()).toEqual([]);
        m.layers[0].trainable = true;
        m.trainable = false;
        expect(updates()).toEqual([]);
      },
    );
  });
});

describe('parameters', () => {
  it('of multiHeadAttention have the paths and order of Keras', () => {
    const x = input({ shape: [null, 4] });
    withModel(
      () => model({ inputs: x, outputs: multiHeadAttention({ numHeads: 2, keyDim: 3 }).apply([x, x]) }),
      (m) => {
        expect(m.parameters.map(({ path }) => path)).toEqual([
          'multi_head_attention/query/kernel',
          'multi_head_attention/query/bias',
          'multi_head_attention/key/kernel',
          'multi_head_attention/key/bias',
          'multi_head_attention/value/kernel',
          'multi_head_attention/value/bias',
          'multi_head_attention/attention_output/kernel',
          'multi_head_attention/attention_output/bias',
        ]);
        expect(m.getWeights().map(({ shape }) => shape)).toEqual([[4, 2, 3], [2, 3], [4, 2, 3], [2, 3], [4, 2, 3], [2, 3], [2, 3, 4], [4]]);
      },
    );
  });

  it('carry their regularizer and constraint to the trainer', () => {
    withModel(
      () =>
        sequential([dense({ units: 1, kernelRegularizer: 'l2', biasConstraint: 'non_neg', kernelInitializer: 'ones', inputShape: [3] })]),
      (m) => {
        const [kernel, bias] = m.parameters;
        expect(tf.tidy(() => kernel.regularizer?.(kernel.variable).dataSync()[0])).toBeCloseTo(0.03, 6);
        expect(bias.constraint).toBeTypeOf('function');
      },
    );
  });

  it('of an activity regularizer, the penalty is divided by the batch', () => {
    withModel(
      () => sequential([activation({ activation: 'relu', activityRegularizer: 'l1', inputShape: [2] })]),
      (m) => {
        const penalty = tf.tidy(
          () =>
            m
              .call(
                tf.tensor2d([
                  [1, -2],
                  [3, 4],
                ]),
              )
              .penalties[0].dataSync()[0],
        );
        expect(penalty).toBeCloseTo((0.01 * 8) / 2, 7);
      },
    );
  });
});

describe('step by step', () => {
  it('layers that work on each step give what the whole sequence gives', () => {
    withModel(
      () =>
        sequential([
          masking({ maskValue: 9, inputShape: [null, 2] }),
          dropout({ rate: 0.5 }),
          dense({ units: 3, activation: 'tanh' }),
          layerNormalization(),
          batchNormalization({ movingMeanInitializer: 'ones' }),
          gaussianNoise({ stddev: 0.5 }),
          activation({ activation: 'softmax' }),
        ]),
      (m) => {
        const x = tf.tidy(() => asymmetricTensor([1, 4, 2], 0.4).arraySync()) as number[][][];
        const whole = tf.tidy(() => (m.call(tf.tensor3d(x)).outputs as tf.Tensor3D).arraySync())[0];
        const stream = m.stream();
        for (const [step, row] of x[0].entries()) {
          const pushed = stream.push(row) as { toNested(): number[] };
          expectClose(pushed.toNested(), whole[step]);
        }
        stream.dispose();
      },
    );
  });

  it.each([
    ['flatten', () => flatten()],
    ['conv1d', () => conv1d({ filters: 1, kernelSize: 2 })],
    ['global_max_pooling1d', () => globalMaxPooling1d()],
    ['concatenate', () => concatenate({ axis: 1 })],
  ])('%s is refused', (name, layer) => {
    const x = input({ shape: [3, 2] });
    const inputs = name === 'concatenate' ? [x, x] : x;
    withModel(
      () => model({ inputs: x, outputs: layer().apply(inputs) }),
      (m) => {
        expect(() => m.stream()).toThrow(new RegExp(`NOT_STREAMABLE(.|\\n)*${name}`));
      },
    );
  });
});

describe('predict', () => {
  it('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const m = sequential([
      embedding({ inputDim: 6, outputDim: 2, maskZero: true, inputShape: [4] }),
      spatialDropout1d({ rate: 0.2 }),
      conv1d({ filters: 3, kernelSize: 2, padding: 'causal', activation: 'relu' }),
      globalMaxPooling1d(),
      repeatVector({ n: 2 }),
      flatten(),
      dense({ units: 1 }),
    ]);
    const result = await m.predict(ndarray(Int32Array.from([1, 2, 0, 0, 5, 4, 3, 2]), [2, 4]));
    expect(result.shape).toEqual([2, 1]);
    m.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
