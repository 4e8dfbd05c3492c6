import { useBackend } from '@cellstate/backends';
import { type Batch, type NdArray, ndarray, random, splitSeed } from '@cellstate/core';
import {
  activation,
  bidirectional,
  concatenate,
  defineLayer,
  dense,
  dropout,
  flatten,
  functional,
  gru,
  input,
  type Layer,
  l2,
  lstm,
  type Model,
  masking,
  maxNorm,
  type PassOptions,
  repeatVector,
  type SymbolicTensor,
  sequential,
  simpleRnn,
  timeDistributed,
} from '@cellstate/layers';
import { expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, test } from 'vitest';
import { adam, createTrainer, huber, meanAbsoluteError, sgd, type TrainerOptions } from '../src/index.ts';

const [BATCH, TIME, FEATURES] = [3, 4, 2];

/** The same numbers at every call. */
function numbers(shape: readonly number[], key: string): NdArray {
  const { normal } = random(splitSeed(11, key));
  return ndarray(
    Float32Array.from({ length: shape.reduce((product, length) => product * length, 1) }, () => 0.7 * normal()),
    shape,
  );
}

const place = { inputShape: [TIME, FEATURES] } as const;
const stack = (...all: Layer[]) => sequential(all, { seed: 5 }) as unknown as Model<unknown>;

interface Subject {
  readonly build: () => Model<unknown>;
  readonly trainer?: TrainerOptions;
  /** Shapes of the targets. Default `[BATCH, 1]`. */
  readonly targets?: readonly (readonly number[])[];
  /** Rows that start anew, batch by batch. */
  readonly starts?: readonly (readonly number[])[];
  /** What else each batch has. */
  readonly masks?: readonly Pick<Batch, 'lengths' | 'mask'>[];
}

function twoHeads(): Model<unknown> {
  const x = input({ shape: [TIME, FEATURES] });
  const shared = dense({ units: 3, activation: 'tanh' });
  const h = lstm({ units: 3 }).apply(shared.apply(x));
  const g = gru({ units: 2, goBackwards: true }).apply(shared.apply(x));
  return functional({ inputs: x, outputs: [dense({ units: 1 }).apply(h), dense({ units: 2 }).apply(g)], seed: 3 }) as Model<unknown>;
}

