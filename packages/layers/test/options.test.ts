import { beside, type OptionSubject, testOptions } from '@cellstate/testing';
import * as tf from '@tensorflow/tfjs-core';
import * as doors from '../src/index.ts';
import { observeLayer } from './observe-layer.ts';

type Options = Readonly<Record<string, unknown>>;
type Source = Parameters<typeof observeLayer>[1][number];

const { dense, gru, gruCell, input, lstm, lstmCell, model, rnn, sequential, simpleRnnCell } = doors;
const factories = doors as unknown as Readonly<Record<string, (options: Options) => doors.Layer<unknown>>>;
const ROW: Source = { shape: [4] };
const STEPS: Source = { shape: [3, 2] };
const IDS: Source = { shape: [3], dtype: 'int32' };

/** Another value of options that mean the same wherever they occur. */
const OPTIONS: Options = {
  name: 'other',
  trainable: false,
  inputShape: [9, 9, 9, 9],
  batchInputShape: [9, 9, 9, 9, 9],
  activityRegularizer: 'l2',
  units: 3,
  activation: 'hard_sigmoid',
  recurrentActivation: 'tanh',
  useBias: false,
  unitForgetBias: false,
  resetAfter: false,
  dropout: 0.5,
  recurrentDropout: 0.5,
  seed: beside({ dropout: 0.5 }, 7),
  returnSequences: true,
  returnState: true,
  goBackwards: true,
  stateful: true,
  unroll: true,
  zeroOutputForMask: beside({ returnSequences: true }, true),
  center: false,
  scale: false,
  epsilon: 0.5,
  ...named('Initializer', { bias: 'ones', beta: 'ones', movingMean: 'ones', other: 'zeros' }),
  ...named('Regularizer', { other: 'l2' }),
  ...named('Constraint', { other: 'unitNorm' }),
};

/** `kernelInitializer`, `biasInitializer` … of every parameter there is. */
function named(what: string, values: Readonly<Record<string, string>>): Options {
  const parameters = ['kernel', 'recurrent', 'bias', 'beta', 'gamma', 'movingMean', 'movingVariance', 'embeddings'];
  return Object.fromEntries(parameters.map((parameter) => [`${parameter}${what}`, values[parameter] ?? values.other]));
}

interface LayerCase {
  readonly sources: readonly Source[];
  /** What the factory cannot do without. */
  readonly base?: () => Options;
  readonly changes?: () => Options;
}

function layerSubject(name: string, { sources, base = () => ({}), changes = () => ({}) }: LayerCase): OptionSubject {
  const factory = factories[name];
  const make = (options: Options) => factory({ ...base(), ...options });
  const known = knownTo(make);
  return {
    make,
    observe: (options) => observeLayer(make(options), sources),
    changes: () => ({
      ...Object.fromEntries(known.filter((option) => option in OPTIONS).map((option) => [option, OPTIONS[option]])),
      ...changes(),
    }),
  };
}

/** The options that a factory lists when it refuses one. */
function knownTo(make: (options: Options) => unknown): readonly string[] {
  try {
    make({ unheardOfOption: 1 });
  } catch (error) {
    return (error as doors.Layer<unknown> & { expected: string }).expected.replace('one of ', '').split(', ');
  }
  return [];
}

const units = () => ({ units: 2 });
const merge: LayerCase = { sources: [STEPS, STEPS] };
const pooling: LayerCase = { sources: [STEPS], changes: () => ({ poolSize: 3, strides: 1, padding: 'same', dataFormat: 'channelsFirst' }) };
const attention: LayerCase = {
  sources: [STEPS, STEPS],
  changes: () => ({ useScale: true, scoreMode: 'concat', useCausalMask: true, returnAttentionScores: true }),
};

