import type { NumericArray } from '@cellstate/core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * The contract of a loss: how far each sample is off. Reduction, masks and weights are the trainer's.
 *
 * Axes are `[batch, …, features]`; a sample is everything but the last axis, so `[batch, time, features]` gives values
 * `[batch, time]`.
 */
export interface Loss {
  readonly name: string;
  /** What the target must look like: the prediction's shape, class ids (the same without the last axis), or anything. */
  readonly target: TargetKind;
  readonly reduction: Reduction;
  /**
   * The value of each sample; differentiable with respect to `prediction`. `logits`: what went into the softmax or sigmoid that gave the
   * prediction, for a loss that `usesLogits`.
   */
  values(target: Tensor, prediction: Tensor, logits?: Tensor): Tensor;
  /** The value of each element, where a sample's value is their mean: then a plain batch is averaged in one go. */
  elements?(target: Tensor, prediction: Tensor, logits?: Tensor): Tensor;
  /** True when the values are made of the logits where there are some. Absent: never. */
  readonly usesLogits?: true;
  /** `elements` for one element, and its derivative by the prediction, in plain numbers; absent: only tensors have it. */
  readonly numbers?: LossOfNumbers;
  /** 1 for each sample that counts, 0 for one to leave out of the mean. Absent: all count. */
  valid?(target: Tensor): Tensor;
  /** Throws when target values cannot be meant, such as a class that does not exist. */
  check?(target: NumericArray, predictionShape: readonly number[]): void;
}

export interface LossOfNumbers {
  value(target: number, prediction: number): number;
  slope(target: number, prediction: number): number;
}

export type TargetKind = 'same' | 'classes' | 'any';

/**
 * How values become one number. `'sumOverBatchSize'` divides the weighted sum by the number of values (of valid ones
 * under a mask), not by the sum of weights; `'meanWithSampleWeight'` divides by that; `'sum'` does not divide. `'mean'` is
 * another name of `'sumOverBatchSize'`, as in Keras.
 */
export type Reduction = 'sumOverBatchSize' | 'mean' | 'sum' | 'meanWithSampleWeight';

/** A loss of your own: a value for each sample, or one for the batch. Must be made of differentiable tfjs ops. */
export type LossFunction = (target: Tensor, prediction: Tensor) => Tensor;

/** A loss by Keras' name (`'mse'`, `'mean_squared_error'`, `'meanSquaredError'`), as an object, or a function. */
export type LossLike = string | Loss | LossFunction;

export interface LossOptions {
  /** Default `'sumOverBatchSize'`. */
  readonly reduction?: Reduction;
}
