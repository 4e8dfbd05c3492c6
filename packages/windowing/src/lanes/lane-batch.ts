import { type Batch, type NdArray, type NumericArray, ndarray } from '@cellstate/core';
import { type TypedRows, zerosLike } from '../series/typed-rows.ts';
import type { LaneSpan } from './lane-plan.ts';

/**
 * One stateful batch: row i of `x` is lane i and continues row i of the batch before, except where `starts[i]` is 1.
 *
 * `lengths[i]` steps of lane i are real; zeros fill the rest.
 */
export interface LaneBatch extends Batch {
  /** `[lanes, steps, features]` */
  readonly x: NdArray;
  /** `[lanes, steps, targets]` */
  readonly y?: NdArray;
  readonly lengths: Int32Array;
  readonly starts: Uint8Array;
  /** Which steps of which sequence each lane holds; null for a lane that has no sequence any more. */
  readonly spans: readonly (LaneSpan | null)[];
}

/** What a lane's rows look like. */
export interface LaneForm {
  /** An array of the wanted kind of number. */
  readonly data: NumericArray;
  readonly tail: readonly number[];
  readonly width: number;
}

/** A batch under construction, all zeros at first. */
export interface OpenBatch {
  readonly x: NumericArray;
  readonly y: NumericArray | undefined;
  /** The finished batch. */
  close(spans: readonly (LaneSpan | null)[]): LaneBatch;
}

/** Opens a batch of `lanes` rows and `steps` steps. */
export function openBatch({
  lanes,
  steps,
  x,
  y,
}: {
  readonly lanes: number;
  readonly steps: number;
  readonly x: LaneForm;
  readonly y: LaneForm | undefined;
}): OpenBatch {
  const inputs = zerosLike(x.data, lanes * steps * x.width);
  const outputs = y === undefined ? undefined : zerosLike(y.data, lanes * steps * y.width);
  return {
    x: inputs,
    y: outputs,
    close(spans) {
      return {
        x: ndarray(inputs, [lanes, steps, ...x.tail]),
        ...(y === undefined || outputs === undefined ? {} : { y: ndarray(outputs, [lanes, steps, ...y.tail]) }),
        lengths: Int32Array.from(spans, (span) => (span === null ? 0 : span.end - span.start)),
        starts: Uint8Array.from(spans, (span) => (span?.begins === true ? 1 : 0)),
        spans,
      };
    },
  };
}

/** Copies the steps `start` to `end` of `rows` to the beginning of row `lane`. */
export function copySteps(
  rows: TypedRows,
  {
    into,
    lane,
    steps,
    start,
    end,
  }: { readonly into: NumericArray; readonly lane: number; readonly steps: number; readonly start: number; readonly end: number },
): void {
  into.set(rows.data.subarray(start * rows.width, end * rows.width), lane * steps * rows.width);
}
