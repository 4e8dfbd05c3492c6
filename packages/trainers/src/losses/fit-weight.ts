import { CellstateError, describe, sameShape } from '@cellstate/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * A mask or weight as float32 of exactly the shape of the values it multiplies.
 *
 * A mask may lack trailing axes (each of its entries then counts for all of them); weights must have the values' shape but
 * for axes of length 1, because `[batch]` against `[batch, time]` would weight the wrong axis whenever the two are equal.
 */
export function fitWeight(
  weight: tf.Tensor | null,
  shape: readonly number[],
  { what, where }: { what: 'mask' | 'sampleWeight'; where: string },
): tf.Tensor | null {
  if (weight === null) return null;
  const numbers = weight.dtype === 'float32' ? weight : tf.cast(weight, 'float32');
  if (sameShape(weight.shape, shape)) return numbers;
  if (sameShape(trim(weight.shape), trim(shape))) return tf.reshape(numbers, [...shape]);
  const leads = what === 'mask' && weight.rank > 0 && sameShape(weight.shape, shape.slice(0, weight.rank));
  if (leads) return tf.broadcastTo(tf.reshape(numbers, [...weight.shape, ...shape.slice(weight.rank).map(() => 1)]), [...shape]);
  if (shape.length === 0) {
    throw new CellstateError('LOSS_NOT_PER_SAMPLE', `A ${what} needs a loss with a value for each sample; this one gives one number.`, {
      expected: `values of shape ${describe(weight.shape)}`,
      received: 'a scalar',
      where,
    });
  }
  throw new CellstateError(what === 'mask' ? 'MASK_SHAPE' : 'SAMPLE_WEIGHT_SHAPE', `The ${what} does not fit the samples.`, {
    expected: describe(shape),
    received: describe(weight.shape),
    where,
    ...(what === 'sampleWeight' && shape.length > 1
      ? { hint: 'An output with a time axis needs a weight for each step: [batch, time].' }
      : {}),
  });
}

/** The product of two weights, either of which may be absent. */
export function product(a: tf.Tensor | null, b: tf.Tensor | null): tf.Tensor | null {
  if (a === null) return b;
  return b === null ? a : tf.mul(a, b);
}

function trim(shape: readonly number[]): readonly number[] {
  let end = shape.length;
  while (end > 1 && shape[end - 1] === 1) end--;
  return shape.slice(0, end);
}
