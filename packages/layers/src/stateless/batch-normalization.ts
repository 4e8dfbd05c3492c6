import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { getConstraint } from '../constraints.ts';
import type { ConstraintSpec, Layer, LayerOptions, RegularizerSpec } from '../contract.ts';
import { getInitializer, type InitializerSpec } from '../initializers/get-initializer.ts';
import { checkLayerOptions, configOf, defineLayer } from '../layer.ts';
import { getRegularizer } from '../regularizers.ts';
import { alongAxes, fixedLengths, resolveAxis } from './normalized-axes.ts';

export interface BatchNormalizationOptions extends LayerOptions {
  /** The axis that keeps its own statistics. Default -1, the features. */
  readonly axis?: number;
  /** The share of the old value in a moving statistic. Default 0.99. */
  readonly momentum?: number;
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
  /** Default zeros. */
  readonly movingMeanInitializer?: InitializerSpec;
  /** Default ones. */
  readonly movingVarianceInitializer?: InitializerSpec;
  readonly betaRegularizer?: RegularizerSpec;
  readonly gammaRegularizer?: RegularizerSpec;
  readonly betaConstraint?: ConstraintSpec;
  readonly gammaConstraint?: ConstraintSpec;
}

const OPTIONS: readonly (keyof BatchNormalizationOptions)[] = [
  'axis',
  'momentum',
  'epsilon',
  'center',
  'scale',
  'betaInitializer',
  'gammaInitializer',
  'movingMeanInitializer',
  'movingVarianceInitializer',
  'betaRegularizer',
  'gammaRegularizer',
  'betaConstraint',
  'gammaConstraint',
];

/** Keeps the mean of a wholly masked batch defined; Keras' constant. */
const MASKED_EPSILON = 1e-7;

/**
 * Normalises each feature by its mean and variance over batch and time (Ioffe and Szegedy, 2015): any shape → the same
 * shape. Keras' BatchNormalization: gamma · (x − mean) / √(variance + epsilon) + beta.
 *
 * Training uses the batch's own (biased) statistics, of real steps only when there is a mask, and moves the moving ones:
 * moving · momentum + batch · (1 − momentum). Inference, and a layer with `trainable: false`, use the moving ones. Masked steps
 * are normalised too. Passes the mask on.
 *
 * Parameters: gamma, beta, moving_mean and moving_variance (both not trainable), each `[features]`.
 *
 * @throws CellstateError `INVALID_AXIS`; `SHAPE_MISMATCH` when the axis has no fixed length.
 *
 * @example
 * ```ts
 * import { batchNormalization, sequential } from '@cellstate/layers';
 *
 * const m = sequential([batchNormalization({ epsilon: 0, inputShape: [2] })]);
 * (await m.predict([[3, -1]])).toNested(); // → [[3, -1]]
 * ```
 */
