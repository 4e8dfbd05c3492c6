// h' = tanh(x·K + b + h·R)            Elman (1990)

import '../register.ts';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { activation as activationNamed } from '../activations.ts';
import { recurrentProduct } from './recurrent-product.ts';
import type { StepResult, StepWeights } from './step-weights.ts';

/**
 * One step of a simple recurrent cell.
 *
 * @param projected the input's part, `x · kernel + bias` (see `projectInput`): `[batch, units]`.
 * @param state the hidden state, `[batch, units]`.
 * @returns output `[batch, units]` and the new hidden state; new tensors.
 *
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs-core';
 * import '@tensorflow/tfjs-backend-cpu';
 * import { activation, simpleRnnStep } from '@cellstate/ops';
 *
 * const weights = { recurrentKernel: tf.tensor2d([[2]]), activation: activation('linear') };
 * const { output } = simpleRnnStep(tf.tensor2d([[1]]), [tf.tensor2d([[3]])], weights);
 * Array.from(output.dataSync()); // → [7]
 * ```
 */
export function simpleRnnStep(projected: Tensor2D, state: readonly Tensor[], weights: StepWeights): StepResult {
  const activation = weights.activation ?? activationNamed('tanh');
  return tf.tidy(() => {
    const recurrent = recurrentProduct(state[0] as Tensor2D, weights.recurrentKernel, weights.recurrentDropout);
    const hidden = activation.apply(tf.add(projected, recurrent)) as Tensor2D;
    return { output: hidden, state: [hidden] };
  });
}
