import { CellstateError, describe, size } from '@cellstate/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { resolveAxis } from './normalized-axes.ts';

/** The axes of an input `[batch, …, features]` that attention runs over, and those that stay apart, the batch first of all. */
export interface AttentionAxes {
  readonly apart: readonly number[];
  readonly along: readonly number[];
}

/**
 * Sorts the axes of an input of this rank. Given none, attention runs over all between batch and features.
 *
 * @throws CellstateError `INVALID_AXIS` for the batch, for the features, for what is no axis, and for an axis named twice.
 */
export function attentionAxes(given: readonly number[] | null, rank: number): AttentionAxes {
  const between = Array.from({ length: rank - 2 }, (_, i) => i + 1);
  const along = given === null ? between : given.map((axis) => resolveAxis(axis, rank));
  if (along.length === 0 || new Set(along).size < along.length || along.some((axis) => !between.includes(axis))) {
    throw new CellstateError('INVALID_AXIS', 'Attention runs over axes between the batch and the features, each named once.', {
      expected: rank === 3 ? '1, the time' : `some of ${between.join(', ')}`,
      received: given?.join(', ') || 'none',
      where: 'attentionAxes',
    });
  }
  return { apart: [0, ...between.filter((axis) => !along.includes(axis))], along };
}

/** `[batch, …, heads, features]` → `[all that stays apart, heads, all that attention runs over, features]`. */
export function headsFirst(projected: Tensor, { apart, along }: AttentionAxes): Tensor {
  const [heads, features] = [projected.rank - 2, projected.rank - 1];
  const moved = tf.transpose(projected, [...apart, heads, ...along, features]);
  if (moved.rank === 4) return moved;
  const { shape } = moved;
  const middle = apart.length;
  return tf.reshape(moved, [
    size(shape.slice(0, middle)),
    shape[middle] as number,
    size(shape.slice(middle + 1, -1)),
    shape.at(-1) as number,
  ]);
}

/** The way back, for queries of these lengths: `[apart, heads, along, features]` → `[batch, …, heads, features]`. */
export function headsLast(attended: Tensor, { apart, along }: AttentionAxes, lengths: readonly number[]): Tensor {
  const [, heads, , features] = attended.shape as [number, number, number, number];
  const of = (axes: readonly number[]) => axes.map((axis) => lengths[axis] as number);
  const order = [...apart, apart.length + along.length, ...along];
  const laid = attended.rank === order.length + 1 ? attended : tf.reshape(attended, [...of(apart), heads, ...of(along), features]);
  return tf.transpose(laid, [...order.map((_, axis) => order.indexOf(axis)), order.length]);
}

/** Throws `SHAPE_MISMATCH` when the axes that stay apart have another length in the value or the key than in the query. */
export function checkApart(shapes: readonly (readonly (number | null)[])[], { apart }: AttentionAxes): void {
  const [query = [], ...others] = shapes;
  const agrees = (a: number | null | undefined, b: number | null | undefined) => a === b || a === null || b === null;
  if (others.every((shape) => apart.every((axis) => agrees(query[axis], shape[axis])))) return;
  throw new CellstateError('SHAPE_MISMATCH', 'Query, value and key must agree in the axes that attention does not run over.', {
    expected: `equal lengths of the axes ${apart.join(', ')}`,
    received: shapes.map((shape) => describe(shape)).join(' and '),
    where: 'inputs',
  });
}
