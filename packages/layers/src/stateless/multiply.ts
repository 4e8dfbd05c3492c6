import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Layer, LayerOptions } from '../contract.ts';
import { elementwiseMerge } from './elementwise-merge.ts';

/**
 * Multiplies inputs value by value. Keras' Multiply.
 *
 * Lengths of 1 broadcast, and an input `[batch, features]` meets every step of `[batch, time, features]`. A step is real when it
 * is in any input's mask, if all have one; else there is no mask. A masked step of an input counts as 1, and the product is 0 where
 * no input is real.
 *
 * @throws CellstateError `SHAPE_MISMATCH` for no input or shapes that do not fit.
 *
 * @example
 * ```ts
 * import { multiply, input, model } from '@cellstate/layers';
 *
 * const [a, b] = [input({ shape: [2] }), input({ shape: [2] })];
 * const m = model({ inputs: [a, b], outputs: multiply().apply([a, b]) });
 * (await m.predict([[[1, 2]], [[3, 4]]])).toNested(); // → [[3, 8]]
 * ```
 */
export function multiply(options: LayerOptions = {}): Layer {
  return elementwiseMerge({ className: 'Multiply', factory: 'multiply', combine: product }, options);
}

function product(inputs: readonly Tensor[], real: readonly (Tensor | null)[]): Tensor {
  const factors = inputs.map((input, i) => (real[i] ? tf.where(real[i], input, tf.scalar(1)) : input));
  const found = factors.reduce((all, factor) => tf.mul(all, factor));
  const masks = real.filter((mask) => mask !== null);
  if (masks.length < inputs.length) return found;
  return tf.where(
    masks.reduce((a, b) => tf.logicalOr(a, b)),
    found,
    tf.scalar(0),
  );
}
