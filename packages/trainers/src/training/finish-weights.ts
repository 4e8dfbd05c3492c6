import * as tf from '@tensorflow/tfjs-core';
import type { TrainerState } from './trainer-state.ts';

/** At the end of `fit`: moving averages, where the optimizer keeps them, take the place of the weights. */
export function finishWeights({ model, optimizer }: TrainerState): void {
  for (const { path, variable, trainable } of model.parameters) {
    const average = trainable ? optimizer.averageOf(path) : undefined;
    if (average !== undefined) tf.tidy(() => void variable.assign(tf.tensor(average, variable.shape)));
  }
}
