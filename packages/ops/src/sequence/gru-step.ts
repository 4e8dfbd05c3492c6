// z  = σ(x·K_z + b_z + h·R_z + β_z)                 update gate
// r  = σ(x·K_r + b_r + h·R_r + β_r)                 reset gate
// ĥ  = tanh(x·K_h + b_h + r ∗ (h·R_h + β_h))        candidate, resetAfter (cuDNN's, and Keras 3's default)
// ĥ  = tanh(x·K_h + b_h + (r ∗ h)·R_h)              candidate, otherwise (Cho et al., 2014); β does not exist
// h' = z ∗ h + (1 − z) ∗ ĥ

import '../register.ts';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { activation as activationNamed } from '../activations.ts';
import { GRU_GATES } from '../contract.ts';
import { recurrentProduct } from './recurrent-product.ts';
import type { GatedStepWeights, StepResult } from './step-weights.ts';

export interface GruStepWeights extends GatedStepWeights {
  /** Row 1 of a `resetAfter` bias: `[3 · units]`. Absent: none. */
  readonly recurrentBias?: Tensor1D | undefined;
  /** Apply the reset gate after the recurrent product. Default true, which is Keras 3. */
  readonly resetAfter?: boolean | undefined;
}

/**
 * One step of a GRU.
 *
 * @param projected the input's part of the gates, `x · kernel + bias` (see `projectInput`): `[batch, 3 · units]`.
 * @param state the hidden state, `[batch, units]`.
 * @returns output `[batch, units]` and the new hidden state; new tensors.
 *
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs-core';
 * import '@tensorflow/tfjs-backend-cpu';
 * import { gruStep } from '@cellstate/ops';
 *
 * const { output } = gruStep(tf.zeros([1, 3]), [tf.ones([1, 1])], { recurrentKernel: tf.zeros([1, 3]) });
 * Array.from(output.dataSync()); // → [0.5]
 * ```
 */
export function gruStep(projected: Tensor2D, state: readonly Tensor[], weights: GruStepWeights): StepResult {
  const activation = weights.activation ?? activationNamed('tanh');
  const recurrentActivation = weights.recurrentActivation ?? activationNamed('sigmoid');
  return tf.tidy(() => {
    const hidden = state[0] as Tensor2D;
    const [xUpdate, xReset, xCandidate] = tf.split(projected, GRU_GATES.length, 1) as [Tensor2D, Tensor2D, Tensor2D];
    const recurrent = weights.resetAfter === false ? resetBefore(hidden, weights) : resetAfter(hidden, weights);
    const update = recurrentActivation.apply(tf.add(xUpdate, recurrent.update));
    const reset = recurrentActivation.apply(tf.add(xReset, recurrent.reset));
    const candidate = activation.apply(tf.add(xCandidate, recurrent.candidate(reset)));
    const newHidden = tf.add(tf.mul(update, hidden), tf.mul(tf.sub(1, update), candidate)) as Tensor2D;
    return { output: newHidden, state: [newHidden] };
  });
}

/** The hidden state's part of each gate; the candidate's depends on the reset gate. */
interface RecurrentPart {
  readonly update: Tensor;
  readonly reset: Tensor;
  candidate(reset: Tensor): Tensor;
}

function resetAfter(hidden: Tensor2D, { recurrentKernel, recurrentDropout, recurrentBias }: GruStepWeights): RecurrentPart {
  const product = recurrentProduct(hidden, recurrentKernel, recurrentDropout);
  const biased = recurrentBias === undefined ? product : tf.add(product, recurrentBias);
  const [update, reset, candidate] = tf.split(biased, GRU_GATES.length, 1) as [Tensor, Tensor, Tensor];
  return { update, reset, candidate: (gate) => tf.mul(gate, candidate) };
}

function resetBefore(hidden: Tensor2D, { recurrentKernel, recurrentDropout }: GruStepWeights): RecurrentPart {
  const kernels = tf.split(recurrentKernel, GRU_GATES.length, 1) as Tensor2D[];
  const factors = recurrentDropout === undefined ? [] : tf.unstack(recurrentDropout, 0);
  const seenBy = (gate: number): Tensor => (factors[gate] === undefined ? hidden : tf.mul(hidden, factors[gate]));
  const product = (gate: number, seen: Tensor): Tensor => tf.matMul(seen as Tensor2D, kernels[gate] as Tensor2D);
  return {
    update: product(0, seenBy(0)),
    reset: product(1, seenBy(1)),
    candidate: (gate) => product(2, tf.mul(gate, seenBy(2))),
  };
}
