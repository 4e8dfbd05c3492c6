import { CellstateError, describe, size } from '@cellstate/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Layer, LayerOptions, Shape, TensorSpec } from '../contract.ts';
import { checkLayerOptions, defineLayer } from '../layer.ts';

export interface ReshapeOptions extends LayerOptions {
  /** The new axes without the batch; one of them may be -1 and takes what is left. */
  readonly targetShape: readonly number[];
}

/**
 * Gives each sample other axes, its values in the same order: `[batch, …]` → `[batch, …targetShape]`. Keras' Reshape.
 *
 * Drops the mask.
 *
 * @throws CellstateError `INVALID_OPTION` for lengths that are not integers above 0 or more than one -1; `SHAPE_MISMATCH` when
 * the values do not fill the target.
 *
 * @example
 * ```ts
 * import { reshape, sequential } from '@cellstate/layers';
 *
 * const m = sequential([reshape({ targetShape: [2, -1], inputShape: [4] })]);
 * (await m.predict([[1, 2, 3, 4]])).toNested(); // → [[[1, 2], [3, 4]]]
 * ```
 */
export function reshape(options: ReshapeOptions): Layer {
  checkLayerOptions(options, ['targetShape'], 'reshape');
  const { targetShape } = options;
  const sound =
    Array.isArray(targetShape) &&
    targetShape.every((length) => Number.isInteger(length) && (length > 0 || length === -1)) &&
    targetShape.filter((length) => length === -1).length <= 1;
  if (!sound) {
    throw new CellstateError('INVALID_OPTION', 'The target shape must be a list of lengths.', {
      expected: 'positive integers, one of which may be -1',
      received: JSON.stringify(targetShape) ?? String(targetShape),
      where: 'reshape, targetShape',
    });
  }
  return defineLayer(
    {
      className: 'Reshape',
      streaming: targetShape.length > 1 ? 'never' : 'sequence',
      config: () => ({ targetShape }),
      outputs: (inputs) => inputs.map((input) => reshaped(input, targetShape)),
      call([x]) {
        const { shape, dtype } = x as Tensor;
        const target = reshaped({ shape, dtype: dtype as TensorSpec['dtype'] }, targetShape).shape as number[];
        return { outputs: [tf.reshape(x as Tensor, target)] };
      },
    },
    options,
  );
}

function reshaped({ shape, dtype }: TensorSpec, targetShape: readonly number[]): TensorSpec {
  const batch = shape[0] ?? null;
  const lengths = shape.slice(1).filter((length) => length !== null);
  if (lengths.length < shape.length - 1) return { shape: [batch, ...targetShape.map((length) => (length === -1 ? null : length))], dtype };
  const values = size(lengths);
  const named = size(targetShape.filter((length) => length !== -1));
  const left = values / named;
  if (targetShape.includes(-1) ? !Number.isInteger(left) : left !== 1) throw doesNotFill(shape, targetShape);
  return { shape: [batch, ...targetShape.map((length) => (length === -1 ? left : length))], dtype };
}

function doesNotFill(shape: Shape, targetShape: readonly number[]): CellstateError {
  return new CellstateError('SHAPE_MISMATCH', 'The values of a sample do not fill the target shape.', {
    expected: `as many values as ${describe(targetShape)} holds`,
    received: describe(shape),
    where: 'targetShape',
  });
}