export function batchNormalization(options: BatchNormalizationOptions = {}): Layer {
  checkLayerOptions(options, OPTIONS, 'batchNormalization');
  const { axis = -1, momentum = 0.99, epsilon = 1e-3, center = true, scale = true } = options;
  const betaInitializer = getInitializer(options.betaInitializer ?? 'zeros', 'batchNormalization, betaInitializer');
  const gammaInitializer = getInitializer(options.gammaInitializer ?? 'ones', 'batchNormalization, gammaInitializer');
  const meanInitializer = getInitializer(options.movingMeanInitializer ?? 'zeros', 'batchNormalization, movingMeanInitializer');
  const varianceInitializer = getInitializer(options.movingVarianceInitializer ?? 'ones', 'batchNormalization, movingVarianceInitializer');
  const betaRegularizer = getRegularizer(options.betaRegularizer, 'batchNormalization, betaRegularizer');
  const gammaRegularizer = getRegularizer(options.gammaRegularizer, 'batchNormalization, gammaRegularizer');
  const betaConstraint = getConstraint(options.betaConstraint, 'batchNormalization, betaConstraint');
  const gammaConstraint = getConstraint(options.gammaConstraint, 'batchNormalization, gammaConstraint');

  return defineLayer(
    {
      className: 'BatchNormalization',
      masking: 'pass',
      streaming: axis === -1 || axis === 2 ? 'steps' : 'sequence',
      couplesBatch: true,
      config: () => ({
        axis,
        momentum,
        epsilon,
        center,
        scale,
        betaInitializer: configOf(betaInitializer),
        gammaInitializer: configOf(gammaInitializer),
        movingMeanInitializer: configOf(meanInitializer),
        movingVarianceInitializer: configOf(varianceInitializer),
        betaRegularizer: configOf(betaRegularizer),
        gammaRegularizer: configOf(gammaRegularizer),
        betaConstraint: configOf(betaConstraint),
        gammaConstraint: configOf(gammaConstraint),
      }),
      parameters(inputs) {
        const shape = inputs[0]?.shape ?? [];
        const lengths = fixedLengths(shape, [resolveAxis(axis, shape.length)]);
        return [
          ...(scale
            ? [{ name: 'gamma', shape: lengths, initializer: gammaInitializer, regularizer: gammaRegularizer, constraint: gammaConstraint }]
            : []),
          ...(center
            ? [{ name: 'beta', shape: lengths, initializer: betaInitializer, regularizer: betaRegularizer, constraint: betaConstraint }]
            : []),
          { name: 'moving_mean', shape: lengths, initializer: meanInitializer, trainable: false },
          { name: 'moving_variance', shape: lengths, initializer: varianceInitializer, trainable: false },
        ];
      },
      outputs(inputs) {
        for (const { shape } of inputs) fixedLengths(shape, [resolveAxis(axis, shape.length)]);
        return inputs;
      },
      call([x], { parameter, training, trainable, masks }) {
        const input = x as Tensor;
        const kept = resolveAxis(axis, input.rank);
        const along = alongAxes(input.shape, [kept]);
        const laid = (name: string) => tf.reshape(parameter(name), along);
        const learning = training && trainable;
        const { mean, variance } = learning
          ? statistics(input, { kept, mask: masks[0] ?? null })
          : { mean: laid('moving_mean'), variance: laid('moving_variance') };
        const factor = tf.rsqrt(tf.add(variance, epsilon));
        const normalized = tf.mul(tf.sub(input, mean), scale ? tf.mul(factor, laid('gamma')) : factor);
        const outputs = [center ? tf.add(normalized, laid('beta')) : normalized];
        if (!learning) return { outputs };
        const moved = (name: string, batch: Tensor) => {
          const old = parameter(name);
          return { name, value: tf.add(tf.mul(old, momentum), tf.mul(tf.reshape(batch, old.shape), 1 - momentum)) };
        };
        return { outputs, updates: [moved('moving_mean', mean), moved('moving_variance', variance)] };
      },
    },
    options,
  );
}

/** Mean and biased variance over every axis but `kept`, of the steps that the mask calls real; axes are kept at length 1. */
function statistics(
  x: Tensor,
  { kept, mask }: { readonly kept: number; readonly mask: Tensor | null },
): { mean: Tensor; variance: Tensor } {
  const axes = x.shape.map((_, axis) => axis).filter((axis) => axis !== kept);
  if (mask === null || x.rank < 3) {
    const mean = tf.mean(x, axes, true);
    return { mean, variance: tf.mean(tf.squaredDifference(x, mean), axes, true) };
  }
  const steps = tf.reshape(tf.cast(mask, 'float32'), [...x.shape.slice(0, 2), ...x.shape.slice(2).map(() => 1)]);
  const weights = tf.broadcastTo(steps, x.shape);
  const total = tf.add(tf.sum(weights, axes, true), MASKED_EPSILON);
  const mean = tf.div(tf.sum(tf.mul(x, weights), axes, true), total);
  return { mean, variance: tf.div(tf.sum(tf.mul(tf.squaredDifference(x, mean), weights), axes, true), total) };
}
