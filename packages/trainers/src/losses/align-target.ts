import { CellstateError, describe, sameShape } from '@cellstate/core';
import * as tf from '@tensorflow/tfjs-core';
import type { TargetKind } from './loss.ts';

/** A target and a prediction that a loss or a metric can compare, element for element. */
export interface Pair {
  readonly target: tf.Tensor;
  readonly prediction: tf.Tensor;
}

/**
 * Brings a target into the form its loss expects: a last axis of length 1 may be missing on either side, as in Keras; any
 * other difference would broadcast into a wrong loss, so it throws `TARGET_SHAPE`.
 */
export function alignTarget(target: tf.Tensor, prediction: tf.Tensor, { kind, where }: { kind: TargetKind; where: string }): Pair {
  if (kind === 'any') return { target, prediction };
  if (kind === 'classes') {
    const ids = prediction.shape.slice(0, -1);
    if (!sameBut(target.shape, ids)) throw mismatch(target, { expected: `${describe(ids)} class ids`, where });
    return { target: sameShape(target.shape, ids) ? target : tf.reshape(target, ids), prediction };
  }
  const rank = Math.max(1, prediction.rank, target.rank === prediction.rank + 1 && target.shape.at(-1) === 1 ? target.rank : 0);
  const wide = rank === prediction.rank ? prediction : tf.reshape(prediction, [...prediction.shape, 1]);
  if (!sameBut(target.shape, wide.shape)) throw mismatch(target, { expected: describe(prediction.shape), where });
  const values = target.dtype === 'float32' ? target : tf.cast(target, 'float32');
  return { target: sameShape(target.shape, wide.shape) ? values : tf.reshape(values, wide.shape), prediction: wide };
}

function mismatch(target: tf.Tensor, { expected, where }: { expected: string; where: string }): CellstateError {
  return new CellstateError('TARGET_SHAPE', 'The target does not have the shape of the prediction.', {
    expected,
    received: describe(target.shape),
    where,
  });
}

/** Whether two shapes are equal, or differ only by a last axis of length 1. */
function sameBut(a: readonly number[], b: readonly number[]): boolean {
  if (a.length === b.length) return sameShape(a, b);
  const [long, short] = a.length > b.length ? [a, b] : [b, a];
  return long.length === short.length + 1 && long.at(-1) === 1 && sameShape(long.slice(0, -1), short);
}