const LAYERS: Readonly<Record<string, LayerCase>> = {
  lstm: { sources: [STEPS], base: units },
  gru: { sources: [STEPS], base: units },
  simpleRnn: { sources: [STEPS], base: units },
  rnn: { sources: [STEPS], base: () => ({ cell: lstmCell({ units: 2 }) }), changes: () => ({ cell: gruCell({ units: 2 }) }) },
  bidirectional: {
    sources: [STEPS],
    base: () => ({ layer: lstm({ units: 2 }) }),
    changes: () => ({ layer: gru({ units: 2 }), mergeMode: 'sum', backwardLayer: gru({ units: 2, goBackwards: true }) }),
  },
  timeDistributed: { sources: [STEPS], base: () => ({ layer: dense({ units: 2 }) }), changes: () => ({ layer: dense({ units: 3 }) }) },
  dense: { sources: [ROW], base: units },
  activation: { sources: [ROW], base: () => ({ activation: 'relu' }) },
  dropout: {
    sources: [STEPS],
    base: () => ({ rate: 0.5 }),
    changes: () => ({ rate: 0.2, noiseShape: [null, 1, null], seed: 7 }),
  },
  spatialDropout1d: { sources: [STEPS], base: () => ({ rate: 0.5 }), changes: () => ({ rate: 0.2, seed: 7 }) },
  gaussianNoise: { sources: [STEPS], base: () => ({ stddev: 0.5 }), changes: () => ({ stddev: 0.2, seed: 7 }) },
  batchNormalization: {
    sources: [STEPS],
    changes: () => ({
      axis: 1,
      momentum: 0.5,
      renorm: true,
      renormClipping: beside({ renorm: true }, { rmax: 0.1, dmax: 0.01 }),
      renormMomentum: beside({ renorm: true }, 0.5),
    }),
  },
  layerNormalization: { sources: [STEPS], changes: () => ({ axis: 1 }) },
  embedding: {
    sources: [IDS],
    base: () => ({ inputDim: 3, outputDim: 2 }),
    changes: () => ({ inputDim: 4, outputDim: 3, maskZero: true }),
  },
  masking: { sources: [{ ...STEPS, fill: 0.25 }], changes: () => ({ maskValue: 0.25 }) },
  repeatVector: { sources: [ROW], base: () => ({ n: 2 }), changes: () => ({ n: 3 }) },
  flatten: { sources: [STEPS], changes: () => ({ dataFormat: 'channelsFirst' }) },
  reshape: { sources: [STEPS], base: () => ({ targetShape: [2, 3] }), changes: () => ({ targetShape: [-1] }) },
  permute: { sources: [STEPS], base: () => ({ dims: [2, 1] }), changes: () => ({ dims: [1, 2] }) },
  concatenate: { sources: [STEPS, STEPS], changes: () => ({ axis: 1 }) },
  add: merge,
  multiply: merge,
  average: merge,
  maximum: merge,
  minimum: merge,
  subtract: merge,
  dot: { sources: [STEPS, STEPS], base: () => ({ axes: 1 }), changes: () => ({ axes: 2, normalize: true }) },
  conv1d: {
    sources: [{ shape: [5, 2] }],
    base: () => ({ filters: 2, kernelSize: 2 }),
    changes: () => ({ filters: 4, kernelSize: 3, strides: 2, padding: 'causal', dataFormat: 'channelsFirst', dilationRate: 2, groups: 2 }),
  },
  maxPooling1d: { ...pooling, sources: [{ shape: [5, 2] }] },
  averagePooling1d: { ...pooling, sources: [{ shape: [5, 2] }] },
  globalMaxPooling1d: { sources: [STEPS], changes: () => ({ keepdims: true, dataFormat: 'channelsFirst' }) },
  globalAveragePooling1d: { sources: [STEPS], changes: () => ({ keepdims: true, dataFormat: 'channelsFirst' }) },
  attention,
  additiveAttention: { ...attention, changes: () => ({ useScale: false, useCausalMask: true, returnAttentionScores: true }) },
  multiHeadAttention: {
    sources: [STEPS, STEPS],
    base: () => ({ numHeads: 1, keyDim: 2 }),
    changes: () => ({
      numHeads: 2,
      keyDim: 3,
      valueDim: 3,
      outputShape: 3,
      attentionAxes: 2,
      slidingWindow: 1,
      useGate: true,
      useCausalMask: true,
      returnAttentionScores: true,
    }),
  },
  lambda: {
    sources: [STEPS],
    base: () => ({ function: (x: tf.Tensor) => tf.square(x) }),
    changes: () => ({ function: (x: tf.Tensor) => tf.neg(x), outputShape: [3, 3], mask: ([mask]: readonly tf.Tensor[]) => mask }),
  },
};

