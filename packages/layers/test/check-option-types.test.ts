import { CellstateError } from '@cellstate/core';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import type * as own from '../src/index.ts';
import * as layers from '../src/index.ts';

type Factory = (options: never) => unknown;
type Booleans<Options> = { [Name in keyof Options]-?: boolean extends Options[Name] ? Name : never }[keyof Options];
type Flags<Options> = Readonly<Record<Booleans<Options>, 'boolean'>>;

/** A factory, options it accepts, and its boolean options: the compiler knows when one is missing here. */
const row = <Options>(make: (options: never) => unknown, options: Options, flags: Flags<Options>) =>
  [make, options, Object.keys(flags)] as const;

const plain = { trainable: 'boolean' } as const;
const weighted = { ...plain, useBias: 'boolean' } as const;
const recurrent = {
  ...plain,
  returnSequences: 'boolean',
  returnState: 'boolean',
  goBackwards: 'boolean',
  stateful: 'boolean',
  unroll: 'boolean',
  zeroOutputForMask: 'boolean',
} as const;
const attentive = { ...plain, useCausalMask: 'boolean', returnAttentionScores: 'boolean' } as const;
const normalizing = { ...plain, center: 'boolean', scale: 'boolean' } as const;

const TABLE: Readonly<Record<string, readonly [make: Factory, options: object, flags: readonly string[]]>> = {
  activation: row<own.ActivationLayerOptions>(layers.activation, { activation: 'relu' }, plain),
  add: row<own.LayerOptions>(layers.add, {}, plain),
  additiveAttention: row<own.AdditiveAttentionOptions>(layers.additiveAttention, {}, { ...attentive, useScale: 'boolean' }),
  attention: row<own.DotAttentionOptions>(layers.attention, {}, { ...attentive, useScale: 'boolean' }),
  average: row<own.LayerOptions>(layers.average, {}, plain),
  averagePooling1d: row<own.PoolingOptions>(layers.averagePooling1d, {}, plain),
  batchNormalization: row<own.BatchNormalizationOptions>(layers.batchNormalization, {}, { ...normalizing, renorm: 'boolean' }),
  bidirectional: row<own.BidirectionalOptions>(layers.bidirectional, { layer: layers.lstm({ units: 1 }) }, plain),
  concatenate: row<own.ConcatenateOptions>(layers.concatenate, {}, plain),
  conv1d: row<own.Conv1dOptions>(layers.conv1d, { filters: 1, kernelSize: 1 }, weighted),
  dense: row<own.DenseOptions>(layers.dense, { units: 1 }, weighted),
  dot: row<own.DotOptions>(layers.dot, { axes: 1 }, { ...plain, normalize: 'boolean' }),
  dropout: row<own.DropoutOptions>(layers.dropout, { rate: 0.5 }, plain),
  embedding: row<own.EmbeddingOptions>(layers.embedding, { inputDim: 1, outputDim: 1 }, { ...plain, maskZero: 'boolean' }),
  flatten: row<own.FlattenOptions>(layers.flatten, {}, plain),
  gaussianNoise: row<own.GaussianNoiseOptions>(layers.gaussianNoise, { stddev: 1 }, plain),
  globalAveragePooling1d: row<own.GlobalPoolingOptions>(layers.globalAveragePooling1d, {}, { ...plain, keepdims: 'boolean' }),
  globalMaxPooling1d: row<own.GlobalPoolingOptions>(layers.globalMaxPooling1d, {}, { ...plain, keepdims: 'boolean' }),
  gru: row<own.GruOptions>(layers.gru, { units: 1 }, { ...recurrent, ...weighted, resetAfter: 'boolean' }),
  gruCell: row<own.GruCellOptions & own.CellOptions>(layers.gruCell, { units: 1 }, { ...weighted, resetAfter: 'boolean' }),
  lambda: row<own.LambdaOptions>(layers.lambda, { function: (x) => x as tf.Tensor }, plain),
  layerNormalization: row<own.LayerNormalizationOptions>(layers.layerNormalization, {}, normalizing),
  lstm: row<own.LstmOptions>(layers.lstm, { units: 1 }, { ...recurrent, ...weighted, unitForgetBias: 'boolean' }),
  lstmCell: row<own.LstmCellOptions & own.CellOptions>(layers.lstmCell, { units: 1 }, { ...weighted, unitForgetBias: 'boolean' }),
  masking: row<own.MaskingOptions>(layers.masking, {}, plain),
  maximum: row<own.LayerOptions>(layers.maximum, {}, plain),
  maxPooling1d: row<own.PoolingOptions>(layers.maxPooling1d, {}, plain),
  minimum: row<own.LayerOptions>(layers.minimum, {}, plain),
  multiHeadAttention: row<own.MultiHeadAttentionOptions>(
    layers.multiHeadAttention,
    { numHeads: 1, keyDim: 1 },
    { ...attentive, ...weighted, useGate: 'boolean' },
  ),
  multiply: row<own.LayerOptions>(layers.multiply, {}, plain),
  permute: row<own.PermuteOptions>(layers.permute, { dims: [1] }, plain),
  repeatVector: row<own.RepeatVectorOptions>(layers.repeatVector, { n: 1 }, plain),
  reshape: row<own.ReshapeOptions>(layers.reshape, { targetShape: [1] }, plain),
  rnn: row<own.RnnOptions>(layers.rnn, { cell: layers.gruCell({ units: 1 }) }, recurrent),
  simpleRnn: row<own.SimpleRnnOptions>(layers.simpleRnn, { units: 1 }, { ...recurrent, ...weighted }),
  simpleRnnCell: row<own.SimpleRnnCellOptions & own.CellOptions>(layers.simpleRnnCell, { units: 1 }, weighted),
  spatialDropout1d: row<own.SpatialDropout1dOptions>(layers.spatialDropout1d, { rate: 0.5 }, plain),
  subtract: row<own.LayerOptions>(layers.subtract, {}, plain),
  timeDistributed: row<own.TimeDistributedOptions>(layers.timeDistributed, { layer: layers.dense({ units: 1 }) }, plain),
};

