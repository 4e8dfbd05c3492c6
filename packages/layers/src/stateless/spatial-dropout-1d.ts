import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { identityStep } from '../array-step.ts';
import type { Layer, LayerOptions } from '../contract.ts';
import { dropoutFactors } from '../dropout-factors.ts';
import { checkRank } from '../graph/check-shapes.ts';
import { checkLayerOptions, defineLayer } from '../layer.ts';
import { checkRate } from './check-rate.ts';

export interface SpatialDropout1dOptions extends LayerOptions {
  /** The share of features dropped while training, 0 to 1; the rest is divided by 1 − rate. */
  readonly rate: number;
  /** A seed of this layer's own, combined with that of the pass. Default: its call path. */
  readonly seed?: number | null;
}

/**
 * Drops whole features, the same ones at every time step: `[batch, time, features]` → the same shape. In inference it does
 * nothing. Keras' SpatialDropout1D (Tompson et al., 2014).
 *
 * Passes the mask on.
 *
 * @throws CellstateError `INVALID_RATE`; `SHAPE_MISMATCH` for an input of another rank; `SEED_MISSING` when a training pass
 * has no seed.
 *
 * @example
 * ```ts
 * import { sequential, spatialDropout1d } from '@cellstate/layers';
 *
 * const m = sequential([spatialDropout1d({ rate: 0.5, inputShape: [2, 1] })]);
 * (await m.predict([[[1], [2]]])).toNested(); // → [[[1], [2]]]
 * ```
 */
export function spatialDropout1d(options: SpatialDropout1dOptions): Layer {
  checkLayerOptions(options, ['rate', 'seed'], 'spatialDropout1d');
  const { rate, seed = null } = options;
  checkRate(rate, 'spatialDropout1d, rate');
  return defineLayer(
    {
      className: 'SpatialDropout1D',
      masking: 'pass',
      streaming: 'steps',
      arrayStep: identityStep,
      config: () => ({ rate, seed }),
      outputs: (inputs) => [checkRank(inputs, 3, '[batch, time, features]')],
      call([x], context) {
        const input = x as Tensor;
        if (!context.training || rate === 0) return { outputs: [input] };
        if (rate === 1) return { outputs: [tf.zerosLike(input)] };
        const shape: [number, number, number] = [input.shape[0] as number, 1, input.shape[2] as number];
        return { outputs: [tf.mul(input, dropoutFactors(shape, { rate, seed: context.seed(seed) }))] };
      },
    },
    options,
  );
}
