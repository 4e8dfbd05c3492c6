import type { Tensor } from '@tensorflow/tfjs-core';
import type { Loss, LossFunction, TargetKind } from '../losses/loss.ts';

/**
 * The contract of a metric: sums over a batch, and a result from the sums of all batches.
 *
 * The trainer adds the sums up in float64, so that an epoch's value is that of all its samples, not a mean of means.
 */
export interface Metric {
  readonly name: string;
  /** Whether smaller or larger is better; null when that depends. Callbacks with `mode: 'auto'` ask. */
  readonly direction: 'min' | 'max' | null;
  readonly target: TargetKind;
  /**
   * True when steps that the model masks count like any other, as they do in those metrics of Keras that are no plain means. Steps
   * beyond a batch's `lengths` never count.
   */
  readonly ignoresMasks?: true;
  /** True when it is measured by the logits where there are some. Absent: never. */
  readonly usesLogits?: true;
  /** The sums of this batch, always as many numbers in the same order. */
  measure(sample: MetricSample): readonly (Tensor | number)[];
  /** The metric's value from the sums of all batches. */
  result(totals: Float64Array): number;
}

export interface MetricSample {
  readonly target: Tensor;
  readonly prediction: Tensor;
  /** What went into the softmax or sigmoid that gave the prediction; absent where there was none. */
  readonly logits?: Tensor;
  /** Masks and weights for values of this shape, float32; null when all count once. */
  weight(shape: readonly number[]): Tensor | null;
}

/** A metric by Keras' name, as an object (a loss counts as its mean), or a function that gives a value for each sample. */
export type MetricLike = string | Metric | Loss | LossFunction;
