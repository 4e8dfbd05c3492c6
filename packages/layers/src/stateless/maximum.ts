import * as tf from '@tensorflow/tfjs-core';
import type { Layer, LayerOptions } from '../contract.ts';
import { elementwiseMerge } from './elementwise-merge.ts';
import { pickReal } from './pick-real.ts';

/**
 * Takes the largest of the inputs, value by value. Keras' Maximum.
 *
 * Lengths of 1 broadcast, and an input `[batch, features]` meets every step of `[batch, time, features]`. A step is real when it
 * is in any input's mask, if all have one; else there is no mask. A masked step of an input gives way to the others.
 *
 * @throws CellstateError `SHAPE_MISMATCH` for no input or shapes that do not fit.
 *
 * @example
 * ```ts
 * import { maximum, input, model } from '@cellstate/layers';
 *
 * const [a, b] = [input({ shape: [2] }), input({ shape: [2] })];
 * const m = model({ inputs: [a, b], outputs: maximum().apply([a, b]) });
 * (await m.predict([[[1, 5]], [[3, 4]]])).toNested(); // → [[3, 5]]
 * ```
 */
export function maximum(options: LayerOptions = {}): Layer {
  return elementwiseMerge({ className: 'Maximum', factory: 'maximum', combine: pickReal((a, b) => tf.maximum(a, b)) }, options);
}