const SUBJECTS: Record<string, Subject> = {
  'lstm, dense': { build: () => stack(lstm({ units: 4, ...place }), dense({ units: 1 })) },
  'lstm without bias, backwards': {
    build: () => stack(lstm({ units: 5, useBias: false, goBackwards: true, ...place }), dense({ units: 1 })),
  },
  gru: { build: () => stack(gru({ units: 3, ...place }), dense({ units: 1, activation: 'sigmoid' })) },
  'gru, reset before': { build: () => stack(gru({ units: 3, resetAfter: false, ...place }), dense({ units: 1, activation: 'relu' })) },
  simpleRnn: { build: () => stack(simpleRnn({ units: 3, ...place }), dense({ units: 1, useBias: false })) },
  'stacked, sequences': {
    build: () =>
      stack(
        lstm({ units: 3, returnSequences: true, ...place }),
        gru({ units: 4, returnSequences: true }),
        timeDistributed({ layer: dense({ units: 2, activation: 'tanh' }) }),
      ),
    targets: [[BATCH, TIME, 2]],
  },
  'encoder and decoder': {
    build: () => stack(lstm({ units: 3, ...place }), repeatVector({ n: TIME }), lstm({ units: 2, returnSequences: true })),
    targets: [[BATCH, TIME, 2]],
  },
  'flattened, with an activation of its own, dropout 0': {
    build: () =>
      stack(
        simpleRnn({ units: 3, returnSequences: true, ...place }),
        flatten(),
        dropout({ rate: 0 }),
        dense({ units: 4 }),
        activation({ activation: 'relu' }),
        dense({ units: 1 }),
      ),
  },
  "a dense layer by the engine's product": {
    build: () =>
      stack(
        lstm({ units: 16, returnSequences: true, ...place }),
        timeDistributed({ layer: dense({ units: 24, activation: 'tanh' }) }),
        dense({ units: 16, useBias: false }),
      ),
    targets: [[BATCH, TIME, 16]],
  },
  'two outputs of a shared layer': {
    build: twoHeads,
    targets: [
      [BATCH, 1],
      [BATCH, 2],
    ],
    trainer: { loss: ['mse', 'mae'], lossWeights: [0.3, 2], metrics: [['mae'], ['rootMeanSquaredError']] },
  },
  stateful: {
    build: () => stack(lstm({ units: 4, stateful: true, batchInputShape: [BATCH, TIME, FEATURES] }), dense({ units: 1 })),
    starts: [
      [1, 1, 1],
      [0, 0, 0],
      [0, 1, 0],
      [1, 0, 0],
      [0, 0, 0],
      [1, 1, 1],
    ],
  },
  'frozen layer, constraint, metrics, clipping': {
    build: () =>
      stack(
        lstm({ units: 3, trainable: false, ...place }),
        dense({ units: 2, kernelConstraint: maxNorm({ maxValue: 0.5 }) }),
        dense({ units: 1 }),
      ),
    trainer: { optimizer: sgd({ learningRate: 0.1, clipNorm: 0.3 }), metrics: ['mae', 'rootMeanSquaredError'] },
  },
  'a model in a model, twice': {
    build: () => {
      const encoder = sequential([lstm({ units: 3, ...place }), dense({ units: 2 })], { seed: 2 });
      const x = input({ shape: [TIME, FEATURES] });
      const code = encoder.apply(x);
      const decoder = sequential([repeatVector({ n: TIME, inputShape: [2] }), gru({ units: 2, returnSequences: true })], { seed: 3 });
      return functional({ inputs: x, outputs: [decoder.apply(code), encoder.apply(decoder.apply(code))], seed: 4 }) as Model<unknown>;
    },
    targets: [
      [BATCH, TIME, 2],
      [BATCH, 2],
    ],
  },
  'stateful inside': {
    build: () => {
      const inner = sequential([gru({ units: 2, stateful: true, batchInputShape: [BATCH, TIME, FEATURES] })], { seed: 2 });
      const x = input({ batchShape: [BATCH, TIME, FEATURES] });
      return functional({ inputs: x, outputs: dense({ units: 1 }).apply(inner.apply(x)), seed: 4 }) as Model<unknown>;
    },
    starts: [
      [1, 1, 1],
      [0, 0, 0],
      [0, 1, 0],
      [1, 0, 0],
      [0, 0, 0],
      [1, 1, 1],
    ],
  },
  'both directions': { build: () => stack(bidirectional({ layer: lstm({ units: 3 }), ...place }), dense({ units: 1 })) },
  ...Object.fromEntries(
    (['concat', 'sum', 'mul', 'ave'] as const).map((mergeMode) => [
      `both directions, sequences, ${mergeMode}`,
      {
        build: () => stack(bidirectional({ layer: gru({ units: 2, returnSequences: true }), mergeMode, ...place }), dense({ units: 1 })),
        targets: [[BATCH, TIME, 1]],
      },
    ]),
  ),
  huber: { build: () => stack(gru({ units: 3, ...place }), dense({ units: 1 })), trainer: { loss: huber({ delta: 0.4 }) } },
  'absolute error': { build: () => stack(lstm({ units: 2, ...place }), dense({ units: 1 })), trainer: { loss: meanAbsoluteError() } },
};

/** Chunks of lanes that end: one within a chunk, one before it, at last all. */
const RAGGED = [
  [4, 4, 4],
  [4, 2, 3],
  [4, 0, 1],
  [0, 0, 2],
  [0, 0, 0],
  [3, 4, 0],
].map((lengths) => ({ lengths: Int32Array.from(lengths) }));

