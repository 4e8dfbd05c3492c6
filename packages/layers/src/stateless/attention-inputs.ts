import { CellstateError, describe } from '@cellstate/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Shape, TensorSpec } from '../contract.ts';

/** Query, value and key; the key is the value when only two are given. */
export interface AttentionInputs<T> {
  readonly query: T;
  readonly value: T;
  readonly key: T;
}

/** The inputs by name. */
export function attentionInputs<T>(inputs: readonly T[]): AttentionInputs<T> {
  const [query, value, key = value] = inputs;
  return { query: query as T, value: value as T, key: key as T };
}

/**
 * Throws `SHAPE_MISMATCH` unless there are two or three sequences, and value and key have the same steps.
 *
 * @param sameFeatures whether query and key must have the same number of features.
 * @param deeper whether there may be more axes between the batch and the features than time, as many in each input.
 */
export function checkAttentionInputs(
  inputs: readonly TensorSpec[],
  { sameFeatures = false, deeper = false }: { readonly sameFeatures?: boolean; readonly deeper?: boolean } = {},
): AttentionInputs<TensorSpec> {
  const rank = deeper ? Math.max(3, inputs[0]?.shape.length ?? 0) : 3;
  if (inputs.length < 2 || inputs.length > 3 || inputs.some(({ shape }) => shape.length !== rank)) {
    const each = deeper ? '[batch, time, features], or with the same number of axes more before the features' : '[batch, time, features]';
    throw mismatch('Attention takes sequences.', `[query, value] or [query, value, key], each ${each}`, inputs);
  }
  const named = attentionInputs(inputs);
  const { query, value, key } = named;
  for (let axis = 1; axis < rank - 1; axis++) {
    if (!agree(value.shape, key.shape, axis))
      throw mismatch('Value and key must have the same steps.', 'one key for each value', [value, key]);
  }
  if (sameFeatures && !agree(query.shape, key.shape, 2)) {
    throw mismatch('Query and key must have the same features.', 'equal last axes', [query, key]);
  }
  return named;
}

/** What a query may look at by its place alone. */
interface Sight {
  /** Nothing later. */
  readonly causal: boolean;
  /** Nothing so many steps away, or more. Default null: any. */
  readonly window?: number | null;
  readonly queries: number;
  readonly values: number;
}

/**
 * Which values each query may look at, as a bool tensor that broadcasts to `[batch, queries, values]`; null when all.
 *
 * @param masks which values are real, `[batch, values]` each, or null.
 */
export function visibleValues(masks: readonly (Tensor | null)[], { causal, window = null, queries, values }: Sight): Tensor | null {
  const visible = masks.filter((mask) => mask !== null).map((mask) => tf.expandDims(tf.cast(mask, 'bool'), 1));
  if (causal) {
    const earlier = Uint8Array.from({ length: queries * values }, (_, i) => (Math.floor(i / values) >= i % values ? 1 : 0));
    visible.push(tf.tensor(earlier, [1, queries, values], 'bool'));
  }
  if (window !== null) {
    const near = Uint8Array.from({ length: queries * values }, (_, i) => {
      return Math.abs(Math.floor(i / values) - (i % values)) < window ? 1 : 0;
    });
    visible.push(tf.tensor(near, [1, queries, values], 'bool'));
  }
  return visible.length === 0 ? null : visible.reduce((both, one) => tf.logicalAnd(both, one));
}

/** Softmax over the last axis, with the weight of what is not visible as good as 0. */
export function attentionWeights(scores: Tensor, visible: Tensor | null): Tensor {
  return tf.softmax(visible === null ? scores : tf.where(visible, scores, tf.fill(scores.shape, HIDDEN)), -1);
}

/** Keras' logit of a masked value. */
export const HIDDEN = -1e9;

function agree(a: Shape, b: Shape, axis: number): boolean {
  return a[axis] === b[axis] || a[axis] === null || b[axis] === null;
}

function mismatch(what: string, expected: string, inputs: readonly TensorSpec[]): CellstateError {
  return new CellstateError('SHAPE_MISMATCH', what, {
    expected,
    received: inputs.map(({ shape }) => describe(shape)).join(' and ') || 'no input',
    where: 'inputs',
  });
}
