import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { CallContext, LayerResult } from '../contract.ts';
import { dropoutFactors } from '../dropout-factors.ts';
import { attentionInputs, HIDDEN, visibleValues } from './attention-inputs.ts';

export interface AttendOptions {
  readonly dropout: number;
  readonly seed: number | null;
  readonly useCausalMask: boolean;
  readonly returnAttentionScores: boolean;
  /** Scores `[batch, queries, values]`, of query and key. */
  score(query: Tensor, key: Tensor): Tensor;
}

/** What `attention` and `additiveAttention` share: softmax(scores) · value, masked values out of sight, masked queries zero. */
export function attend(inputs: readonly Tensor[], context: CallContext, options: AttendOptions): LayerResult {
  const { query, value, key } = attentionInputs(inputs);
  const [queryMask = null, valueMask = null] = context.masks;
  const visible = visibleValues([valueMask], {
    causal: options.useCausalMask,
    queries: query.shape[1] as number,
    values: value.shape[1] as number,
  });
  const softmax = tf.softmax(hidden(options.score(query, key), visible), -1);
  const weights = droppedOut(softmax, context, options);
  const sum = tf.matMul(weights, value);
  const output = queryMask === null ? sum : tf.mul(sum, tf.expandDims(tf.cast(queryMask, 'float32'), -1));
  return options.returnAttentionScores
    ? { outputs: [output, weights], masks: [queryMask, null] }
    : { outputs: [output], masks: [queryMask] };
}

/** As in Keras, scores are lowered and not replaced: a query that sees nothing still has a gradient. */
function hidden(scores: Tensor, visible: Tensor | null): Tensor {
  return visible === null ? scores : tf.add(scores, tf.mul(tf.cast(tf.logicalNot(visible), 'float32'), HIDDEN));
}

/** Attention weights with a share of them dropped in training. */
export function droppedOut(
  weights: Tensor,
  context: CallContext,
  { dropout, seed }: { readonly dropout: number; readonly seed: number | null },
): Tensor {
  if (!context.training || dropout === 0) return weights;
  if (dropout === 1) return tf.zerosLike(weights);
  return tf.mul(weights, dropoutFactors(weights.shape, { rate: dropout, seed: context.seed(seed) }));
}
