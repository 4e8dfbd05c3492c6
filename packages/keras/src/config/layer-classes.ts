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
  /** Keys that early versions of Keras 3 refuse, with the value that says nothing and is not written. */
  readonly late?: Readonly<Record<string, Json>>;
}

/** Keys whose meaning ended with Keras 2, or that only choose among equal computations. */
export const WITHOUT_EFFECT: readonly string[] = ['implementation', 'input_length', 'use_cudnn', 'autocast'];

const FLAGS = ['return_sequences', 'return_state', 'go_backwards', 'stateful', 'unroll', 'zero_output_for_mask'];
const WEIGHTS = (names: readonly string[]) => names.flatMap((name) => [`${name}_initializer`, `${name}_regularizer`, `${name}_constraint`]);
const CELL = ['units', 'activation', 'use_bias', ...WEIGHTS(['kernel', 'recurrent', 'bias']), 'dropout', 'recurrent_dropout', 'seed'];
const LSTM = [...CELL, 'recurrent_activation', 'unit_forget_bias'];
const GRU = [...CELL, 'recurrent_activation', 'reset_after'];
const RENORM = ['renorm', 'renorm_clipping', 'renorm_momentum'];
const KERNEL = ['activation', 'use_bias', ...WEIGHTS(['kernel', 'bias'])];
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
    make: (options: layers.BatchNormalizationOptions) => {
      // Keras writes these two whether or not they are used.
      const { renormClipping: _clipping, renormMomentum: _momentum, ...plain } = options;
      return layers.batchNormalization(options.renorm ? options : plain);
    },
    keys: [
      'axis',
      'momentum',
      'epsilon',
      'center',
      'scale',
      ...WEIGHTS(['beta', 'gamma']),
      'moving_mean_initializer',
      'moving_variance_initializer',
      ...RENORM,
    ],
    late: { renorm: false, renorm_clipping: null, renorm_momentum: 0.99 },
    fixed: { synchronized: [false], fused: [null, true, false], virtual_batch_size: [null], adjustment: [null] },
    lists: ['axis'],
  },
  LayerNormalization: {
    make: layers.layerNormalization,
    keys: ['axis', 'epsilon', 'center', 'scale', ...WEIGHTS(['beta', 'gamma'])],
    fixed: { rms_scaling: [false] },
  },
  Conv1D: {
    make: layers.conv1d,
    keys: ['filters', 'kernel_size', 'strides', 'padding', 'data_format', 'dilation_rate', 'groups', ...KERNEL],
    lists: ['kernel_size', 'strides', 'dilation_rate'],
  },
  MaxPooling1D: { make: layers.maxPooling1d, keys: ['pool_size', 'strides', 'padding', 'data_format'], lists: ['pool_size', 'strides'] },
  AveragePooling1D: {
    make: layers.averagePooling1d,
    keys: ['pool_size', 'strides', 'padding', 'data_format'],
    lists: ['pool_size', 'strides'],
  },
  GlobalMaxPooling1D: { make: layers.globalMaxPooling1d, keys: ['keepdims', 'data_format'] },
  GlobalAveragePooling1D: { make: layers.globalAveragePooling1d, keys: ['keepdims', 'data_format'] },
  Flatten: { make: layers.flatten, keys: ['data_format'] },
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
    late: { seed: null },
  },
  AdditiveAttention: {
    make: layers.additiveAttention,
    keys: ['use_scale', 'dropout', 'seed'],
    fixed: { score_mode: ['dot', 'concat'] },
    callKeys: ['use_causal_mask', 'return_attention_scores'],
    late: { seed: null },
  },
  MultiHeadAttention: {
    make: layers.multiHeadAttention,
    keys: [
      'num_heads',
      'key_dim',
      'value_dim',
      'dropout',
      'use_bias',
      'output_shape',
      'attention_axes',
      'sliding_window',
      'use_gate',
      ...WEIGHTS(['kernel', 'bias']),
      'seed',
    ],
    fixed: { flash_attention: [null, false] },
    callKeys: ['use_causal_mask', 'return_attention_scores'],
    late: { seed: null, sliding_window: null, use_gate: false },
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
