import { CellstateError, checkOptions } from '@cellstate/core';
import { fromSettings } from '../settings/from-settings.ts';
import type { TrainerSettings } from '../settings/trainer-settings.ts';
import type { TrainableModel } from '../trainable-model.ts';
import { TRAINER_OPTIONS, type Trainer, type TrainerOptions } from '../trainer.ts';
import { checkModel } from '../training/check-model.ts';
import { trainerOver } from '../training/trainer-over.ts';
import { newTrainerState } from '../training/trainer-state.ts';
import type { CheckpointStore } from './checkpoint-store.ts';
import { openCheckpoint, wholeTrainer } from './open-checkpoint.ts';
import { resolveStore } from './resolve-store.ts';
import { loadOptions } from './saved-options.ts';
import { loadTrainer } from './trainer-checkpoint.ts';

export interface ResumeOptions {
  /**
   * What becomes of a `fit` that the checkpoint was saved in the middle of: the next `fit` goes on with it (`'continue'`,
   * the default), or it is forgotten (`'drop'`) and the next `fit` starts one of its own from these weights.
   */
  readonly interruptedFit?: 'continue' | 'drop';
}

/**
 * Makes a trainer that goes on exactly where the saved one was: the same losses and weights, bit for bit on the same engine,
 * as if it had never stopped. Weights, optimizer, schedule, random draws, carried states, history and, when it was saved within
 * `fit`, the place in the epoch and what callbacks remember.
 *
 * To go on with an interrupted `fit`, call `fit` with the same data and new callbacks of the same options in the same order; all
 * other options are saved, only `epochs` and `verbose` may differ. Callbacks without a `memory` start anew.
 *
 * @param store the folder of the checkpoint, or its store.
 * @param model built by the same code as before; the checkpoint gives it its parameters.
 * @param options those of `createTrainer` are saved. Only what a checkpoint cannot keep has to be given again: losses, metrics,
 * optimizers and schedules that are code of your own. What is given must be what it was.
 * @throws CellstateError `CHECKPOINT_MISSING`, `CHECKPOINT_CORRUPT`, `CHECKPOINT_VERSION`, `CHECKPOINT_WEIGHTS_ONLY`,
 * `CHECKPOINT_DIFFERS` for another model or option, `OPTION_NOT_SAVED` for one that has to be given again.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { mkdtempSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { dense, sequential } from '@cellstate/layers';
 * import { adam, createTrainer, resume } from '@cellstate/trainers';
 *
 * const folder = mkdtempSync(join(tmpdir(), 'checkpoint-'));
 * const model = sequential([dense({ units: 1, inputShape: [1] })]);
 * const data = { x: [[1], [2]], y: [[3], [6]] };
 * const trainer = createTrainer(model, { optimizer: adam({ learningRate: 0.1 }), loss: 'mse' });
 * await trainer.fit(data, { epochs: 5, verbose: 0 });
 * await trainer.save(folder);
 *
 * const resumed = await resume(folder, sequential([dense({ units: 1, inputShape: [1] })]));
 * resumed.steps; // → 5
 * const [here, there] = [await trainer.fit(data, { verbose: 0 }), await resumed.fit(data, { verbose: 0 })];
 * here.history.loss[0] === there.history.loss[0]; // → true
 * ```
 */
export async function resume(
  store: string | CheckpointStore,
  model: TrainableModel,
  options: (TrainerOptions | TrainerSettings) & ResumeOptions = {},
): Promise<Trainer> {
  const where = 'resume';
  checkOptions(options, [...TRAINER_OPTIONS, 'interruptedFit'], where);
  const { interruptedFit = 'continue', ...given } = options;
  if (interruptedFit !== 'continue' && interruptedFit !== 'drop') {
    throw new CellstateError('INVALID_OPTION', "Option 'interruptedFit' cannot be used.", {
      expected: "'continue' or 'drop'",
      received: String(interruptedFit),
      where,
    });
  }
  checkModel(model, where);
  const saved = wholeTrainer(await openCheckpoint(resolveStore(store, where)), where);
  const trainer = newTrainerState(
    model,
    loadOptions(saved.options, {
      given: fromSettings(given),
      code: 'CHECKPOINT_DIFFERS',
      where,
      hint: 'Leave it out: what is saved is used.',
    }),
  );
  loadTrainer(trainer, interruptedFit === 'drop' ? { ...saved, fit: null } : saved, where);
  return trainerOver(trainer);
}