const SEEDED = ['additiveAttention', 'attention', 'dropout', 'gaussianNoise', 'gru', 'gruCell', 'lstm', 'lstmCell', 'multiHeadAttention'];
SEEDED.push('simpleRnn', 'simpleRnnCell', 'spatialDropout1d');
const DRAWING = ['glorotNormal', 'glorotUniform', 'heNormal', 'heUniform', 'lecunNormal', 'lecunUniform', 'orthogonal', 'randomNormal'];
DRAWING.push('randomUniform', 'truncatedNormal', 'varianceScaling');

/** The error of a factory, by its fields. */
function errorOf(make: Factory, options: unknown): CellstateError {
  try {
    make(options as never);
  } catch (error) {
    expect(error).toBeInstanceOf(CellstateError);
    return error as CellstateError;
  }
  throw new Error('accepted');
}

const NO_BOOLEANS = [null, 0, 1, 'true', '', [], {}];
const NO_SEEDS = ['1', 0.5, Number.NaN, 2 ** 53, true, [], {}];

test('the table holds every factory of a layer or cell', () => {
  const others =
    /^(get|define|input$|model$|functional$|sequential$|stackedCells$|constant$|ones$|zeros$|identity$|l1|l2|orthogonalReg|.*[nN]orm$|nonNeg$|snakeCase$)/;
  const factories = Object.keys(layers).filter((name) => !others.test(name) && !DRAWING.includes(name));
  expect(Object.keys(TABLE).sort()).toEqual(factories.sort());
});

