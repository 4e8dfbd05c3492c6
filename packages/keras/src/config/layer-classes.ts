import type { Layer } from '@cellstate/layers';
import * as layers from '@cellstate/layers';
import type { Json } from './json.ts';

/** How a Keras class is read and written. */
export interface LayerClass {
  /** Makes the layer of our options. */
  make(options: never): Layer<unknown>;
  /** Keras' keys that are options of ours under the same name, camel-cased. */
  readonly keys: readonly string[];
  /** Keras' keys we have no option for, with the values that ask for what our layer does. */
  readonly fixed?: Readonly<Record<string, readonly Json[]>>;
  /** Keras' keys that a call gives and our layer takes as options. */
  readonly callKeys?: readonly string[];
  /** Keras' keys whose value is a list of one number where our option is that number. */
  readonly lists?: readonly string[];
  /** Keys every layer has, and the constructor of this class refuses. */
  readonly refused?: readonly string[];
  /** Keys that early versions of Keras 3 refuse: written only where they say something. */
  readonly late?: readonly string[];
}

/** Keys whose meaning ended with Keras 2, or that only choose among equal computations. */
export const WITHOUT_EFFECT: readonly string[] = [
  'implementation',
  'input_length',
  'use_cudnn',
  'autocast',
  'renorm_momentum',
  'renorm_clipping',
];

const FLAGS = ['return_sequences', 'return_state', 'go_backwards', 'stateful', 'unroll', 'zero_output_for_mask'];
const WEIGHTS = (names: readonly string[]) => names.flatMap((name) => [`${name}_initializer`, `${name}_regularizer`, `${name}_constraint`]);
const CELL = ['units', 'activation', 'use_bias', ...WEIGHTS(['kernel', 'recurrent', 'bias']), 'dropout', 'recurrent_dropout', 'seed'];
const LSTM = [...CELL, 'recurrent_activation', 'unit_forget_bias'];
const GRU = [...CELL, 'recurrent_activation', 'reset_after'];
const KERNEL = ['activation', 'use_bias', ...WEIGHTS(['kernel', 'bias'])];
const LAST = { data_format: ['channels_last', null] };
const RECURRENT = { time_major: [false], return_runtime: [false] };
const PLAIN: readonly string[] = [];

