// i  = σ(x·Kᵢ + bᵢ + h·Rᵢ)          input gate
// f  = σ(x·K_f + b_f + h·R_f)        forget gate
// ĉ  = tanh(x·K_c + b_c + h·R_c)     candidate
// o  = σ(x·Kₒ + bₒ + h·Rₒ)          output gate
// c' = f ∗ c + i ∗ ĉ
// h' = o ∗ tanh(c')
//
// Hochreiter and Schmidhuber (1997), with the forget gate of Gers, Schmidhuber and Cummins (2000); gates as in Keras.

import '../register.ts';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { activation as activationNamed } from '../activations.ts';
import { LSTM_GATES } from '../contract.ts';
import { recurrentProduct } from './recurrent-product.ts';
import type { GatedStepWeights, StepResult } from './step-weights.ts';

/**
 * One step of an LSTM.
 *
 * @param projected the input's part of the gates, `x · kernel + bias` (see `projectInput`): `[batch, 4 · units]`.
 * @param state hidden and cell, each `[batch, units]`.
 * @returns output `[batch, units]` and the new hidden and cell; new tensors.
 *
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs-core';
 * import '@tensorflow/tfjs-backend-cpu';
 * import { lstmStep } from '@cellstate/ops';
 *
 * const { output } = lstmStep(tf.zeros([1, 4]), [tf.zeros([1, 1]), tf.ones([1, 1])], { recurrentKernel: tf.zeros([1, 4]) });
 * (output.dataSync()[0] ?? 0).toFixed(4); // → '0.2311'
 * ```
 */
export function lstmStep(projected: Tensor2D, state: readonly Tensor[], weights: GatedStepWeights): StepResult {
  const activation = weights.activation ?? activationNamed('tanh');
  const recurrentActivation = weights.recurrentActivation ?? activationNamed('sigmoid');
  return tf.tidy(() => {
    const [hidden, cell] = state as [Tensor2D, Tensor2D];
    const gates = tf.add(projected, recurrentProduct(hidden, weights.recurrentKernel, weights.recurrentDropout));
    const [input, forget, candidate, output] = tf.split(gates, LSTM_GATES.length, 1) as [Tensor2D, Tensor2D, Tensor2D, Tensor2D];
    const kept = tf.mul(recurrentActivation.apply(forget), cell);
    const added = tf.mul(recurrentActivation.apply(input), activation.apply(candidate));
    const newCell = tf.add(kept, added) as Tensor2D;
    const newHidden = tf.mul(recurrentActivation.apply(output), activation.apply(newCell)) as Tensor2D;
    return { output: newHidden, state: [newHidden, newCell] };
  });
}