/** A cell is seen through the layer that runs it. */
function cellSubject(factory: (options: never) => doors.Cell): OptionSubject {
  const make = (options: Options) => factory({ units: 2, ...options } as never);
  return {
    make,
    observe: (options) => observeLayer(rnn({ cell: make(options) }), [STEPS]),
    changes: () => Object.fromEntries(knownTo(make).map((option) => [option, OPTIONS[option]])),
  };
}

const text = (values: ArrayLike<number>) => Array.from(values, (value) => value.toPrecision(5)).join();

function initializerSubject(factory: (options: never) => doors.Initializer, changes: Options, base: Options = {}): OptionSubject {
  const make = (options: Options) => factory({ ...base, ...options } as never);
  return { make, observe: (options) => text(make(options)([3, 4], 5)), changes: () => changes };
}

/** A function of a matrix: a regularizer or a constraint. */
function matrixSubject(factory: (options: never) => (value: tf.Tensor) => tf.Tensor, changes: Options): OptionSubject {
  const make = (options: Options) => factory(options as never);
  const observe = (options: Options) => tf.tidy(() => text(make(options)(tf.tensor2d([0.3, -2, 5, 0.1, 0.02, -0.7], [2, 3])).dataSync()));
  return { make, observe, changes: () => changes };
}

const seeded = { seed: 7 };
const range = { mean: 0.5, stddev: 0.5, seed: 7 };
const x = () => input({ shape: [2], name: 'x' });

/** A model is seen by its name, its initial weights and its outputs. */
function modelSubject(make: (options: Options) => doors.Model<unknown>, changes: () => Options): OptionSubject {
  return {
    make,
    observe(options) {
      const made = make(options);
      const seen = JSON.stringify([made.name, made.getConfig(), made.getWeights().map(({ data }) => text(data))]);
      made.dispose();
      return seen;
    },
    changes,
  };
}

function wired(options: Options): doors.Model<unknown> {
  const start = x();
  return model({ inputs: start, outputs: dense({ units: 1 }).apply(start), ...options });
}

function rewired(): Options {
  const start = x();
  return { inputs: [x(), start], outputs: [dense({ units: 1 }).apply(start)] };
}

const predicting = () => sequential([lstm({ units: 2, dropout: 0.5, inputShape: [null, 1] })]);
const chunk = () => tf.tensor3d([0.1, 0.2, 0.3, 0.4], [2, 2, 1]);

/** A method of a model on two rows of two steps. */
function methodSubject(run: (made: ReturnType<typeof predicting>, options: Options) => unknown, changes: () => Options): OptionSubject {
  const make = async (options: Options): Promise<string> => {
    tf.engine().startScope();
    try {
      return JSON.stringify(await run(predicting(), options));
    } finally {
      tf.engine().endScope();
    }
  };
  return { make, observe: make, changes };
}

function applied(options: Options): string {
  const steps = input({ shape: [3, 2] });
  const mask = input({ shape: [3], dtype: 'bool', name: 'mask' });
  const state = ['h', 'c'].map((name) => input({ shape: [2], name }));
  const given = Object.fromEntries(
    Object.keys(options).map((option) => [option, option === 'mask' ? mask : option === 'initialState' ? state : 1]),
  );
  const { node } = lstm({ units: 2 }).apply(steps, given);
  return JSON.stringify([node.masks.map((given) => given?.node.layer.name ?? null), node.initialState?.length ?? null]);
}

