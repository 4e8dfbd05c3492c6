import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** The outputs of a pass over a sequence. */
export interface CellRun {
  /** `[batch, time, units]` */
  readonly outputs: Tensor;
  /** `[batch, units]` */
  readonly last: Tensor;
  readonly state: readonly Tensor[];
}

/**
 * The same run with its masked first steps repeating the output of the pass before, where a run by itself has zeros.
 *
 * @param before the output of the step before, `[batch, units]`: zeros in lanes that start anew.
 * @param mask `[batch, time]`, true for a real step.
 */
export function resumeOutput(run: CellRun, before: Tensor, mask: Tensor): CellRun {
  const reached = tf.greater(tf.cumsum(tf.cast(mask, 'int32'), 1), 0);
  const outputs = tf.where(tf.expandDims(reached, 2), run.outputs, tf.expandDims(before, 1));
  const last = tf.where(tf.any(mask, 1, true), run.last, before);
  return { outputs, last, state: run.state };
}
