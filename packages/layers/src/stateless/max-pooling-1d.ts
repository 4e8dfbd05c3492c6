import * as tf from '@tensorflow/tfjs-core';
import type { Layer } from '../contract.ts';
import { type PoolingOptions, pooling1d } from './pooling-1d.ts';
import { windowTaps } from './time-windows.ts';

/**
 * Keeps each feature's largest value of every window: `[batch, time, features]` → `[batch, windows, features]`. Keras' MaxPooling1D.
 *
 * Drops the mask. `poolSize: 2` makes of steps 0 … 4 the windows (0, 1) and (2, 3); with `padding: 'same'` also (4).
 *
 * @throws CellstateError `INVALID_OPTION` for sizes that are not positive integers or an unknown padding; `SHAPE_MISMATCH` for an
 * input of another rank or shorter than a window.
 *
 * @example
 * ```ts
 * import { maxPooling1d, sequential } from '@cellstate/layers';
 *
 * const m = sequential([maxPooling1d({ poolSize: 2, inputShape: [4, 1] })]);
 * (await m.predict([[[1], [5], [2], [3]]])).toNested(); // → [[[5], [3]]]
 * ```
 */
export function maxPooling1d(options: PoolingOptions = {}): Layer {
  return pooling1d(
    {
      className: 'MaxPooling1D',
      factory: 'maxPooling1d',
      pool: (x, windows) => windowTaps(x, windows, Number.NEGATIVE_INFINITY).reduce((most, tap) => tf.maximum(most, tap)),
    },
    options,
  );
}
