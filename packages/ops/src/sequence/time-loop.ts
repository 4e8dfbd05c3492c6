import '../register.ts';
import { CellstateError, describe } from '@cellstate/core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Step } from '../contract.ts';

export interface TimeLoopOptions {
  /** What the first step starts from, in the cell's order; each `[batch, …]`. */
  readonly state: readonly Tensor[];
  /** `[batch, time]`, nonzero for a real step. Absent: all steps are real. */
  readonly mask?: Tensor | undefined;
  /** Read the sequence from its end. Default false. */
  readonly goBackwards?: boolean | undefined;
  /** Give zeros at masked steps. Default false: repeat the last output. */
  readonly zeroOutputForMask?: boolean | undefined;
}

export interface TimeLoopResult {
  /** The output of every step, in the order computed: `[batch, time, …]`. */
  readonly outputs: Tensor;
  /** The output of the step computed last: `[batch, …]`. */
  readonly last: Tensor;
  /** The state after the last step, in the order it went in. */
  readonly state: readonly Tensor[];
}

/**
 * Runs one step of any cell over a whole sequence: the only loop over time in Cellstate outside the fused kernels.
 *
 * A masked step copies every state through, row by row, and repeats the row's last output: zeros before the row's first
 * real step, even when an initial state was given (Keras' TensorFlow loop). Under `zeroOutputForMask` masked rows are
 * zeros. `goBackwards` reverses input and mask; outputs stay in the order computed.
 *
 * @param step one step; called once for each time step with `x[:, t]`.
 * @param x `[batch, time, …]`, at least one step. It stays the caller's, as do state and mask.
 * @returns new tensors: outputs `[batch, time, …]`, the last output and the last state.
 * @throws CellstateError `SHAPE_MISMATCH` for fewer than three axes or no time step.
 *
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs-core';
 * import '@tensorflow/tfjs-backend-cpu';
 * import { timeLoop } from '@cellstate/ops';
 *
 * const sum = timeLoop(
 *   (x, [total]) => {
 *     const next = tf.add(total, x);
 *     return { output: next, state: [next] };
 *   },
 *   tf.tensor3d([[[1], [2], [3]]]),
 *   { state: [tf.zeros([1, 1])] },
 * );
 * Array.from(sum.outputs.dataSync()); // → [1, 3, 6]
 * ```
 */
export function timeLoop(step: Step, x: Tensor, options: TimeLoopOptions): TimeLoopResult {
  if (x.rank < 3 || x.shape[1] === 0) {
    throw new CellstateError('SHAPE_MISMATCH', 'A sequence needs a batch, at least one time step, and features.', {
      expected: '[batch, time, features]',
      received: describe(x.shape),
      where: 'timeLoop',
    });
  }
  return tf.tidy(() => {
    const steps = inOrder(x, options.goBackwards) as Tensor2D[];
    const masks = options.mask === undefined ? undefined : inOrder(tf.cast(options.mask, 'bool'), options.goBackwards);
    const outputs: Tensor[] = [];
    let state = options.state;
    for (let t = 0; t < steps.length; t++) {
      const next = step(steps[t] as Tensor2D, state);
      if (masks === undefined) {
        outputs.push(next.output);
        state = next.state;
      } else {
        const real = masks[t] as Tensor;
        const before = state;
        const otherwise = options.zeroOutputForMask ? undefined : outputs.at(-1);
        outputs.push(select(real, next.output, otherwise ?? tf.zerosLike(next.output)));
        state = next.state.map((after, i) => select(real, after, before[i] as Tensor));
      }
    }
    return { outputs: tf.stack(outputs, 1), last: tf.clone(outputs.at(-1) as Tensor), state: state.map((tensor) => tf.clone(tensor)) };
  });
}

/** The time steps in the order they are computed. The list is copied: the gradient tape holds on to the one unstack gives. */
function inOrder(x: Tensor, goBackwards = false): Tensor[] {
  const steps = tf.unstack(x, 1);
  return goBackwards ? steps.toReversed() : steps;
}

/** Row by row: `yes` where `condition` `[batch]` holds, else `no`. */
function select(condition: Tensor, yes: Tensor, no: Tensor): Tensor {
  const shape = [condition.shape[0] as number, ...yes.shape.slice(1).map(() => 1)];
  return tf.where(tf.reshape(condition, shape), yes, no);
}
