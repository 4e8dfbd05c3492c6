import { CellstateError, describe } from '@cellstate/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Layer, LayerOptions } from '../contract.ts';
import { checkRank } from '../graph/check-shapes.ts';
import { checkLayerOptions, defineLayer } from '../layer.ts';
import { axisOrder, type DataFormatOptions } from './axis-order.ts';

/** The options of both global pooling layers. */
export interface GlobalPoolingOptions extends LayerOptions, DataFormatOptions {
  /** Keep the time axis, of length 1. Default false. */
  readonly keepdims?: boolean;
}

/**
 * Averages each feature over time: `[batch, time, features]` → `[batch, features]`. Keras' GlobalAveragePooling1D.
 *
 * With a mask, over real steps only; a row without any gives NaN, as in Keras. Drops the mask.
 *
 * @throws CellstateError `SHAPE_MISMATCH` for an input of another rank, and for a mask of other steps.
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
  checkLayerOptions(options, ['keepdims', 'dataFormat'], 'globalAveragePooling1d');
  const { time, features, axes, name } = axisOrder(options.dataFormat, 'globalAveragePooling1d');
  const { keepdims = false } = options;
  return defineLayer(
    {
      className: 'GlobalAveragePooling1D',
      config: () => ({ keepdims, dataFormat: name }),
      outputs(inputs) {
        const { shape } = checkRank(inputs, 3, axes);
        const [batch = null] = shape;
        const length = shape[features] ?? null;
        return [{ shape: keepdims ? (features === 2 ? [batch, 1, length] : [batch, length, 1]) : [batch, length], dtype: 'float32' }];
      },
      call([x], { masks }) {
        const input = x as Tensor;
        const mask = masks[0] ?? null;
        if (mask === null) return { outputs: [tf.mean(input, time, keepdims)] };
        checkMask(mask.shape, input.shape[time] as number);
        const weights = tf.expandDims(tf.cast(mask, 'float32'), features);
        return { outputs: [tf.div(tf.sum(tf.mul(input, weights), time, keepdims), tf.sum(weights, time, keepdims))] };
      },
    },
    options,
  );
}

/** A mask goes along axis 1 everywhere else, which need not be the time here. */
function checkMask(mask: readonly number[], steps: number): void {
  if (mask[1] === steps) return;
  throw new CellstateError('SHAPE_MISMATCH', 'The mask has other steps than the input.', {
    expected: `[batch, ${steps}]`,
    received: describe(mask),
    where: 'mask',
  });
}