testOptions(doors, {
  subjects: {
    ...Object.fromEntries(Object.entries(LAYERS).map(([name, subject]) => [name, layerSubject(name, subject)])),
    lstmCell: cellSubject(lstmCell),
    gruCell: cellSubject(gruCell),
    simpleRnnCell: cellSubject(simpleRnnCell),
    glorotUniform: initializerSubject(doors.glorotUniform, seeded),
    glorotNormal: initializerSubject(doors.glorotNormal, seeded),
    heUniform: initializerSubject(doors.heUniform, seeded),
    heNormal: initializerSubject(doors.heNormal, seeded),
    lecunUniform: initializerSubject(doors.lecunUniform, seeded),
    lecunNormal: initializerSubject(doors.lecunNormal, seeded),
    randomNormal: initializerSubject(doors.randomNormal, range),
    truncatedNormal: initializerSubject(doors.truncatedNormal, range),
    randomUniform: initializerSubject(doors.randomUniform, { minval: -2, maxval: 2, seed: 7 }),
    varianceScaling: initializerSubject(doors.varianceScaling, { scale: 2, mode: 'fanOut', distribution: 'uniform', seed: 7 }),
    orthogonal: initializerSubject(doors.orthogonal, { gain: 2, seed: 7 }),
    identity: initializerSubject(doors.identity, { gain: 2 }),
    constant: initializerSubject(doors.constant, { value: 2 }),
    zeros: initializerSubject(doors.zeros, {}),
    ones: initializerSubject(doors.ones, {}),
    l1: matrixSubject(doors.l1, { l1: 2 }),
    l2: matrixSubject(doors.l2, { l2: 2 }),
    l1l2: matrixSubject(doors.l1l2, { l1: 2, l2: 2 }),
    orthogonalRegularizer: matrixSubject(doors.orthogonalRegularizer, { factor: 2, mode: 'columns' }),
    maxNorm: matrixSubject(doors.maxNorm, { maxValue: 1, axis: 1 }),
    unitNorm: matrixSubject(doors.unitNorm, { axis: 1 }),
    minMaxNorm: matrixSubject(doors.minMaxNorm, { minValue: 0.9, maxValue: 0.5, rate: 0.5, axis: 1 }),
    nonNeg: matrixSubject(doors.nonNeg, {}),
    input: {
      make: (options) => input({ ...('batchShape' in options ? {} : { shape: [2] }), ...options } as never),
      observe: (options) => {
        const { shape, dtype, node } = input({ ...('batchShape' in options ? {} : { shape: [2] }), ...options } as never);
        return JSON.stringify([shape, dtype, node.layer.name]);
      },
      changes: () => ({ shape: [3], batchSize: 2, batchShape: [2, 3], dtype: 'int32', name: 'other' }),
    },
    model: modelSubject(wired, () => ({ name: 'other', seed: 7, inputs: rewired().inputs, outputs: rewired().outputs })),
    functional: modelSubject(
      (options) => {
        const start = x();
        return doors.functional({ inputs: start, outputs: dense({ units: 1 }).apply(start), ...options });
      },
      () => ({ name: 'other', seed: 7, inputs: rewired().inputs, outputs: rewired().outputs }),
    ),
    sequential: modelSubject(
      (options) => sequential([dense({ units: 1, inputShape: [2] })], options),
      () => ({ name: 'other', seed: 7 }),
    ),
    'model.call': methodSubject(
      (made, options) => {
        const { outputs, state, logits } = made.call(chunk(), {
          ...options,
          ...('mask' in options ? { mask: tf.tensor2d([1, 0, 1, 1], [2, 2], 'bool') } : {}),
        });
        return [text((outputs as tf.Tensor).dataSync()), Object.keys(state), logits?.length];
      },
      () => ({
        state: 'zero',
        mask: true,
        training: beside({ seed: 1 }, true),
        seed: beside({ training: true, seed: 1 }, 7),
        logits: true,
      }),
    ),
    'model.predict': methodSubject(
      async (made, options) => (await made.predict(chunk(), options)).toNested(),
      () => ({ batchSize: 0.5, state: { 'lstm#0': [tf.ones([2, 2]), tf.ones([2, 2])] } }),
    ),
    'model.stream': methodSubject(
      (made, options) =>
        made
          .stream(options)
          .push(tf.ones([1, 1]))
          .toNested(),
      () => ({ lanes: 2 }),
    ),
    'layer.apply': { make: applied, observe: applied, changes: () => ({ initialState: true, mask: true }) },
  },
  without: ['defineCell', 'defineLayer', 'getConstraint', 'getInitializer', 'getRegularizer', 'snakeCase', 'stackedCells'],
});
