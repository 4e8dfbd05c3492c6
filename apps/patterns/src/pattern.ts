import type { NdArray } from '@cellstate/core';

/** What a pattern shows of itself, to be held against the same lines run by Keras. */
export interface PatternRun {
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
  /** The loss of the first three epochs or updates. */
  readonly losses: readonly number[];
  readonly forecast: NdArray;
}