/** Steps that are not real before, between and after others, in every row, in some, in none. */
const HOLES = [
  [0, 1, 0, 1, 1, 1, 1, 0, 1, 0, 0, 1],
  [0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 1, 0],
  [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
  [1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1, 1],
  [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 1],
].map((steps) => ({ mask: ndarray(Uint8Array.from(steps), [BATCH, TIME]) }));

const BOTH = HOLES.map(({ mask }, step) => ({
  mask: ndarray(
    Float32Array.from(mask.data, (real) => 0.5 * real),
    mask.shape,
  ),
  ...RAGGED[step],
}));

const RESTARTS = [
  [1, 1, 1],
  [0, 0, 0],
  [0, 1, 0],
  [1, 0, 0],
  [0, 0, 0],
  [1, 1, 1],
];

const CELLS = {
  lstm: (options: object) => lstm({ units: 3, ...options }),
  gru: (options: object) => gru({ units: 3, ...options }),
  'gru, reset before': (options: object) => gru({ units: 3, resetAfter: false, ...options }),
  simpleRnn: (options: object) => simpleRnn({ units: 3, ...options }),
} as const;

const DIRECTIONS = {
  forwards: {},
  backwards: { goBackwards: true },
  'with zeros': { zeroOutputForMask: true },
  'backwards with zeros': { goBackwards: true, zeroOutputForMask: true },
} as const;

const METRICS: TrainerOptions = { metrics: ['mae', 'rootMeanSquaredError'], weightedMetrics: ['mse'] };

const MASKED: Record<string, Subject> = {
  ...Object.fromEntries(
    Object.entries(CELLS).flatMap(([cell, make]) =>
      Object.entries(DIRECTIONS).flatMap(([direction, options]) => [
        [`${cell} ${direction}, ragged`, { build: () => stack(make({ ...options, ...place }), dense({ units: 1 })), masks: RAGGED }],
        [
          `${cell} ${direction}, sequences with holes`,
          {
            build: () => stack(make({ ...options, returnSequences: true, ...place }), dense({ units: 2 })),
            targets: [[BATCH, TIME, 2]],
            trainer: METRICS,
            masks: HOLES,
          },
        ],
      ]),
    ),
  ),
  'stateful, sequences, ragged': {
    build: () =>
      stack(
        lstm({ units: 4, stateful: true, returnSequences: true, batchInputShape: [BATCH, TIME, FEATURES] }),
        gru({ units: 3, stateful: true }),
        dense({ units: 1 }),
      ),
    starts: RESTARTS,
    trainer: METRICS,
    masks: RAGGED,
  },
  'stacked, in a layer for each step, lengths and holes': {
    build: () =>
      stack(
        lstm({ units: 3, returnSequences: true, ...place }),
        dropout({ rate: 0 }),
        gru({ units: 4, returnSequences: true }),
        activation({ activation: 'tanh' }),
        timeDistributed({ layer: dense({ units: 2 }) }),
      ),
    targets: [[BATCH, TIME, 2]],
    trainer: { loss: huber({ delta: 0.4 }), ...METRICS },
    masks: BOTH,
  },
  'a mask that ends within the model, steps that do not': {
    build: () => stack(lstm({ units: 3, ...place }), repeatVector({ n: TIME }), lstm({ units: 2, returnSequences: true })),
    targets: [[BATCH, TIME, 2]],
    trainer: METRICS,
    masks: BOTH,
  },
  'flattened steps': {
    build: () => stack(simpleRnn({ units: 3, returnSequences: true, ...place }), flatten(), dense({ units: 1 })),
    trainer: METRICS,
    masks: RAGGED,
  },
  'two outputs, of which one is of steps': {
    build: () => {
      const x = input({ shape: [TIME, FEATURES] });
      const h = lstm({ units: 3, returnSequences: true }).apply(x);
      return functional({ inputs: x, outputs: [dense({ units: 2 }).apply(h), gru({ units: 2 }).apply(h)], seed: 3 }) as Model<unknown>;
    },
    targets: [
      [BATCH, TIME, 2],
      [BATCH, 2],
    ],
    trainer: { loss: ['mse', 'mae'], lossWeights: [0.3, 2], metrics: [['mae'], ['rootMeanSquaredError']] },
    masks: BOTH,
  },
  'a model in a model, with holes': {
    build: () => {
      const encoder = sequential([lstm({ units: 3, returnSequences: true, ...place }), dense({ units: 2 })], { seed: 2 });
      const x = input({ shape: [TIME, FEATURES] });
      return functional({ inputs: x, outputs: gru({ units: 1 }).apply(encoder.apply(x)), seed: 4 }) as Model<unknown>;
    },
    masks: HOLES,
  },
  ...Object.fromEntries(
    [true, false].map((returnSequences) => [
      `both directions, ${returnSequences ? 'sequences' : 'last ones'}, lengths and holes`,
      {
        build: () => stack(bidirectional({ layer: lstm({ units: 3, returnSequences }), ...place }), dense({ units: 1 })),
        targets: [returnSequences ? [BATCH, TIME, 1] : [BATCH, 1]],
        masks: BOTH,
      },
    ]),
  ),
};

/** Trains, evaluates and predicts; also says how many of the steps ran on arrays. */
async function train({ build, trainer = {}, targets = [[BATCH, 1]], starts, masks }: Subject, arrays: boolean) {
  const model = build();
  let passes = 0;
  const arrayPass = (shapes: readonly (readonly number[])[], options: PassOptions) => {
    const pass = arrays ? model.arrayPass(shapes, options) : null;
    if (pass !== null) passes++;
    return pass;
  };
  const subject = Object.defineProperties(
    {},
    { ...Object.getOwnPropertyDescriptors(model), arrayPass: { value: arrayPass } },
  ) as Model<unknown>;
  const trained = createTrainer(subject, { optimizer: adam({ learningRate: 0.02 }), loss: 'mse', ...trainer });
  const batches = Array.from({ length: 6 }, (_, step) => {
    const y = targets.map((shape, i) => numbers(shape, `y ${step} ${i}`));
    return {
      x: numbers([BATCH, TIME, FEATURES], `x ${step}`),
      y: y.length === 1 ? (y[0] as NdArray) : y,
      ...(starts === undefined ? {} : { starts: Uint8Array.from(starts[step] as number[]) }),
      ...masks?.[step],
    };
  });
  const { history } = await trained.fit(batches, { epochs: 2, resetStates: 'never', verbose: 0, shuffle: false });
  const logs = await trained.evaluate(batches);
  const predictions = [await trained.predict(batches)].flat() as NdArray[];
  const weights = model.getWeights();
  const states = {
    ...trained.states.training,
    ...Object.fromEntries(Object.entries(trained.states.inference).map(([path, state]) => [`${path}, inference`, state])),
  };
  trained.dispose();
  for (const layer of model.layers) if ('dispose' in layer) (layer as Model<unknown>).dispose();
  model.dispose();
  return { history, weights, states, passes, logs, predictions };
}

describe.each([false, true])('with SIMD: %s', (simd) => {
  afterAll(async () => void (await useBackend('cpu')));

  test.each(Object.entries({ ...SUBJECTS, ...MASKED }))('%s: arrays give what tensors give', async (_, subject) => {
    await useBackend('cpu', { simd });
    const onTensors = await train(subject, false);
    const onArrays = await expectNoLeak(() => train(subject, true));
    // Two epochs of training, one of evaluation, one of prediction.
    expect([onTensors.passes, onArrays.passes]).toEqual([0, 24]);
    expect(Object.keys(onArrays.logs)).toEqual(Object.keys(onTensors.logs));
    for (const [name, value] of Object.entries(onTensors.logs)) expect(onArrays.logs[name]).toBeCloseTo(value, 5);
    expect(onArrays.predictions.length).toBe(onTensors.predictions.length);
    for (const [i, array] of onTensors.predictions.entries()) expect(onArrays.predictions[i]).toBeAllClose(array);
    expect(Object.keys(onArrays.history)).toEqual(Object.keys(onTensors.history));
    for (const [name, values] of Object.entries(onTensors.history)) expect(onArrays.history[name]).toBeAllClose(values);
    for (const [i, weights] of onTensors.weights.entries()) expect(onArrays.weights[i]).toBeAllClose(weights);
    expect(Object.keys(onArrays.states)).toEqual(Object.keys(onTensors.states));
    for (const [path, states] of Object.entries(onTensors.states)) {
      for (const [i, state] of states.entries()) expect(onArrays.states[path]?.[i]).toBeAllClose(state);
    }
  });
});

describe('what only tensors have', () => {
  const onTensorsOnly: Record<string, () => Model<unknown>> = {
    dropout: () => stack(lstm({ units: 3, dropout: 0.2, ...place }), dense({ units: 1 })),
    'recurrent dropout': () => stack(gru({ units: 3, recurrentDropout: 0.2, ...place }), dense({ units: 1 })),
    'a dropout layer': () => stack(gru({ units: 3, ...place }), dropout({ rate: 0.2 }), dense({ units: 1 })),
    'another activation': () => stack(lstm({ units: 3, activation: 'relu', ...place }), dense({ units: 1 })),
    'an activity regularizer': () => stack(lstm({ units: 3, activityRegularizer: l2({ l2: 0.1 }), ...place }), dense({ units: 1 })),
    'a mask': () => stack(masking({ maskValue: 0, ...place }), lstm({ units: 3 }), dense({ units: 1 })),
    'flattened with the channels in front': () =>
      stack(lstm({ units: 3, returnSequences: true, ...place }), flatten({ dataFormat: 'channelsFirst' }), dense({ units: 1 })),
    'both directions, side by side': () => {
      const x = input({ shape: [TIME, FEATURES] });
      const [ahead, back] = bidirectional<[SymbolicTensor, SymbolicTensor]>({ layer: lstm({ units: 3 }), mergeMode: null }).apply(x);
      return functional({ inputs: x, outputs: [ahead, back] }) as Model<unknown>;
    },
    'both directions, stateful': () =>
      stack(bidirectional({ layer: lstm({ units: 3, stateful: true }), batchInputShape: [BATCH, TIME, FEATURES] }), dense({ units: 1 })),
    'a wired state': () => {
      const x = input({ shape: [TIME, FEATURES] });
      const [, hidden, cell] = lstm({ units: 3, returnState: true }).apply(x);
      return functional({ inputs: x, outputs: lstm({ units: 3 }).apply(x, { initialState: [hidden, cell] }) }) as Model<unknown>;
    },
    'a layer that passes on the mask of steps it no longer has': () => {
      const halved = defineLayer({
        className: 'Halved',
        masking: 'pass',
        config: () => ({}),
        outputs: () => [{ shape: [null, TIME / 2, FEATURES], dtype: 'float32' }],
        call: ([x]) => ({ outputs: [tf.slice(x as tf.Tensor, [0, 0, 0], [BATCH, TIME / 2, FEATURES])] }),
        arrayPass: () => {
          const [values, gradient] = [new Float32Array(BATCH * FEATURES * 2), new Float32Array(BATCH * FEATURES * 2)];
          return { output: { shape: [BATCH, TIME / 2, FEATURES], values, gradient, mask: null }, forward() {}, backward() {} };
        },
      });
      const x = input({ shape: [TIME, FEATURES] });
      return functional({ inputs: x, outputs: gru({ units: 1 }).apply(halved.apply(x) as SymbolicTensor) }) as Model<unknown>;
    },
    'a merge': () => {
      const x = input({ shape: [TIME, FEATURES] });
      return functional({
        inputs: x,
        outputs: dense({ units: 1 }).apply(concatenate().apply([lstm({ units: 2 }).apply(x), lstm({ units: 2 }).apply(x)])),
      }) as Model<unknown>;
    },
  };

  test.each(Object.entries(onTensorsOnly))('%s', async (name, build) => {
    await useBackend('cpu');
    const model = build();
    const shape = [BATCH, TIME, FEATURES];
    expect(model.arrayPass([shape], { training: true })).toBeNull();
    // Outside training nothing is dropped.
    expect(model.arrayPass([shape]) === null).toBe(!name.includes('dropout'));
    model.dispose();
  });

  test('a large product where the engine has no kernel for it', async () => {
    await useBackend('cpu', { simd: false });
    const model = stack(dense({ units: 40_000, inputShape: [FEATURES] }), dense({ units: 1 }));
    expect(model.arrayPass([[BATCH, FEATURES]])).toBeNull();
    await useBackend('cpu');
    expect(model.arrayPass([[BATCH, FEATURES]])).not.toBeNull();
    model.dispose();
  });

  test('an engine without such kernels', async () => {
    await useBackend('cpu', { fused: false });
    const model = stack(lstm({ units: 3, ...place }), dense({ units: 1 }));
    expect(model.arrayPass([[BATCH, TIME, FEATURES]])).toBeNull();
    await useBackend('cpu');
    const pass = model.arrayPass([[BATCH, TIME, FEATURES]]);
    expect(pass).not.toBeNull();
    expect(model.arrayPass([[BATCH, TIME, FEATURES]])).toBe(pass);
    expect(model.arrayPass([[1, TIME, FEATURES]])).not.toBe(pass);
    await useBackend('cpu', { simd: false });
    expect(model.arrayPass([[BATCH, TIME, FEATURES]])).not.toBe(pass);
    await useBackend('cpu');
    model.dispose();
    expect(() => model.arrayPass([[BATCH, TIME, FEATURES]])).toThrow('disposed');
  });

  test.each([
    ['a weight for each sample', {}, { sampleWeight: [1, 2, 3] }],
    ['a loss that is a sum', { loss: huber({ reduction: 'sum' }) }, {}],
    ['a loss of tensors alone', { loss: 'logCosh' }, {}],
  ])('%s goes by tensors', async (_, options, given) => {
    const model = stack(lstm({ units: 3, ...place }), dense({ units: 1 }));
    let asked = 0;
    const arrayPass = (shapes: readonly (readonly number[])[], options: PassOptions) => {
      asked++;
      return model.arrayPass(shapes, options);
    };
    const subject = Object.defineProperties(
      {},
      { ...Object.getOwnPropertyDescriptors(model), arrayPass: { value: arrayPass } },
    ) as Model<unknown>;
    const trainer = createTrainer(subject, { loss: 'mse', ...options });
    await trainer.trainOnBatch(numbers([BATCH, TIME, FEATURES], 'x'), numbers([BATCH, 1], 'y'), given);
    expect(asked).toBe(0);
    model.dispose();
  });

  test('a mask of another shape', async () => {
    const losses = await Promise.all(
      [
        [BATCH, TIME],
        [BATCH, TIME, 1],
      ].map(async (shape) => {
        const model = stack(gru({ units: 3, ...place }), dense({ units: 1 }));
        const trainer = createTrainer(model, { loss: 'mse' });
        const mask = ndarray((HOLES[0] as (typeof HOLES)[0]).mask.data, shape);
        const { loss } = await trainer.trainOnBatch({ x: numbers([BATCH, TIME, FEATURES], 'x'), y: numbers([BATCH, 1], 'y'), mask });
        model.dispose();
        return loss as number;
      }),
    );
    expect(losses[0]).toBeCloseTo(losses[1] as number, 6);
  });

  test('a penalty on a weight is paid', async () => {
    const losses = await Promise.all(
      [undefined, l2({ l2: 0.5 })].map(async (kernelRegularizer) => {
        const model = stack(lstm({ units: 3, kernelRegularizer, ...place } as Parameters<typeof lstm>[0]), dense({ units: 1 }));
        const trainer = createTrainer(model, { loss: 'mse' });
        const { loss } = await trainer.trainOnBatch(numbers([BATCH, TIME, FEATURES], 'x'), numbers([BATCH, 1], 'y'));
        model.dispose();
        return loss as number;
      }),
    );
    expect(losses[1]).toBeGreaterThan(losses[0] as number);
  });

  test('a constraint that throws leaves no tensor behind, and the state as it was', async () => {
    const kernelConstraint = () => {
      throw new Error('no such weight');
    };
    const layer = lstm({ units: 3, stateful: true, kernelConstraint, batchInputShape: [BATCH, TIME, FEATURES] } as Parameters<
      typeof lstm
    >[0]);
    const model = stack(layer, dense({ units: 1 }));
    const trainer = createTrainer(model, { loss: 'mse' });
    await expectNoLeak(async () => {
      await expect(trainer.trainOnBatch(numbers([BATCH, TIME, FEATURES], 'x'), numbers([BATCH, 1], 'y'))).rejects.toThrow('no such weight');
    });
    for (const state of Object.values(trainer.states.training).flat()) expect(new Set(state.data)).toEqual(new Set([0]));
    model.dispose();
  });

  test('targets and inputs that do not fit are refused as ever, and nothing has changed', async () => {
    const model = stack(lstm({ units: 3, ...place }), dense({ units: 1 }));
    const trainer = createTrainer(model, { loss: 'mse' });
    const before = model.getWeights();
    const x = numbers([BATCH, TIME, FEATURES], 'x');
    await expect(trainer.trainOnBatch(x, numbers([BATCH, 2], 'y'))).rejects.toMatchObject({ code: 'TARGET_SHAPE' });
    await expect(trainer.trainOnBatch(numbers([BATCH, TIME, 3], 'x'), numbers([BATCH, 1], 'y'))).rejects.toMatchObject({
      code: 'SHAPE_MISMATCH',
    });
    await expect(trainer.trainOnBatch(x, numbers([2, 1], 'y'))).rejects.toMatchObject({ code: 'ROWS_DIFFER' });
    expect(model.getWeights()).toEqual(before);
    expect(trainer.steps).toBe(0);
    model.dispose();
  });
});
