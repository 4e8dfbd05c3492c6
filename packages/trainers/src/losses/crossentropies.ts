import { CellstateError, type NumericArray } from '@cellstate/core';
import { softmaxCrossentropy } from '@cellstate/ops';
import * as tf from '@tensorflow/tfjs-core';
import { checkNumber } from '../check-number.ts';
import { checkAxis } from './check-axis.ts';
import { defineLoss } from './define-loss.ts';
import type { Loss, LossOptions } from './loss.ts';

type LossValues = Loss['values'];

// Keras' fuzz factor.
const EPSILON = 1e-7;

export interface CrossentropyOptions extends LossOptions {
  /** Predictions are logits, not probabilities. Default false. */
  readonly fromLogits?: boolean;
  /** Moves targets towards the uniform distribution by this share. Default 0. */
  readonly labelSmoothing?: number;
  /** The axis of the prediction along which a sample's values lie. Default -1. */
  readonly axis?: number;
}

/**
 * `−t·ln p − (1 − t)·ln(1 − p)`, mean over the last axis, or `axis`; probabilities are clipped to [1e-7, 1 − 1e-7]. Keras'
 * `BinaryCrossentropy`.
 *
 * As in Keras, predictions that a layer's softmax or sigmoid gave are left aside for what went into it: those are the logits, whatever
 * `fromLogits` says.
 *
 * @throws CellstateError `UNKNOWN_OPTION`, `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { binaryCrossentropy } from '@cellstate/trainers';
 *
 * binaryCrossentropy({ fromLogits: true }).name; // → "binaryCrossentropy"
 * ```
 */
export function binaryCrossentropy(options: CrossentropyOptions = {}): Loss {
  const { fromLogits = false, labelSmoothing = 0, axis = -1 } = options;
  checkNumber(labelSmoothing, { where: 'binaryCrossentropy', option: 'labelSmoothing', from: 0, below: 1 });
  checkAxis(axis, 'binaryCrossentropy');
  const elements: LossValues = (target, prediction, logits = fromLogits ? prediction : undefined) => {
    const t = labelSmoothing === 0 ? target : tf.add(tf.mul(target, 1 - labelSmoothing), labelSmoothing / 2);
    if (logits !== undefined) return tf.sub(tf.softplus(logits), tf.mul(logits, t));
    const p = tf.clipByValue(prediction, EPSILON, 1 - EPSILON);
    return tf.neg(tf.add(tf.mul(t, tf.log(p)), tf.mul(tf.sub(1, t), tf.log(tf.sub(1, p)))));
  };
  const own = ['fromLogits', 'labelSmoothing', 'axis'];
  const values: LossValues = (...given) => tf.mean(elements(...given), axis);
  const rule = axis === -1 ? { elements } : { values };
  return defineLoss({ name: 'binaryCrossentropy', own, target: 'same', usesLogits: true, ...rule }, options);
}

/**
 * `−Σ t·ln p` over the last axis, or `axis`; probabilities are scaled to sum 1 and clipped to [1e-7, 1 − 1e-7]. Targets are
 * distributions over the classes, `[batch, …, classes]`. Keras' `CategoricalCrossentropy`: smoothing counts the classes on the last
 * axis whatever `axis` is, and logits are taken from before a softmax or sigmoid as in `binaryCrossentropy`.
 *
 * @throws CellstateError `UNKNOWN_OPTION`, `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { categoricalCrossentropy } from '@cellstate/trainers';
 *
 * categoricalCrossentropy({ labelSmoothing: 0.1 }).target; // → "same"
 * ```
 */
export function categoricalCrossentropy(options: CrossentropyOptions = {}): Loss {
  const { fromLogits = false, labelSmoothing = 0, axis = -1 } = options;
  checkNumber(labelSmoothing, { where: 'categoricalCrossentropy', option: 'labelSmoothing', from: 0, below: 1 });
  checkAxis(axis, 'categoricalCrossentropy');
  return defineLoss(
    {
      name: 'categoricalCrossentropy',
      own: ['fromLogits', 'labelSmoothing', 'axis'],
      target: 'same',
      usesLogits: true,
      values(target, prediction, logits = fromLogits ? prediction : undefined) {
        const classes = prediction.shape.at(-1) as number;
        const t = labelSmoothing === 0 ? target : tf.add(tf.mul(target, 1 - labelSmoothing), labelSmoothing / classes);
        if (logits !== undefined) return softmaxCrossentropy(t, logits, axis);
        const scaled = tf.div(prediction, tf.sum(prediction, axis, true));
        return tf.neg(tf.sum(tf.mul(t, tf.log(tf.clipByValue(scaled, EPSILON, 1 - EPSILON))), axis));
      },
    },
    options,
  );
}

