import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Layer, LayerOptions } from '../contract.ts';
import { elementwiseMerge } from './elementwise-merge.ts';

/**
 * Subtracts the second of two inputs from the first, value by value. Keras' Subtract.
 *
 * Lengths of 1 broadcast, and an input `[batch, features]` meets every step of `[batch, time, features]`. A step is real when it
 * is in any input's mask, if all have one; else there is no mask.
 *
 * @throws CellstateError `SHAPE_MISMATCH` for not two inputs or shapes that do not fit.
 *
 * @example
 * ```ts
 * import { subtract, input, model } from '@cellstate/layers';
 *
 * const [a, b] = [input({ shape: [2] }), input({ shape: [2] })];
 * const m = model({ inputs: [a, b], outputs: subtract().apply([a, b]) });
 * (await m.predict([[[1, 2]], [[3, 5]]])).toNested(); // → [[-2, -3]]
 * ```
 */
export function subtract(options: LayerOptions = {}): Layer {
  return elementwiseMerge(
    { className: 'Subtract', factory: 'subtract', count: 2, combine: ([a, b]) => tf.sub(a as Tensor, b as Tensor) },
    options,
  );
}
