import type { Batch, NdArray, Nested, NumericArray } from '@cellstate/core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** One array: nested numbers, a typed array (one axis), an NdArray, or a tensor (read once, never disposed). */
export type ArrayInput = Nested | NumericArray | NdArray | Tensor;

/** One array, several in the order of the model's inputs or outputs, or several by name. */
export type ArraysInput = ArrayInput | readonly ArrayInput[] | Readonly<Record<string, ArrayInput>>;

/** Samples held in memory; axis 0 of every array is the sample. */
export interface SampleData {
  /** Inputs, `[samples, time, features]`. */
  readonly x: ArraysInput;
  /** Targets, `[samples, features]` or `[samples, time, features]`. */
  readonly y?: ArraysInput;
  /** A weight for each sample `[samples]` or step `[samples, time]`. */
  readonly sampleWeight?: ArraysInput;
  /** Which steps are real, `[samples, time]`. */
  readonly mask?: ArraysInput;
}

/**
 * Batches one after the other, pulled one at a time. A source whose order differs from pass to pass says by `pass` which batches
 * pass p has, so that a resumed run sees the order it would have seen; those of @cellstate/windowing do.
 */
export type BatchSource = (Iterable<Batch> | AsyncIterable<Batch>) & {
  pass?(index: number): Iterable<Batch> | AsyncIterable<Batch>;
};

/** What `fit` and `evaluate` take: samples, batches, or a function that gives the batches of an epoch. */
export type TrainingData = SampleData | BatchSource | ((epoch: number) => BatchSource | Promise<BatchSource>);
