import type { NdArray, WindowOrigin } from './ndarray.ts';

/** One array, several in order, or several by input or output name. */
export type Arrays = NdArray | readonly NdArray[] | Readonly<Record<string, NdArray>>;

/**
 * What a model learns from in one step. Axis 0 of every array is the batch; row i is lane i.
 *
 * In stateful batches row i of one batch continues row i of the batch before, except where `starts[i]` is 1.
 */
export interface Batch {
  /** Inputs, `[batch, time, features]`. */
  readonly x: Arrays;
  /** Targets, `[batch, time, features]` or `[batch, features]`. */
  readonly y?: Arrays;
  /** A weight for each row `[batch]` or each step `[batch, time]`. */
  readonly sampleWeight?: Arrays;
  /** Which steps are real, `[batch, time]`: 1 or 0. */
  readonly mask?: Arrays;
  /** The number of real steps of each lane; 0 when its sequences have ended. Absent: all steps are real. */
  readonly lengths?: Int32Array;
  /** 1 for each lane in which a new sequence starts with this batch. Absent: no lane starts anew. */
  readonly starts?: Uint8Array;
  /** Set when the rows are windows of a series. */
  readonly origin?: WindowOrigin;
}
