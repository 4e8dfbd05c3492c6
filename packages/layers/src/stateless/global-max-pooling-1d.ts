import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Layer } from '../contract.ts';
import { checkRank } from '../graph/check-shapes.ts';
import { checkLayerOptions, defineLayer } from '../layer.ts';
import { axisOrder } from './axis-order.ts';
import type { GlobalPoolingOptions } from './global-average-pooling-1d.ts';

/**
 * Keeps each feature's largest value over time: `[batch, time, features]` → `[batch, features]`. Keras' GlobalMaxPooling1D.
 *
 * Masked steps count too, as in Keras. Drops the mask.
 *
 * @throws CellstateError `SHAPE_MISMATCH` for an input of another rank.
 *
 * @example
 * ```ts
 * import { globalMaxPooling1d, sequential } from '@cellstate/layers';
 *
 * const m = sequential([globalMaxPooling1d({ inputShape: [2, 2] })]);
 * (await m.predict([[[1, 4], [3, 2]]])).toNested(); // → [[3, 4]]
 * ```
 */
export function globalMaxPooling1d(options: GlobalPoolingOptions = {}): Layer {
  checkLayerOptions(options, ['keepdims', 'dataFormat'], 'globalMaxPooling1d');
  const { time, features, axes, name } = axisOrder(options.dataFormat, 'globalMaxPooling1d');
  const { keepdims = false } = options;
  return defineLayer(
    {
      className: 'GlobalMaxPooling1D',
      config: () => ({ keepdims, dataFormat: name }),
      outputs(inputs) {
        const { shape, dtype } = checkRank(inputs, 3, axes);
        const [batch = null] = shape;
        const length = shape[features] ?? null;
        return [{ shape: keepdims ? (features === 2 ? [batch, 1, length] : [batch, length, 1]) : [batch, length], dtype }];
      },
      call: ([x]) => ({ outputs: [tf.max(x as Tensor, time, keepdims)] }),
    },
    options,
  );
}
