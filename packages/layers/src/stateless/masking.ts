import { CellstateError } from '@cellstate/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Layer, LayerOptions } from '../contract.ts';
import { checkRank } from '../graph/check-shapes.ts';
import { checkLayerOptions, defineLayer } from '../layer.ts';

export interface MaskingOptions extends LayerOptions {
  /** A step is masked when all its features have this value. Default 0. */
  readonly maskValue?: number;
}

/**
 * Masks the time steps whose features all equal `maskValue`, and sets them to zero: `[batch, time, features]` → the same
 * shape, with a mask that the layers after it follow. Keras' Masking.
 *
 * A step with one other value is kept as it is. A mask that comes with the input is replaced, as in Keras.
 *
 * @throws CellstateError `INVALID_OPTION` for a `maskValue` that is not a number (NaN equals nothing, so it cannot mark
 * a step); `SHAPE_MISMATCH` for an input of another rank.
 *
 * @example
 * ```ts
 * import { masking, sequential } from '@cellstate/layers';
 *
 * const m = sequential([masking({ maskValue: -1, inputShape: [3, 2] })]);
 * (await m.predict([[[1, 2], [-1, -1], [-1, 5]]])).toNested(); // → [[[1, 2], [0, 0], [-1, 5]]]
 * ```
 */
export function masking(options: MaskingOptions = {}): Layer {
  checkLayerOptions(options, ['maskValue'], 'masking');
  const { maskValue = 0 } = options;
  if (typeof maskValue !== 'number' || Number.isNaN(maskValue)) {
    throw new CellstateError('INVALID_OPTION', 'The mask value must be a number.', {
      expected: 'a number; NaN equals nothing, not even itself',
      received: String(maskValue),
      where: 'masking, maskValue',
      hint: 'Replace missing values by a number that does not occur, and give that number here.',
    });
  }
  return defineLayer(
    {
      className: 'Masking',
      streaming: 'steps',
      config: () => ({ maskValue }),
      outputs: (inputs) => [checkRank(inputs, 3, '[batch, time, features]')],
      call([x]) {
        const input = x as Tensor;
        const real = tf.any(tf.notEqual(input, maskValue), -1, true);
        return {
          outputs: [tf.where(tf.broadcastTo(real, input.shape), input, tf.zerosLike(input))],
          masks: [tf.squeeze(real, [-1])],
        };
      },
    },
    options,
  );
}
