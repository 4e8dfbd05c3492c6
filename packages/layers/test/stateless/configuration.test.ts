import { describe, expect, it } from 'vitest';
import type { Config, Layer } from '../../src/contract.ts';
import * as layers from '../../src/index.ts';

const { l1l2, maxNorm, orthogonal, randomNormal } = layers;

/** Every layer with options that are not the defaults. */
const LAYERS: [string, (options: never) => Layer<unknown>, Record<string, unknown>][] = [
  ['activation', layers.activation, { activation: 'relu' }],
  ['add', layers.add, {}],
  ['additiveAttention', layers.additiveAttention, { useScale: false, dropout: 0.1, seed: 3, useCausalMask: true }],
  ['attention', layers.attention, { useScale: true, scoreMode: 'concat', dropout: 0.1, returnAttentionScores: true }],
  ['average', layers.average, {}],
  ['averagePooling1d', layers.averagePooling1d, { poolSize: 3, strides: 2, padding: 'same' }],
  [
    'batchNormalization',
    layers.batchNormalization,
    { axis: 1, momentum: 0.5, epsilon: 0.1, center: false, gammaInitializer: randomNormal({ mean: 1 }) },
  ],
  ['concatenate', layers.concatenate, { axis: 1 }],
  ['conv1d', layers.conv1d, { filters: 4, kernelSize: 3, dilationRate: 2, padding: 'causal', groups: 2, activation: 'hardSigmoid' }],
  [
    'dense',
    layers.dense,
    { units: 3, useBias: false, kernelRegularizer: l1l2({ l1: 0.1, l2: 0.2 }), kernelConstraint: maxNorm({ axis: [0, 1] }) },
  ],
  ['dot', layers.dot, { axes: [1, 2], normalize: true }],
  ['dropout', layers.dropout, { rate: 0.2, noiseShape: [null, 1, null], seed: 1 }],
  ['embedding', layers.embedding, { inputDim: 5, outputDim: 2, maskZero: true, embeddingsInitializer: orthogonal({ gain: 2, seed: 4 }) }],
  ['flatten', layers.flatten, {}],
  ['gaussianNoise', layers.gaussianNoise, { stddev: 0.3, seed: 2 }],
  ['globalAveragePooling1d', layers.globalAveragePooling1d, { keepdims: true }],
  ['globalMaxPooling1d', layers.globalMaxPooling1d, { keepdims: true }],
  ['layerNormalization', layers.layerNormalization, { axis: [1, 2], scale: false, betaRegularizer: 'l2' }],
  ['masking', layers.masking, { maskValue: -1 }],
  ['maximum', layers.maximum, {}],
  ['maxPooling1d', layers.maxPooling1d, { poolSize: 4 }],
  ['minimum', layers.minimum, {}],
  [
    'multiHeadAttention',
    layers.multiHeadAttention,
    { numHeads: 2, keyDim: 3, valueDim: 4, outputShape: [5], kernelInitializer: 'he_normal' },
  ],
  ['multiply', layers.multiply, {}],
  ['permute', layers.permute, { dims: [2, 1] }],
  ['repeatVector', layers.repeatVector, { n: 3 }],
  ['reshape', layers.reshape, { targetShape: [2, -1] }],
  ['spatialDropout1d', layers.spatialDropout1d, { rate: 0.2, seed: 5 }],
  ['subtract', layers.subtract, {}],
];

const make = (factory: (options: never) => Layer<unknown>, options: unknown): Layer<unknown> => factory(options as never);

describe('a layer made from the configuration of another, as a file holds it', () => {
  it.each(LAYERS)('%s has the same configuration', (_, factory, options) => {
    const config = make(factory, { ...options, name: 'one', trainable: false }).getConfig();
    const read = JSON.parse(JSON.stringify(config)) as Config;
    expect(read).toEqual(config);
    expect(make(factory, read).getConfig()).toEqual(config);
    expect(config).toMatchObject({ name: 'one', trainable: false });
  });
});

describe('an option that is no option', () => {
  it.each(LAYERS)('%s refuses it', (name, factory, options) => {
    expect(() => make(factory, { ...options, nonsense: 1 })).toThrow(new RegExp(`UNKNOWN_OPTION(.|\\n)*where: ${name}$`, 'm'));
  });
});
