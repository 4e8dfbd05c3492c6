import { dense } from '@cellstate/layers';
import type { Refusal } from '@cellstate/testing';
import { loadModel } from '../../src/index.ts';
import { type Anything, compiledWith, denseWith, graphWith, rowFile, rowWith } from './changed-files.ts';

const tensor = (name: string, call: Anything = 0) => ({
  class_name: '__keras_tensor__',
  config: { shape: [null, 2], dtype: 'float32', keras_history: [name, call, 0] },
});
const operation = (name: string, inputs: Anything[]) => ({
  module: 'keras.src.ops.numpy',
  class_name: 'NotEqual',
  config: { name },
  name,
  inbound_nodes: [{ args: inputs, kwargs: {} }],
});

const layerOf = (change: (layer: Anything, layers: Anything[]) => void) => rowWith(({ config }) => change(config.layers[1], config.layers));
const rnn = (cell: unknown) => ({ class_name: 'RNN', module: 'keras.layers', config: { name: 'memory', cell } });

/** What is refused of a row of layers. */
export const LAYER_REFUSALS: readonly Refusal[] = [
  ['a model that is a layer', () => rowWith((whole) => Object.assign(whole, whole.config.layers[2]))],
  ['a model without layers', () => rowWith(({ config }) => Object.assign(config, { layers: undefined }))],
  ['a layer that is a number', () => layerOf((_, layers) => layers.splice(1, 1, 7))],
  ['a layer without a class', () => layerOf((layer) => Object.assign(layer, { class_name: undefined }))],
  ['a layer without a configuration', () => layerOf((layer) => Object.assign(layer, { config: undefined }))],
  ['a layer that is not known', () => layerOf((layer) => Object.assign(layer, { class_name: 'LSTMM' }))],
  ["a layer of the user's", () => layerOf((layer) => Object.assign(layer, { class_name: 'Mine', registered_name: 'mine>Mine' }))],
  ['an operation among layers', () => layerOf((layer) => Object.assign(layer, { class_name: 'Tanh', module: 'keras.src.ops.numpy' }))],
  ['a Lambda', () => layerOf((layer) => Object.assign(layer, { class_name: 'Lambda' }))],
  ['a name that is a number', () => denseWith({ name: 7 })],
  ['a layer neither trainable nor not', () => denseWith({ trainable: 'yes' })],
  ['an option that we lack', () => denseWith({ rms_scaling: true })],
  ['an option with a value that we lack', () => denseWith({ lora_rank: 4 })],
  ['half precision', () => denseWith({ dtype: 'float16' })],
  ['units that are a text', () => denseWith({ units: 'four' })],
  ['an activation that is a number', () => denseWith({ activation: 7 })],
  ['an activation that is a layer', () => denseWith({ activation: { class_name: 'LeakyReLU', config: {} } })],
  ['an activation in Python', () => denseWith({ activation: { class_name: '__lambda__', config: { value: 'x' } } })],
  ['an initializer that is a number', () => denseWith({ kernel_initializer: 7 })],
  ['an initializer without a class', () => denseWith({ kernel_initializer: { config: {} } })],
  ['an initializer whose options are a list', () => denseWith({ kernel_initializer: { class_name: 'Zeros', config: [] } })],
  ["a regularizer of the user's", () => denseWith({ kernel_regularizer: { class_name: 'Mine', config: {}, registered_name: 'a>Mine' } })],
  ['more parameters than bytes', () => denseWith({ units: 1_000_000 })],
  [
    'a layer whose zeros Keras misplaces',
    () =>
      layerOf((layer) =>
        Object.assign(layer, {
          class_name: 'LSTM',
          config: { name: 'memory', units: 2, unroll: true, go_backwards: true, zero_output_for_mask: true },
        }),
      ),
  ],
  ['a cell that is a number', () => layerOf((layer) => Object.assign(layer, rnn(7)))],
  ['a cell that is not known', () => layerOf((layer) => Object.assign(layer, rnn({ class_name: 'Cell', config: { name: 'cell' } })))],
  ['an input of no shape', () => rowWith(({ config }) => Object.assign(config.layers[0].config, { batch_shape: 'any' }))],
  [
    'a row that was never built',
    () => rowWith(({ config }) => Object.assign(config, { layers: config.layers.slice(1), build_input_shape: undefined })),
  ],
  [
    'a factory that gives another layer',
    async () => loadModel(await rowFile(), { customLayers: { Dense: () => dense({ units: 1, name: 'other' }) } }),
  ],
  [
    'a factory that breaks',
    async () =>
      loadModel(await rowFile(), {
        customLayers: {
          Dense: () => {
            throw new TypeError('broken');
          },
        },
      }),
  ],
];