/** Every layer of @cellstate/layers, by Keras' name of its class. */
export const LAYER_CLASSES: Readonly<Record<string, LayerClass>> = {
  LSTM: { make: layers.lstm, keys: [...FLAGS, ...LSTM], fixed: RECURRENT },
  GRU: { make: layers.gru, keys: [...FLAGS, ...GRU], fixed: RECURRENT },
  SimpleRNN: { make: layers.simpleRnn, keys: [...FLAGS, ...CELL], fixed: RECURRENT },
  RNN: { make: layers.rnn, keys: [...FLAGS, 'cell'], fixed: { ...RECURRENT, num_constants: [null, 0] } },
  Bidirectional: { make: layers.bidirectional, keys: ['layer', 'backward_layer', 'merge_mode'], fixed: { num_constants: [null, 0] } },
  TimeDistributed: { make: layers.timeDistributed, keys: ['layer'] },
  RepeatVector: { make: layers.repeatVector, keys: ['n'] },
  Masking: { make: layers.masking, keys: ['mask_value'] },
  Embedding: {
    make: layers.embedding,
    keys: ['input_dim', 'output_dim', ...WEIGHTS(['embeddings']), 'mask_zero'],
    fixed: { quantization_config: [null], sparse: [false] },
  },
  Dense: { make: layers.dense, keys: ['units', ...KERNEL], fixed: { quantization_config: [null], lora_rank: [null] } },
  Activation: { make: layers.activation, keys: ['activation'] },
  Dropout: { make: layers.dropout, keys: ['rate', 'seed', 'noise_shape'] },
  SpatialDropout1D: { make: layers.spatialDropout1d, keys: ['rate', 'seed'], fixed: { noise_shape: [null] }, refused: ['trainable'] },
  GaussianNoise: { make: layers.gaussianNoise, keys: ['stddev', 'seed'] },
  BatchNormalization: {
    make: layers.batchNormalization,
    keys: [
      'axis',
      'momentum',
      'epsilon',
      'center',
      'scale',
      ...WEIGHTS(['beta', 'gamma']),
      'moving_mean_initializer',
      'moving_variance_initializer',
    ],
    fixed: { synchronized: [false], renorm: [false], fused: [null, true, false], virtual_batch_size: [null], adjustment: [null] },
    lists: ['axis'],
  },
  LayerNormalization: {
    make: layers.layerNormalization,
    keys: ['axis', 'epsilon', 'center', 'scale', ...WEIGHTS(['beta', 'gamma'])],
    fixed: { rms_scaling: [false] },
  },
  Conv1D: {
    make: layers.conv1d,
    keys: ['filters', 'kernel_size', 'strides', 'padding', 'dilation_rate', 'groups', ...KERNEL],
    fixed: LAST,
    lists: ['kernel_size', 'strides', 'dilation_rate'],
  },
  MaxPooling1D: { make: layers.maxPooling1d, keys: ['pool_size', 'strides', 'padding'], fixed: LAST, lists: ['pool_size', 'strides'] },
  AveragePooling1D: {
    make: layers.averagePooling1d,
    keys: ['pool_size', 'strides', 'padding'],
    fixed: LAST,
    lists: ['pool_size', 'strides'],
  },
  GlobalMaxPooling1D: { make: layers.globalMaxPooling1d, keys: ['keepdims'], fixed: LAST },
  GlobalAveragePooling1D: { make: layers.globalAveragePooling1d, keys: ['keepdims'], fixed: LAST },
  Flatten: { make: layers.flatten, keys: PLAIN, fixed: LAST },
  Reshape: { make: layers.reshape, keys: ['target_shape'] },
  Permute: { make: layers.permute, keys: ['dims'] },
  Concatenate: { make: layers.concatenate, keys: ['axis'] },
  Add: { make: layers.add, keys: PLAIN },
  Subtract: { make: layers.subtract, keys: PLAIN },
  Multiply: { make: layers.multiply, keys: PLAIN },
  Average: { make: layers.average, keys: PLAIN },
  Maximum: { make: layers.maximum, keys: PLAIN },
  Minimum: { make: layers.minimum, keys: PLAIN },
  Dot: { make: layers.dot, keys: ['axes', 'normalize'] },
  Attention: {
    make: layers.attention,
    keys: ['use_scale', 'score_mode', 'dropout', 'seed'],
    callKeys: ['use_causal_mask', 'return_attention_scores'],
    late: ['seed'],
  },
  AdditiveAttention: {
    make: layers.additiveAttention,
    keys: ['use_scale', 'dropout', 'seed'],
    fixed: { score_mode: ['dot', 'concat'] },
    callKeys: ['use_causal_mask', 'return_attention_scores'],
    late: ['seed'],
  },
  MultiHeadAttention: {
    make: layers.multiHeadAttention,
    keys: ['num_heads', 'key_dim', 'value_dim', 'dropout', 'use_bias', 'output_shape', ...WEIGHTS(['kernel', 'bias']), 'seed'],
    fixed: { use_gate: [false], attention_axes: [null, 1, [1]], sliding_window: [null], flash_attention: [null, false] },
    callKeys: ['use_causal_mask', 'return_attention_scores'],
    late: ['seed'],
  },
};

/** The cells of @cellstate/layers, by Keras' name of their class. */
export const CELL_CLASSES: Readonly<Record<string, { make(options: never): layers.Cell; readonly keys: readonly string[] }>> = {
  LSTMCell: { make: layers.lstmCell, keys: LSTM },
  GRUCell: { make: layers.gruCell, keys: GRU },
  SimpleRNNCell: { make: layers.simpleRnnCell, keys: CELL },
};

/** What Keras' constructors start weights with when a configuration leaves it out. */
export const DEFAULT_INITIALIZERS: Readonly<Record<string, string>> = {
  kernel_initializer: 'glorotUniform',
  recurrent_initializer: 'orthogonal',
  bias_initializer: 'zeros',
  embeddings_initializer: 'uniform',
  beta_initializer: 'zeros',
  gamma_initializer: 'ones',
  moving_mean_initializer: 'zeros',
  moving_variance_initializer: 'ones',
};
