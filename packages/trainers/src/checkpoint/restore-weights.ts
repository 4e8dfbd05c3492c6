import type { TrainableModel } from '../trainable-model.ts';
import type { CheckpointStore } from './checkpoint-store.ts';
import { openCheckpoint } from './open-checkpoint.ts';
import { resolveStore } from './resolve-store.ts';
import { loadWeights } from './trainer-checkpoint.ts';

/**
 * Gives a model the parameters it had when a checkpoint was saved, and nothing else: to predict with the best epoch that
 * `modelCheckpoint` kept, or to start another training from there.
 *
 * @param store the folder of the checkpoint, or its store.
 * @param model built by the same code as the one that was saved; it stays as it was when this throws.
 * @throws CellstateError `CHECKPOINT_MISSING`, `CHECKPOINT_CORRUPT`, `CHECKPOINT_VERSION`, `CHECKPOINT_DIFFERS` for a model with other parameters.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { mkdtempSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { dense, sequential } from '@cellstate/layers';
 * import { createTrainer, restoreWeights } from '@cellstate/trainers';
 *
 * const build = (seed: number) => sequential([dense({ units: 1, inputShape: [2] })], { seed });
 * const folder = mkdtempSync(join(tmpdir(), 'weights-'));
 * const [first, second] = [build(1), build(2)];
 * await createTrainer(first, { loss: 'mse' }).save(folder);
 * await restoreWeights(folder, second);
 * const [kernels] = [first, second].map((model) => model.getWeights()[0].at(0, 0));
 * second.getWeights()[0].at(0, 0) === kernels; // → true
 * ```
 */
export async function restoreWeights(store: string | CheckpointStore, model: TrainableModel): Promise<void> {
  const { parameters } = await openCheckpoint(resolveStore(store, 'restoreWeights'));
  loadWeights(model, parameters, 'restoreWeights');
}
