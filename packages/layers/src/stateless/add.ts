import * as tf from '@tensorflow/tfjs-core';
import type { Layer, LayerOptions } from '../contract.ts';
import { elementwiseMerge } from './elementwise-merge.ts';

/**
 * Adds inputs value by value. Keras' Add.
 *
 * Lengths of 1 broadcast, and an input `[batch, features]` meets every step of `[batch, time, features]`. A step is real when it
 * is in any input's mask, if all have one; else there is no mask.
 *
 * @throws CellstateError `SHAPE_MISMATCH` for no input or shapes that do not fit.
 *
 * @example
 * ```ts
 * import { add, input, model } from '@cellstate/layers';
 *
 * const [a, b] = [input({ shape: [2] }), input({ shape: [2] })];
 * const m = model({ inputs: [a, b], outputs: add().apply([a, b]) });
 * (await m.predict([[[1, 2]], [[3, 4]]])).toNested(); // → [[4, 6]]
 * ```
 */
export function add(options: LayerOptions = {}): Layer {
  return elementwiseMerge(
    { className: 'Add', factory: 'add', combine: (inputs) => inputs.reduce((sum, input) => tf.add(sum, input)) },
    options,
  );
}
