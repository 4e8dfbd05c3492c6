import { CellstateError } from '@cellstate/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Layer, LayerOptions } from '../contract.ts';
import { checkRank } from '../graph/check-shapes.ts';
import { checkLayerOptions, defineLayer } from '../layer.ts';

export interface PermuteOptions extends LayerOptions {
  /** For each new axis the number of the old one, counted from 1; the batch, axis 0, stays. `[2, 1]` swaps time and features. */
  readonly dims: readonly number[];
}

/**
 * Puts the axes in another order: `[batch, time, features]` → `[batch, features, time]` with `dims: [2, 1]`. Keras' Permute.
 *
 * Drops the mask.
 *
 * @throws CellstateError `INVALID_OPTION` unless `dims` holds 1 … n once each; `SHAPE_MISMATCH` for an input of another rank.
 *
 * @example
 * ```ts
 * import { permute, sequential } from '@cellstate/layers';
 *
 * const m = sequential([permute({ dims: [2, 1], inputShape: [2, 3] })]);
 * (await m.predict([[[1, 2, 3], [4, 5, 6]]])).toNested(); // → [[[1, 4], [2, 5], [3, 6]]]
 * ```
 */
export function permute(options: PermuteOptions): Layer {
  checkLayerOptions(options, ['dims'], 'permute');
  const { dims } = options;
  if (!Array.isArray(dims) || [...dims].sort((a, b) => a - b).some((axis, i) => axis !== i + 1)) {
    throw new CellstateError('INVALID_OPTION', 'Each axis must come once.', {
      expected: 'the numbers 1 to n in some order',
      received: JSON.stringify(dims) ?? String(dims),
      where: 'permute, dims',
    });
  }
  const order: readonly number[] = [0, ...dims];
  return defineLayer(
    {
      className: 'Permute',
      streaming: dims[0] === 1 ? 'steps' : 'sequence',
      config: () => ({ dims }),
      outputs(inputs) {
        const { shape, dtype } = checkRank(inputs, order.length, `${order.length} axes, the batch and ${dims.length} more`);
        return [{ shape: order.map((axis) => shape[axis] ?? null), dtype }];
      },
      call: ([x]) => ({ outputs: [tf.transpose(x as Tensor, [...order])] }),
    },
    options,
  );
}