export interface SparseCategoricalCrossentropyOptions extends LossOptions {
  /** Predictions are logits, not probabilities. Default false. */
  readonly fromLogits?: boolean;
  /** Targets of this class are left out of the mean. Default null: none. */
  readonly ignoreClass?: number | null;
  /** The axis of the prediction along which the classes lie: -1, the default, or the number of the last one. */
  readonly axis?: number;
}

/**
 * Categorical cross-entropy for targets that are class ids, `[batch, …]` or `[batch, …, 1]`, against predictions
 * `[batch, …, classes]`. Keras' `SparseCategoricalCrossentropy`: logits are taken from before a softmax or sigmoid as in
 * `binaryCrossentropy`, but not under `ignoreClass`.
 *
 * @throws CellstateError `UNKNOWN_OPTION`, `INVALID_OPTION`; in training `UNKNOWN_CLASS` for an id outside [0, classes), and
 * `INVALID_OPTION` for another axis than the last, as Keras does on TensorFlow.
 *
 * @example
 * ```ts
 * import { sparseCategoricalCrossentropy } from '@cellstate/trainers';
 *
 * sparseCategoricalCrossentropy({ ignoreClass: -1 }).target; // → "classes"
 * ```
 */
export function sparseCategoricalCrossentropy(options: SparseCategoricalCrossentropyOptions = {}): Loss {
  const { fromLogits = false, axis = -1 } = options;
  checkAxis(axis, 'sparseCategoricalCrossentropy');
  const ignoreClass = options.ignoreClass ?? undefined;
  return defineLoss(
    {
      name: 'sparseCategoricalCrossentropy',
      own: ['fromLogits', 'ignoreClass', 'axis'],
      target: 'classes',
      // As in Keras, which blanks the predictions of ignored samples and so loses the logits.
      ...(ignoreClass === undefined ? { usesLogits: true } : {}),
      values(target, prediction, logits = fromLogits ? prediction : undefined) {
        const classes = prediction.shape.at(-1) as number;
        const t = tf.oneHot(tf.cast(target, 'int32'), classes);
        const scores = logits ?? tf.log(tf.clipByValue(prediction, EPSILON, 1 - EPSILON));
        return softmaxCrossentropy(tf.cast(t, 'float32'), scores);
      },
      ...(ignoreClass === undefined ? {} : { valid: (target: tf.Tensor) => tf.cast(tf.notEqual(target, ignoreClass), 'float32') }),
      check(target, predictionShape) {
        if (axis !== -1 && axis !== predictionShape.length - 1) {
          throw new CellstateError('INVALID_OPTION', 'The classes must lie along the last axis.', {
            expected: `axis: -1, or ${predictionShape.length - 1} for a prediction of ${predictionShape.length} axes`,
            received: String(axis),
            where: 'sparseCategoricalCrossentropy, axis',
            hint: 'permute in the model brings another axis last.',
          });
        }
        checkClasses(target, { classes: predictionShape.at(-1) as number, ignoreClass });
      },
    },
    options,
  );
}

/** Throws `UNKNOWN_CLASS` unless every id is a class; one-hot encoding would turn it into a silent zero. */
function checkClasses(target: NumericArray, { classes, ignoreClass }: { classes: number; ignoreClass: number | undefined }): void {
  for (let i = 0; i < target.length; i++) {
    const id = target[i] as number;
    if (id === ignoreClass || (Number.isInteger(id) && id >= 0 && id < classes)) continue;
    throw new CellstateError('UNKNOWN_CLASS', 'A target is not one of the classes.', {
      expected: `an integer in [0, ${classes - 1}]`,
      received: String(id),
      where: `sparseCategoricalCrossentropy, target ${i}`,
      hint: 'The last axis of the prediction has one entry for each class; targets count from 0.',
    });
  }
}
