import * as tf from '@tensorflow/tfjs-core';
import type { Layer, SymbolicTensor } from '../contract.ts';
import { lastAxis } from '../graph/check-shapes.ts';
import { glorotUniform } from '../initializers/glorot.ts';
import { checkLayerOptions, defineLayer } from '../layer.ts';
import { attend } from './attend.ts';
import { type AttentionOptions, attentionOutputs } from './attention.ts';
import { checkRate } from './check-rate.ts';

export interface AdditiveAttentionOptions extends AttentionOptions {
  /** Weigh the features of a score by trainable numbers. Default true; false sums them. */
  readonly useScale?: boolean;
}

const OPTIONS: readonly (keyof AdditiveAttentionOptions)[] = ['useScale', 'dropout', 'seed', 'useCausalMask', 'returnAttentionScores'];

/**
 * Each query step takes a weighted mean of the values, weighted by softmax(Σ scale · tanh(query + key)) (Bahdanau et al., 2015).
 * Keras' AdditiveAttention.
 *
 * Inputs, outputs and masks are those of `attention`. Parameters: scale `[features]` with `useScale`.
 *
 * @throws CellstateError `INVALID_RATE`; `SHAPE_MISMATCH` for inputs that do not fit; `SEED_MISSING` when a training pass with
 * dropout has no seed.
 *
 * @example
 * ```ts
 * import { additiveAttention, input, model } from '@cellstate/layers';
 *
 * const [query, value] = [input({ shape: [1, 1] }), input({ shape: [2, 1] })];
 * const m = model({ inputs: [query, value], outputs: additiveAttention().apply([query, value]) });
 * (await m.predict([[[[0]]], [[[6], [6]]]])).toNested(); // → [[[6]]]
 * ```
 */
export function additiveAttention(
  options: AdditiveAttentionOptions & { readonly returnAttentionScores: true },
): Layer<readonly SymbolicTensor[]>;
export function additiveAttention(options?: AdditiveAttentionOptions): Layer;
export function additiveAttention(options: AdditiveAttentionOptions = {}): Layer<unknown> {
  checkLayerOptions(options, OPTIONS, 'additiveAttention');
  const { useScale = true, dropout = 0, seed = null, useCausalMask = false, returnAttentionScores = false } = options;
  checkRate(dropout, 'additiveAttention, dropout');
  return defineLayer(
    {
      className: 'AdditiveAttention',
      config: () => ({ useScale, dropout, seed, useCausalMask, returnAttentionScores }),
      parameters: (inputs) => (useScale ? [{ name: 'scale', shape: [lastAxis(inputs[0])], initializer: glorotUniform() }] : []),
      outputs: (inputs) => attentionOutputs(inputs, returnAttentionScores),
      call: (inputs, context) =>
        attend(inputs, context, {
          dropout,
          seed,
          useCausalMask,
          returnAttentionScores,
          score(query, key) {
            const fit = tf.tanh(tf.add(tf.expandDims(query, 2), tf.expandDims(key, 1)));
            return tf.sum(useScale ? tf.mul(fit, context.parameter('scale')) : fit, -1);
          },
        }),
    },
    options,
  );
}
