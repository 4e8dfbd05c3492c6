import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type ArrayPass, type ArrayPassContext, type ArrayValue, arrayValue } from '../array-pass.ts';
import type { Layer, LayerOptions } from '../contract.ts';
import { checkRank } from '../graph/check-shapes.ts';
import { checkLayerOptions, defineLayer } from '../layer.ts';
import { checkPositiveInteger } from './check-positive-integer.ts';

export interface RepeatVectorOptions extends LayerOptions {
  /** How many time steps. */
  readonly n: number;
}

/**
 * Gives a vector to each of `n` time steps: `[batch, features]` → `[batch, n, features]`. Keras' RepeatVector.
 *
 * This is how one vector becomes a sequence: the start of a decoder. Drops the mask.
 *
 * @throws CellstateError `INVALID_OPTION` unless `n` is a positive integer; `SHAPE_MISMATCH` for an input of another rank.
 *
 * @example
 * ```ts
 * import { repeatVector, sequential } from '@cellstate/layers';
 *
 * const m = sequential([repeatVector({ n: 3, inputShape: [2] })]);
 * (await m.predict([[1, 2]])).toNested(); // → [[[1, 2], [1, 2], [1, 2]]]
 * ```
 */
export function repeatVector(options: RepeatVectorOptions): Layer {
  checkLayerOptions(options, ['n'], 'repeatVector');
  const { n } = options;
  checkPositiveInteger(n, 'repeatVector, n');
  return defineLayer(
    {
      className: 'RepeatVector',
      streaming: 'never',
      config: () => ({ n }),
      outputs(inputs) {
        const { shape, dtype } = checkRank(inputs, 2, '[batch, features]');
        return [{ shape: [shape[0] as number | null, n, shape[1] as number | null], dtype }];
      },
      arrayPass: (context) => repeatPass(n, context),
      call: ([x]) => ({ outputs: [tf.tile(tf.expandDims(x as Tensor, 1), [1, n, 1])] }),
    },
    options,
  );
}

function repeatPass(n: number, { inputs }: ArrayPassContext): ArrayPass {
  const [input] = inputs as [ArrayValue];
  const [batch, features] = input.shape as [number, number];
  const output = arrayValue([batch, n, features]);
  return {
    output,
    forward() {
      for (let row = 0; row < batch; row++) {
        const values = input.values.subarray(row * features, (row + 1) * features);
        for (let t = 0; t < n; t++) output.values.set(values, (row * n + t) * features);
      }
    },
    backward() {
      const { gradient } = input;
      for (let row = 0, at = 0; row < batch; row++) {
        for (let t = 0; t < n; t++) {
          for (let f = row * features; f < (row + 1) * features; f++, at++)
            gradient[f] = (gradient[f] as number) + (output.gradient[at] as number);
        }
      }
    },
  };
}
