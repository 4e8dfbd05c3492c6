import { CellstateError } from '@cellstate/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Layer, LayerOptions, SymbolicTensor, TensorSpec } from '../contract.ts';
import { ones } from '../initializers/constant.ts';
import { checkLayerOptions, defineLayer } from '../layer.ts';
import { attend } from './attend.ts';
import { checkAttentionInputs } from './attention-inputs.ts';
import { checkRate } from './check-rate.ts';

/** The options that all attention layers share. */
export interface AttentionOptions extends LayerOptions {
  /** The share of attention weights dropped while training. Default 0. */
  readonly dropout?: number;
  /** A seed of this layer's own, combined with that of the pass. Default: its call path. */
  readonly seed?: number | null;
  /** Query step t sees values up to step t only. Default false. In Keras an argument of the call. */
  readonly useCausalMask?: boolean;
  /** Give the attention weights as a second output. Default false. In Keras an argument of the call. */
  readonly returnAttentionScores?: boolean;
}

export interface DotAttentionOptions extends AttentionOptions {
  /** Multiply scores by a trainable number that starts at 1. Default false. */
  readonly useScale?: boolean;
  /** 'dot' (default): query · key. 'concat': weight · Σ tanh(scale · (query + key)), weight trainable. */
  readonly scoreMode?: 'dot' | 'concat';
}

const OPTIONS: readonly (keyof DotAttentionOptions)[] = [
  'useScale',
  'scoreMode',
  'dropout',
  'seed',
  'useCausalMask',
  'returnAttentionScores',
];

/**
 * Each query step takes a weighted mean of the values, weighted by how well their keys fit: softmax(query · keyᵀ) · value (Luong et al.,
 * 2015; not divided by √features). Keras' Attention.
 *
 * Inputs `[query, value]` or `[query, value, key]`, each `[batch, time, features]` → `[batch, queries, features of value]`, and with
 * `returnAttentionScores` the weights `[batch, queries, values]`. Masked values get no weight; masked queries give 0 and keep their
 * mask. Parameters: scale `[]` with `useScale`, concat_score_weight `[]` with 'concat'.
 *
 * @throws CellstateError `INVALID_RATE`; `INVALID_OPTION` for another scoreMode; `SHAPE_MISMATCH` for inputs that do not fit;
 * `SEED_MISSING` when a training pass with dropout has no seed.
 *
 * @example
 * ```ts
 * import { attention, input, model } from '@cellstate/layers';
 *
 * const [query, value] = [input({ shape: [1, 1] }), input({ shape: [2, 1] })];
 * const m = model({ inputs: [query, value], outputs: attention().apply([query, value]) });
 * (await m.predict([[[[0]]], [[[4], [8]]]])).toNested(); // → [[[6]]]
 * ```
 */
export function attention(options: DotAttentionOptions & { readonly returnAttentionScores: true }): Layer<readonly SymbolicTensor[]>;
export function attention(options?: DotAttentionOptions): Layer;
export function attention(options: DotAttentionOptions = {}): Layer<unknown> {
  checkLayerOptions(options, OPTIONS, 'attention');
  const { useScale = false, scoreMode = 'dot', dropout = 0, seed = null, useCausalMask = false, returnAttentionScores = false } = options;
  checkRate(dropout, 'attention, dropout');
  if (scoreMode !== 'dot' && scoreMode !== 'concat') {
    throw new CellstateError('INVALID_OPTION', 'There is no such score.', {
      expected: "'dot' or 'concat'",
      received: String(scoreMode),
      where: 'attention, scoreMode',
    });
  }
  return defineLayer(
    {
      className: 'Attention',
      config: () => ({ useScale, scoreMode, dropout, seed, useCausalMask, returnAttentionScores }),
      parameters: () => [
        ...(useScale ? [{ name: 'scale', shape: [], initializer: ones() }] : []),
        ...(scoreMode === 'concat' ? [{ name: 'concat_score_weight', shape: [], initializer: ones() }] : []),
      ],
      outputs: (inputs) => attentionOutputs(inputs, returnAttentionScores),
      call: (inputs, context) =>
        attend(inputs, context, {
          dropout,
          seed,
          useCausalMask,
          returnAttentionScores,
          score(query, key) {
            const scaled = (x: Tensor) => (useScale ? tf.mul(x, context.parameter('scale')) : x);
            if (scoreMode === 'dot') return scaled(tf.matMul(query, key, false, true));
            const sums = tf.add(tf.expandDims(query, 2), tf.expandDims(key, 1));
            return tf.mul(tf.sum(tf.tanh(scaled(sums)), -1), context.parameter('concat_score_weight'));
          },
        }),
    },
    options,
  );
}

/** What an attention layer gives for these inputs: the weighted values, and the weights if asked. */
export function attentionOutputs(inputs: readonly TensorSpec[], withScores: boolean): TensorSpec[] {
  const { query, value } = checkAttentionInputs(inputs, { sameFeatures: true });
  const [batch = null, queries = null] = query.shape;
  const output: TensorSpec = { shape: [batch, queries, value.shape[2] ?? null], dtype: 'float32' };
  return withScores ? [output, { shape: [batch, queries, value.shape[1] ?? null], dtype: 'float32' }] : [output];
}
