import { ndarray } from '@cellstate/core';
import * as tf from '@tensorflow/tfjs-core';
import { type Callback, createTrainer, type FitOptions, type History, sgd, type Trainer, type TrainerOptions } from '../src/index.ts';
import { linearModel } from './hand-written-models.ts';

export interface ScriptedFit {
  readonly history: History;
  readonly trainer: Trainer;
  /** The model's only moving weight, which every epoch sets to its number plus 1. */
  readonly weight: number;
}

/** Runs epochs whose losses are given, whatever the weights are; validation losses too, if given. */
export async function scriptedFit(
  losses: readonly number[],
  callbacks: readonly Callback[],
  { validation, options = {}, goals = {} }: { validation?: readonly number[]; options?: FitOptions; goals?: TrainerOptions } = {},
): Promise<ScriptedFit> {
  const model = linearModel({ kernel: [[0]], bias: [0] });
  const [kernel, bias] = model.parameters;
  const { variable } = kernel;
  // Inputs are 0, so that the kernel has no say in the loss.
  const frozen = { ...model, parameters: [kernel, { ...bias, trainable: false }] };
  const trainer = createTrainer(frozen, { optimizer: sgd({ learningRate: 0.1 }), loss: 'mae', ...goals });
  const batch = (value: number) => [{ x: ndarray([[0]]), y: ndarray([[value]]) }];
  const train: Callback = { onEpochEnd: (epoch) => tf.tidy(() => void variable.assign(tf.fill(variable.shape, epoch + 1))) };
  const history = await trainer.fit((epoch) => batch(losses[epoch]), {
    epochs: losses.length,
    verbose: 0,
    ...(validation === undefined ? {} : { validationData: (epoch) => batch(validation[epoch]) }),
    ...options,
    callbacks: [train, ...callbacks],
  });
  const [weight] = variable.dataSync();
  model.dispose();
  return { history, trainer, weight };
}
