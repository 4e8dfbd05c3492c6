import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { getConstraint } from '../constraints.ts';
import type { ConstraintSpec, Layer, LayerOptions, RegularizerSpec } from '../contract.ts';
import { getInitializer, type InitializerSpec } from '../initializers/get-initializer.ts';
import { checkLayerOptions, configOf, defineLayer } from '../layer.ts';
import { getRegularizer } from '../regularizers.ts';
import { alongAxes, fixedLengths, resolveAxis } from './normalized-axes.ts';

export interface LayerNormalizationOptions extends LayerOptions {
  /** The axis or axes that are normalised together. Default -1, the features of each step. */
  readonly axis?: number | readonly number[];
  /** Added to the variance. Default 1e-3. */
  readonly epsilon?: number;
  /** Add beta. Default true. */
  readonly center?: boolean;
  /** Multiply by gamma. Default true. */
  readonly scale?: boolean;
  /** Default zeros. */
  readonly betaInitializer?: InitializerSpec;
  /** Default ones. */
  readonly gammaInitializer?: InitializerSpec;
  readonly betaRegularizer?: RegularizerSpec;
  readonly gammaRegularizer?: RegularizerSpec;
  readonly betaConstraint?: ConstraintSpec;
  readonly gammaConstraint?: ConstraintSpec;
}

const OPTIONS: readonly (keyof LayerNormalizationOptions)[] = [
  'axis',
  'epsilon',
  'center',
  'scale',
  'betaInitializer',
  'gammaInitializer',
  'betaRegularizer',
  'gammaRegularizer',
  'betaConstraint',
  'gammaConstraint',
];

/**
 * Normalises the features of each step by their own mean and biased variance (Ba et al., 2016): any shape → the same shape.
 * Keras' LayerNormalization: gamma · (x − mean) / √(variance + epsilon) + beta.
 *
 * Parameters: gamma and beta, of the lengths of the normalised axes. Passes the mask on.
 *
 * @throws CellstateError `INVALID_AXIS`; `SHAPE_MISMATCH` when a normalised axis has no fixed length.
 *
 * @example
 * ```ts
 * import { layerNormalization, sequential } from '@cellstate/layers';
 *
 * const m = sequential([layerNormalization({ epsilon: 0, inputShape: [2] })]);
 * (await m.predict([[3, 5]])).toNested(); // → [[-1, 1]]
 * ```
 */
export function layerNormalization(options: LayerNormalizationOptions = {}): Layer {
  checkLayerOptions(options, OPTIONS, 'layerNormalization');
  const { axis = -1, epsilon = 1e-3, center = true, scale = true } = options;
  const given = typeof axis === 'number' ? [axis] : axis;
  const betaInitializer = getInitializer(options.betaInitializer ?? 'zeros', 'layerNormalization, betaInitializer');
  const gammaInitializer = getInitializer(options.gammaInitializer ?? 'ones', 'layerNormalization, gammaInitializer');
  const betaRegularizer = getRegularizer(options.betaRegularizer, 'layerNormalization, betaRegularizer');
  const gammaRegularizer = getRegularizer(options.gammaRegularizer, 'layerNormalization, gammaRegularizer');
  const betaConstraint = getConstraint(options.betaConstraint, 'layerNormalization, betaConstraint');
  const gammaConstraint = getConstraint(options.gammaConstraint, 'layerNormalization, gammaConstraint');
  const resolved = (rank: number) => given.map((one) => resolveAxis(one, rank)).sort((a, b) => a - b);

  return defineLayer(
    {
      className: 'LayerNormalization',
      masking: 'pass',
      streaming: given.every((one) => one === -1 || one >= 2) ? 'steps' : 'sequence',
      config: () => ({
        axis,
        epsilon,
        center,
        scale,
        betaInitializer: configOf(betaInitializer),
        gammaInitializer: configOf(gammaInitializer),
        betaRegularizer: configOf(betaRegularizer),
        gammaRegularizer: configOf(gammaRegularizer),
        betaConstraint: configOf(betaConstraint),
        gammaConstraint: configOf(gammaConstraint),
      }),
      parameters(inputs) {
        const shape = inputs[0]?.shape ?? [];
        const lengths = fixedLengths(shape, resolved(shape.length));
        return [
          ...(scale
            ? [{ name: 'gamma', shape: lengths, initializer: gammaInitializer, regularizer: gammaRegularizer, constraint: gammaConstraint }]
            : []),
          ...(center
            ? [{ name: 'beta', shape: lengths, initializer: betaInitializer, regularizer: betaRegularizer, constraint: betaConstraint }]
            : []),
        ];
      },
      outputs(inputs) {
        for (const { shape } of inputs) fixedLengths(shape, resolved(shape.length));
        return inputs;
      },
      call([x], { parameter }) {
        const input = x as Tensor;
        const axes = resolved(input.rank);
        const along = alongAxes(input.shape, axes);
        const centred = tf.sub(input, tf.mean(input, axes, true));
        const unit = tf.mul(centred, tf.rsqrt(tf.add(tf.mean(tf.square(centred), axes, true), epsilon)));
        const scaled = scale ? tf.mul(unit, tf.reshape(parameter('gamma'), along)) : unit;
        return { outputs: [center ? tf.add(scaled, tf.reshape(parameter('beta'), along)) : scaled] };
      },
    },
    options,
  );
}
