import { checkOptions } from '@cellstate/core';
import { fromSettings } from './settings/from-settings.ts';
import type { TrainerSettings } from './settings/trainer-settings.ts';
import type { TrainableModel } from './trainable-model.ts';
import { TRAINER_OPTIONS, type Trainer, type TrainerOptions } from './trainer.ts';
import { checkModel } from './training/check-model.ts';
import { trainerOver } from './training/trainer-over.ts';
import { newTrainerState } from './training/trainer-state.ts';

/**
 * Makes a trainer for a model: the models of @cellstate/layers, or anything that satisfies `TrainableModel`.
 *
 * @param model owned by the caller; the trainer changes its parameters and nothing else.
 * @param options definitions made by factories, Keras' names, or plain data `{ name: 'adam', learningRate: 0.01 }`, as the `compileConfig` of a
 * model from @cellstate/keras.
 * @returns a `Trainer`, which carries the state of stateful layers from batch to batch.
 * @throws CellstateError `INVALID_MODEL`, `UNKNOWN_OPTION`, `UNKNOWN_OPTIMIZER`, `INVALID_SEED`; losses and metrics are resolved at the first
 * pass, when the outputs are known: `UNKNOWN_LOSS`, `UNKNOWN_METRIC`, `WRONG_COUNT`, `UNKNOWN_NAME`.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { createTrainer, sgd } from '@cellstate/trainers';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * // y = slope · x, written by hand; models of @cellstate/layers fit the same interface.
 * const slope = tf.variable(tf.scalar(0));
 * const model = {
 *   parameters: [{ path: 'slope', variable: slope, trainable: true }],
 *   initialState: () => ({}),
 *   call: (x) => ({ outputs: tf.mul(x, slope), state: {}, masks: [null], penalties: [], updates: [] }),
 * };
 * const trainer = createTrainer(model, { optimizer: sgd({ learningRate: 0.1 }), loss: 'mse' });
 * await trainer.fit({ x: [[1], [2]], y: [[3], [6]] }, { epochs: 50, batchSize: 2, shuffle: false });
 * Math.round((await trainer.predict([[10]])).at(0, 0)); // → 30
 * ```
 */
export function createTrainer(model: TrainableModel, options: TrainerOptions | TrainerSettings = {}): Trainer {
  checkOptions(options, TRAINER_OPTIONS, 'createTrainer');
  checkModel(model, 'createTrainer');
  return trainerOver(newTrainerState(model, fromSettings(options)));
}
