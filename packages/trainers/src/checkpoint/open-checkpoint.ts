import { CellstateError } from '@cellstate/core';
import { fromBytes } from './checkpoint-bytes.ts';
import type { CheckpointStore } from './checkpoint-store.ts';
import type { TrainerCheckpoint, WeightsCheckpoint } from './trainer-checkpoint.ts';

/** The name under which `save` writes. */
export const CHECKPOINT = 'checkpoint';

/** The checkpoint that these bytes of a store are. Throws `CHECKPOINT_CORRUPT`, `CHECKPOINT_VERSION`. */
export function checkpointFrom(bytes: Uint8Array, { where }: CheckpointStore): WeightsCheckpoint {
  return fromBytes(bytes, where) as WeightsCheckpoint;
}

/** The checkpoint in a store. Throws `CHECKPOINT_MISSING` too. */
export async function openCheckpoint(store: CheckpointStore): Promise<WeightsCheckpoint> {
  const bytes = await store.read(CHECKPOINT);
  if (bytes !== null) return checkpointFrom(bytes, store);
  throw new CellstateError('CHECKPOINT_MISSING', 'There is no checkpoint.', {
    expected: 'what trainer.save, modelCheckpoint or backupAndRestore wrote',
    received: 'nothing',
    where: store.where,
  });
}

/** A checkpoint that holds all of a trainer. Throws `CHECKPOINT_WEIGHTS_ONLY`. */
export function wholeTrainer(saved: WeightsCheckpoint, where: string): TrainerCheckpoint {
  if (saved.kind === 'trainer') return saved as TrainerCheckpoint;
  throw new CellstateError('CHECKPOINT_WEIGHTS_ONLY', 'The checkpoint holds the weights of a model, not its training.', {
    expected: 'a checkpoint saved without weightsOnly',
    received: 'weights',
    where,
    hint: 'Load them with restoreWeights(folder, model).',
  });
}