/** What is refused of a graph. */
export const GRAPH_REFUSALS: readonly Refusal[] = [
  ['an entry that is a text', () => graphWith((_, config) => config.layers.push('dense'))],
  ['two layers of one name', () => graphWith((layers, config) => config.layers.push(layers.a))],
  ['a call that is a number', () => graphWith(({ b }) => b.inbound_nodes.splice(0, 1, 7))],
  ['a call whose named arguments are a list', () => graphWith(({ b }) => Object.assign(b.inbound_nodes[0], { kwargs: [] }))],
  [
    'a call in the words of Keras 2 whose named arguments are a text',
    () => graphWith(({ b }) => b.inbound_nodes.splice(0, 1, [['x', 0, 0, 'mask']])),
  ],
  ['a call without inputs', () => graphWith(({ b }) => Object.assign(b.inbound_nodes[0], { args: [] }))],
  ['a second argument', () => graphWith(({ b }) => b.inbound_nodes[0].args.push(3))],
  ['a call in training', () => graphWith(({ b }) => Object.assign(b.inbound_nodes[0], { kwargs: { training: true } }))],
  ['a tensor as an argument', () => graphWith(({ b }) => Object.assign(b.inbound_nodes[0], { kwargs: { scale: tensor('x') } }))],
  ['an argument that a layer lacks', () => graphWith(({ b }) => Object.assign(b.inbound_nodes[0], { kwargs: { scale: 3 } }))],
  ['a shared layer called in two ways', () => graphWith(({ a }) => Object.assign(a.inbound_nodes[1], { kwargs: { scale: 3 } }))],
  ['a tensor of half a call', () => graphWith(({ b }) => Object.assign(b.inbound_nodes[0], { args: [tensor('x', 0.5)] }))],
  ['calls in a circle', () => graphWith(({ b }) => Object.assign(b.inbound_nodes[0], { args: [tensor('both')] }))],
  ['an output that is none', () => graphWith((_, config) => Object.assign(config, { output_layers: [['both', 1, 0]] }))],
  ['no outputs', () => graphWith((_, config) => Object.assign(config, { output_layers: [] }))],
  [
    'an operation on values',
    () =>
      graphWith(({ b }, config) => {
        config.layers.push(operation('ne', [tensor('x'), 0]));
        Object.assign(b.inbound_nodes[0], { args: [tensor('ne')] });
      }),
  ],
  [
    'a mask that is not that of the input',
    () =>
      graphWith(({ b }, config) => {
        config.layers.push(operation('ne', [tensor('x'), 0]));
        Object.assign(b.inbound_nodes[0], { kwargs: { mask: tensor('ne') } });
      }),
  ],
];

const mine = { class_name: 'Mine', config: {}, registered_name: 'a>Mine' };

/** What is refused of compile settings. */
export const COMPILE_REFUSALS: readonly Refusal[] = [
  ['compile settings that are a text', () => compiledWith('adam')],
  ['compile settings of a key that is not known', () => compiledWith({ loss: 'mse', pss: 3 })],
  ['an optimizer that averages', () => compiledWith({ optimizer: { class_name: 'Adam', config: { use_ema: true } } })],
  ['an optimizer that is a number', () => compiledWith({ optimizer: 7 })],
  ["an optimizer of the user's", () => compiledWith({ optimizer: mine })],
  ['a loss that is a number', () => compiledWith({ loss: 7 })],
];