describe('a boolean option is a boolean', () => {
  test.each(Object.entries(TABLE))('of %s', (name, [make, options, flags]) => {
    for (const flag of flags) {
      for (const value of NO_BOOLEANS) {
        const { code, where, message } = errorOf(make, { ...options, [flag]: value });
        expect([code, where, message.includes(`option ${flag} is`)]).toEqual(['INVALID_OPTION', name, true]);
      }
      for (const value of [true, false, undefined]) expect(() => make({ ...options, [flag]: value } as never)).not.toThrow();
    }
  });

  test('and says so', () => {
    expect(() => layers.dense({ units: 1, useBias: 'false' as never })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The option useBias is a boolean. [INVALID_OPTION]
        expected: true or false
        received: 'false'
        where: dense]
    `);
  });

  test('of a call', () => {
    const m = layers.sequential([layers.dense({ units: 1, inputShape: [1] })]);
    const x = tf.zeros([1, 1]);
    expect(() => m.call(x, { training: 1 as never })).toThrow(/training is a boolean(.|\n)*sequential.call/);
    x.dispose();
    m.dispose();
  });
});

describe('a seed is a safe integer', () => {
  const seeded: readonly (readonly [string, Factory, object])[] = [
    ...SEEDED.map((name) => [name, TABLE[name][0], TABLE[name][1]] as const),
    ...DRAWING.map((name) => [name, (options: object) => layers.getInitializer({ name, ...options }, name), {}] as const),
    ['sequential', (options) => layers.sequential([layers.flatten({ inputShape: [1] })], options), {}],
    ['model', layers.model as Factory, graph()],
  ];
  test.each(seeded)('of %s', (name, make, options) => {
    for (const seed of NO_SEEDS) {
      const { code, where } = errorOf(make, { ...options, seed });
      expect([code, where]).toEqual(['INVALID_OPTION', `${name}, seed`]);
    }
    for (const seed of [undefined, null, 0, -3, Number.MAX_SAFE_INTEGER]) expect(() => make({ ...options, seed } as never)).not.toThrow();
  });

  test('and says so', () => {
    expect(() => layers.dropout({ rate: 0.5, seed: '7' as never })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: A seed is a safe integer. [INVALID_OPTION]
        expected: an integer of at most 2^53 - 1, or null for the default
        received: '7'
        where: dropout, seed]
    `);
  });
});

describe('without options', () => {
  const needy = ['bidirectional', 'conv1d', 'dense', 'embedding', 'gru', 'gruCell', 'lstm', 'lstmCell', 'multiHeadAttention', 'rnn'];
  test.each([...needy, 'activation', 'dropout', 'gaussianNoise', 'lambda', 'permute', 'repeatVector', 'reshape', 'simpleRnn'])(
    '%s says that it needs some',
    (name) => {
      for (const options of [undefined, null, 3, []]) {
        const { code, where } = errorOf(TABLE[name][0], options);
        expect([code, where]).toEqual(['INVALID_OPTIONS', name]);
      }
    },
  );

  test.each(['simpleRnnCell', 'spatialDropout1d', 'timeDistributed'])('%s too', (name) => {
    expect(errorOf(TABLE[name][0], undefined).code).toBe('INVALID_OPTIONS');
  });

  test('a cell says what', () => {
    expect(() => layers.lstmCell(undefined as never)).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The cell cannot do without options. [INVALID_OPTIONS]
        expected: { units: …, … }
        received: none
        where: lstmCell]
    `);
  });

  test('no layer or cell is made of no definition', () => {
    for (const make of [layers.defineLayer, layers.defineCell] as Factory[]) {
      for (const definition of [undefined, null, 3, {}]) expect(errorOf(make, definition).code).toBe('INVALID_DEFINITION');
    }
    expect(() => layers.defineCell({} as never)).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: A layer or cell is made of a definition. [INVALID_DEFINITION]
        expected: { className, config, … }
        received: className undefined
        where: defineLayer or defineCell]
    `);
  });

  test('no stack is made of no cells', () => {
    const dense = layers.dense({ units: 1 });
    for (const cells of [undefined, null, 3, [], [dense], [undefined]]) {
      expect(errorOf(layers.stackedCells as Factory, cells).code).toBe('INVALID_OPTION');
    }
  });
});

function graph(): object {
  const x = layers.input({ shape: [1] });
  return { inputs: x, outputs: layers.flatten().apply(x) };
}
