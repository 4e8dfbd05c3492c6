import * as tf from '@tensorflow/tfjs-core';
import type { Layer } from '../contract.ts';
import { type PoolingOptions, pooling1d } from './pooling-1d.ts';
import { type TimeWindows, windowCount, windowPadding, windowTaps } from './time-windows.ts';

/**
 * Averages each feature over every window: `[batch, time, features]` → `[batch, windows, features]`. Keras' AveragePooling1D.
 *
 * Steps that padding adds do not count in the average. Drops the mask.
 *
 * @throws CellstateError `INVALID_OPTION` for sizes that are not positive integers or an unknown padding; `SHAPE_MISMATCH` for an
 * input of another rank or shorter than a window.
 *
 * @example
 * ```ts
 * import { averagePooling1d, sequential } from '@cellstate/layers';
 *
 * const m = sequential([averagePooling1d({ poolSize: 2, inputShape: [4, 1] })]);
 * (await m.predict([[[1], [5], [2], [3]]])).toNested(); // → [[[3], [2.5]]]
 * ```
 */
export function averagePooling1d(options: PoolingOptions = {}): Layer {
  return pooling1d(
    {
      className: 'AveragePooling1D',
      factory: 'averagePooling1d',
      pool(x, windows) {
        const sum = windowTaps(x, windows, 0).reduce((total, tap) => tf.add(total, tap));
        return tf.div(sum, tf.reshape(realSteps(x.shape[1] as number, windows), [1, -1, 1]));
      },
    },
    options,
  );
}

/** How many steps of each window lie within the sequence. */
function realSteps(length: number, windows: TimeWindows): tf.Tensor {
  const [front] = windowPadding(length, windows);
  const counts = Float32Array.from({ length: windowCount(length, windows) as number }, (_, window) => {
    const start = window * windows.stride - front;
    return Math.min(start + windows.size, length) - Math.max(start, 0);
  });
  return tf.tensor(counts);
}
