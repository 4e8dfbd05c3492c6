import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Layer, LayerOptions } from '../contract.ts';
import { checkRank } from '../graph/check-shapes.ts';
import { checkLayerOptions, defineLayer } from '../layer.ts';

/** The options of both global pooling layers. */
export interface GlobalPoolingOptions extends LayerOptions {
  /** Keep a time axis of length 1. Default false. */
  readonly keepdims?: boolean;
}

/**
 * Averages each feature over time: `[batch, time, features]` → `[batch, features]`. Keras' GlobalAveragePooling1D.
 *
 * With a mask, over real steps only; a row without any gives NaN, as in Keras. Drops the mask.
 *
 * @throws CellstateError `SHAPE_MISMATCH` for an input of another rank.
 *
 * @example
 * ```ts
 * import { globalAveragePooling1d, sequential } from '@cellstate/layers';
 *
 * const m = sequential([globalAveragePooling1d({ inputShape: [2, 2] })]);
 * (await m.predict([[[1, 4], [3, 2]]])).toNested(); // → [[2, 3]]
 * ```
 */
export function globalAveragePooling1d(options: GlobalPoolingOptions = {}): Layer {
  checkLayerOptions(options, ['keepdims'], 'globalAveragePooling1d');
  const { keepdims = false } = options;
  return defineLayer(
    {
      className: 'GlobalAveragePooling1D',
      config: () => ({ keepdims }),
      outputs(inputs) {
        const { shape } = checkRank(inputs, 3, '[batch, time, features]');
        return [{ shape: [shape[0] ?? null, ...(keepdims ? [1] : []), shape[2] ?? null], dtype: 'float32' }];
      },
      call([x], { masks }) {
        const input = x as Tensor;
        const mask = masks[0] ?? null;
        if (mask === null) return { outputs: [tf.mean(input, 1, keepdims)] };
        const weights = tf.expandDims(tf.cast(mask, 'float32'), -1);
        return { outputs: [tf.div(tf.sum(tf.mul(input, weights), 1, keepdims), tf.sum(weights, 1, keepdims))] };
      },
    },
    options,
  );
}
