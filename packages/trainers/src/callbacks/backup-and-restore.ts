import { checkOptions } from '@cellstate/core';
import { damageOf } from '../checkpoint/checkpoint-bytes.ts';
import type { CheckpointStore } from '../checkpoint/checkpoint-store.ts';
import { CHECKPOINT, checkpointFrom } from '../checkpoint/open-checkpoint.ts';
import { resolveStore } from '../checkpoint/resolve-store.ts';
import type { WeightsCheckpoint } from '../checkpoint/trainer-checkpoint.ts';
import { printWarning } from '../print.ts';
import { BACKUP, type Callback, type Run } from './callback.ts';
import { saveSchedule } from './save-schedule.ts';

export interface BackupAndRestoreOptions {
  /** `'epoch'` (default), or every so many batches, counted on from epoch to epoch. */
  readonly saveFreq?: 'epoch' | number;
  /** Keep the checkpoint before the last one too, and go on from it when the last cannot be read. Default false. */
  readonly doubleCheckpoint?: boolean;
  /** Remove the backup when training has come to its end. Default true. */
  readonly deleteCheckpoint?: boolean;
}

const PREVIOUS = 'previous';

/**
 * Keeps a checkpoint of the running `fit`. When the process dies, run the same program again: `fit` finds the checkpoint and goes
 * on from there, to the very same losses and weights. Keras' `BackupAndRestore`.
 *
 * @param store a folder for this run alone, or a store.
 * @throws CellstateError `UNKNOWN_OPTION`, `INVALID_OPTION`; when `fit` begins, those of `resume`; in training `CHECKPOINT_NOT_WRITTEN`.
 *
 * @example
 * ```ts
 * import { backupAndRestore } from '@cellstate/trainers';
 *
 * const callbacks = [backupAndRestore('runs/backup', { saveFreq: 100 })];
 * ```
 */
export function backupAndRestore(store: string | CheckpointStore, options: BackupAndRestoreOptions = {}): Callback {
  const where = 'backupAndRestore';
  checkOptions(options, ['saveFreq', 'doubleCheckpoint', 'deleteCheckpoint'], where);
  const { saveFreq = 'epoch', doubleCheckpoint = false, deleteCheckpoint = true } = options;
  const schedule = saveSchedule(saveFreq, where);
  const place = resolveStore(store, where);
  const target = doubleCheckpoint ? keepingPrevious(place) : place;
  let run: Run | undefined;

  return {
    [BACKUP]: () => readBackup(place, doubleCheckpoint),
    memory: {
      name: where,
      save: () => ({ seen: schedule.seen }),
      restore(saved) {
        schedule.seen = (saved as { seen: number }).seen;
      },
    },
    setRun(given) {
      run = given;
    },
    onTrainBegin() {
      schedule.seen = 0;
    },
    onBatchEnd() {
      if (schedule.afterBatch()) run?.save(target);
    },
    onEpochEnd() {
      if (schedule.atEpochs) run?.save(target);
    },
    onTrainEnd() {
      if (!deleteCheckpoint) return;
      // Last, so that a crash before it still finds the backup.
      run?.afterHook(async () => {
        await place.delete(CHECKPOINT);
        if (doubleCheckpoint) await place.delete(PREVIOUS);
      });
    },
  };
}

/** Moves what is there, unless it is damaged, to a second name before each write. */
function keepingPrevious(place: CheckpointStore): CheckpointStore {
  return {
    ...place,
    async write(name, bytes) {
      const before = await place.read(name);
      if (before !== null && damageOf(before) === null) await place.write(PREVIOUS, before);
      await place.write(name, bytes);
    },
  };
}

async function readBackup(place: CheckpointStore, hasPrevious: boolean): Promise<WeightsCheckpoint | null> {
  const last = await place.read(CHECKPOINT);
  const previous = hasPrevious && (last === null || damageOf(last) !== null) ? await place.read(PREVIOUS) : null;
  if (previous === null) return last === null ? null : checkpointFrom(last, place);
  if (last !== null) printWarning(`the last checkpoint in ${place.where} is damaged; going on from the one before it.`);
  return checkpointFrom(previous, place);
}
