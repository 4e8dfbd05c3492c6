import { CellstateError, describe } from '@cellstate/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type ArrayValue, reshapePass } from '../array-pass.ts';
import { identityStep } from '../array-step.ts';
import type { Layer, LayerOptions, Shape } from '../contract.ts';
import { dropoutFactors } from '../dropout-factors.ts';
import { checkLayerOptions, defineLayer } from '../layer.ts';
import { checkRate } from './check-rate.ts';

export interface DropoutOptions extends LayerOptions {
  /** The share of values set to zero while training, 0 to 1; the rest is divided by 1 − rate. */
  readonly rate: number;
  /** The shape of the draw: 1 where an axis shares it, null for the input's own length. Default: a draw for each value. */
  readonly noiseShape?: Shape | null;
  /** A seed of this layer's own, combined with that of the pass. Default: its call path. */
  readonly seed?: number | null;
}

/**
 * Sets a random share of the values to zero while training and scales the rest up (Srivastava et al., 2014): any shape → the
 * same shape. In inference it does nothing. Keras' Dropout.
 *
 * `noiseShape: [null, 1, null]` drops whole features over time. Passes the mask on.
 *
 * @throws CellstateError `INVALID_RATE`; `SHAPE_MISMATCH` when `noiseShape` does not fit; `SEED_MISSING` when a training pass
 * has no seed.
 *
 * @example
 * ```ts
 * import { dropout, sequential } from '@cellstate/layers';
 *
 * const m = sequential([dropout({ rate: 0.5, inputShape: [3] })]);
 * (await m.predict([[1, 2, 3]])).toNested(); // → [[1, 2, 3]]
 * ```
 */
export function dropout(options: DropoutOptions): Layer {
  checkLayerOptions(options, ['rate', 'noiseShape', 'seed'], 'dropout');
  const { rate, noiseShape = null, seed = null } = options;
  checkRate(rate, 'dropout, rate');
  return defineLayer(
    {
      className: 'Dropout',
      masking: 'pass',
      streaming: 'steps',
      arrayStep: identityStep,
      arrayPass: (context) => (rate === 0 || !context.training ? reshapePass(context, (context.inputs[0] as ArrayValue).shape) : null),
      config: () => ({ rate, seed, noiseShape }),
      outputs(inputs) {
        if (noiseShape !== null) for (const { shape } of inputs) checkNoiseShape(noiseShape, shape);
        return inputs;
      },
      call([x], context) {
        const input = x as Tensor;
        if (!context.training || rate === 0) return { outputs: [input] };
        if (rate === 1) return { outputs: [tf.zerosLike(input)] };
        const shape = input.shape.map((length, axis) => noiseShape?.[axis] ?? length);
        return { outputs: [tf.mul(input, dropoutFactors(shape, { rate, seed: context.seed(seed) }))] };
      },
    },
    options,
  );
}

function checkNoiseShape(noiseShape: Shape, shape: Shape): void {
  const fits =
    noiseShape.length === shape.length &&
    noiseShape.every((length, axis) => length === null || length === 1 || shape[axis] === null || length === shape[axis]);
  if (fits) return;
  throw new CellstateError('SHAPE_MISMATCH', 'The noise shape does not fit the input.', {
    expected: `for each axis of ${describe(shape)}: its length, 1 or null`,
    received: describe(noiseShape),
    where: 'noiseShape',
  });
}
