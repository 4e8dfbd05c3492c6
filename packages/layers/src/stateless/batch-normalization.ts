import { CellstateError } from '@cellstate/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { getConstraint } from '../constraints.ts';
import type { ConstraintSpec, Layer, LayerOptions, RegularizerSpec } from '../contract.ts';
import { getInitializer, type InitializerSpec } from '../initializers/get-initializer.ts';
import { checkLayerOptions, configOf, defineLayer } from '../layer.ts';
import { getRegularizer } from '../regularizers.ts';
import { checkRenormClipping, type RenormClipping, renormCorrection, type Statistics } from './batch-renormalization.ts';
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
  /** Correct the batch's statistics towards moving ones while training, so that training sees what inference will. Default false. */
  readonly renorm?: boolean;
  /** With `renorm`: how far the correction may go. Default: as far as it wants. */
  readonly renormClipping?: RenormClipping | null;
  /** With `renorm`: the share of the old value in the moving statistics that correct. Default 0.99. */
  readonly renormMomentum?: number;
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
  'renorm',
  'renormClipping',
  'renormMomentum',
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
 * `renorm` (Ioffe, 2017) scales and shifts what training normalises by r = deviation / renorm_stddev and d = (mean − renorm_mean) /
 * renorm_stddev, within `renormClipping`; no gradient goes through r and d. Then moving_stddev is what moves, and moving_variance
 * follows it.
 *
 * Parameters: gamma, beta, moving_mean, moving_variance, and with `renorm` moving_stddev, renorm_mean and renorm_stddev (all but the
 * first two not trainable), each `[features]`.
 *
 * @throws CellstateError `INVALID_AXIS`; `INVALID_OPTION` for a clipping that has other keys or excludes every value;
 * `CONTRADICTORY_OPTIONS` for options of `renorm` without it; `SHAPE_MISMATCH` when the axis has no fixed length.
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
  const { renorm = false, renormMomentum = 0.99 } = options;
  const betaInitializer = getInitializer(options.betaInitializer ?? 'zeros', 'batchNormalization, betaInitializer');
  const gammaInitializer = getInitializer(options.gammaInitializer ?? 'ones', 'batchNormalization, gammaInitializer');
  const meanInitializer = getInitializer(options.movingMeanInitializer ?? 'zeros', 'batchNormalization, movingMeanInitializer');
  const varianceInitializer = getInitializer(options.movingVarianceInitializer ?? 'ones', 'batchNormalization, movingVarianceInitializer');
  const betaRegularizer = getRegularizer(options.betaRegularizer, 'batchNormalization, betaRegularizer');
  const gammaRegularizer = getRegularizer(options.gammaRegularizer, 'batchNormalization, gammaRegularizer');
  const betaConstraint = getConstraint(options.betaConstraint, 'batchNormalization, betaConstraint');
  const gammaConstraint = getConstraint(options.gammaConstraint, 'batchNormalization, gammaConstraint');
  for (const [name, said] of Object.entries({
    renormClipping: (options.renormClipping ?? null) !== null,
    renormMomentum: renormMomentum !== 0.99,
  })) {
    if (renorm || !said) continue;
    throw new CellstateError('CONTRADICTORY_OPTIONS', `Option '${name}' has no meaning without renorm.`, {
      expected: 'renorm: true beside it',
      received: `${name} alone`,
      where: 'batchNormalization',
    });
  }
  const renormClipping = checkRenormClipping(options.renormClipping ?? null);
  const correction = (batch: Statistics, laid: (name: string) => Tensor) =>
    renormCorrection(batch, { mean: laid('renorm_mean'), deviation: laid('renorm_stddev') }, { epsilon, clipping: renormClipping });
  const deviationInitializer = (shape: readonly number[], seed: number) => varianceInitializer(shape, seed).map(Math.sqrt);

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
        renorm,
        renormClipping: renormClipping && { ...renormClipping },
        renormMomentum,
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
          ...(renorm
            ? [
                { name: 'moving_stddev', shape: lengths, initializer: deviationInitializer, trainable: false },
                { name: 'renorm_mean', shape: lengths, initializer: meanInitializer, trainable: false },
                { name: 'renorm_stddev', shape: lengths, initializer: deviationInitializer, trainable: false },
              ]
            : []),
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
        const { r, d } = renorm && learning ? correction({ mean, variance }, laid) : { r: null, d: null };
        const gamma = scale ? laid('gamma') : null;
        const factor = [gamma, r].reduce<Tensor>(
          (all, one) => (one === null ? all : tf.mul(all, one)),
          tf.rsqrt(tf.add(variance, epsilon)),
        );
        const shift = d === null || gamma === null ? d : tf.mul(d, gamma);
        const scaled = tf.mul(tf.sub(input, mean), factor);
        const shifted = shift === null ? scaled : tf.add(scaled, shift);
        const outputs = [center ? tf.add(shifted, laid('beta')) : shifted];
        if (!learning) return { outputs };
        const moved = (name: string, batch: Tensor, share = momentum) => {
          const old = parameter(name);
          return { name, value: tf.add(tf.mul(old, share), tf.mul(tf.reshape(batch, old.shape), 1 - share)) };
        };
        if (!renorm) return { outputs, updates: [moved('moving_mean', mean), moved('moving_variance', variance)] };
        const batchDeviation = tf.sqrt(tf.add(variance, epsilon));
        const deviationNow = moved('moving_stddev', batchDeviation);
        return {
          outputs,
          updates: [
            moved('moving_mean', mean),
            { name: 'moving_variance', value: tf.relu(tf.sub(tf.square(deviationNow.value), epsilon)) },
            deviationNow,
            moved('renorm_mean', mean, renormMomentum),
            moved('renorm_stddev', batchDeviation, renormMomentum),
          ],
        };
      },
    },
    options,
  );
}

/** Mean and biased variance over every axis but `kept`, of the steps that the mask calls real; axes are kept at length 1. */
function statistics(x: Tensor, { kept, mask }: { readonly kept: number; readonly mask: Tensor | null }): Statistics {
  const axes = x.shape.map((_, axis) => axis).filter((axis) => axis !== kept);
  if (mask === null || mask.rank >= x.rank) {
    const mean = tf.mean(x, axes, true);
    return { mean, variance: tf.mean(tf.squaredDifference(x, mean), axes, true) };
  }
  const steps = tf.reshape(tf.cast(mask, 'float32'), [...mask.shape, ...x.shape.slice(mask.rank).map(() => 1)]);
  const weights = tf.broadcastTo(steps, x.shape);
  const total = tf.add(tf.sum(weights, axes, true), MASKED_EPSILON);
  const mean = tf.div(tf.sum(tf.mul(x, weights), axes, true), total);
  return { mean, variance: tf.div(tf.sum(tf.mul(tf.squaredDifference(x, mean), weights), axes, true), total) };
}
