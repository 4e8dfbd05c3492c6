import { CellstateError } from '@cellstate/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { identityStep } from '../array-step.ts';
import type { Layer, LayerOptions } from '../contract.ts';
import { drawNormal } from '../initializers/random-normal.ts';
import { checkLayerOptions, defineLayer } from '../layer.ts';

export interface GaussianNoiseOptions extends LayerOptions {
  /** Standard deviation of the noise, 0 to 1 as in Keras. */
  readonly stddev: number;
  /** A seed of this layer's own, combined with that of the pass. Default: its call path. */
  readonly seed?: number | null;
}

/**
 * Adds normal noise of mean 0 while training: any shape → the same shape. In inference it does nothing. Keras' GaussianNoise.
 *
 * Passes the mask on.
 *
 * @throws CellstateError `INVALID_OPTION` unless `stddev` is between 0 and 1; `SEED_MISSING` when a training pass has no seed.
 *
 * @example
 * ```ts
 * import { gaussianNoise, sequential } from '@cellstate/layers';
 *
 * const m = sequential([gaussianNoise({ stddev: 0.1, inputShape: [2] })]);
 * (await m.predict([[1, 2]])).toNested(); // → [[1, 2]]
 * ```
 */
export function gaussianNoise(options: GaussianNoiseOptions): Layer {
  checkLayerOptions(options, ['stddev', 'seed'], 'gaussianNoise');
  const { stddev, seed = null } = options;
  if (!(stddev >= 0 && stddev <= 1)) {
    throw new CellstateError('INVALID_OPTION', 'The standard deviation of the noise must be between 0 and 1.', {
      expected: 'a number from 0 to 1',
      received: String(stddev),
      where: 'gaussianNoise, stddev',
    });
  }
  return defineLayer(
    {
      className: 'GaussianNoise',
      masking: 'pass',
      streaming: 'steps',
      arrayStep: identityStep,
      config: () => ({ stddev, seed }),
      outputs: (inputs) => inputs,
      call([x], context) {
        const input = x as Tensor;
        if (!context.training || stddev === 0) return { outputs: [input] };
        const noise = drawNormal(input.shape, { mean: 0, stddev, seed: context.seed(seed) });
        return { outputs: [tf.add(input, tf.tensor(noise, input.shape))] };
      },
    },
    options,
  );
}
