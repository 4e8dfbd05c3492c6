import { performance } from 'node:perf_hooks';
import { backupAndRestore, type Callback } from '@cellstate/trainers';

/** A shorter training is quicker run again than read again. */
const MILLISECONDS_BETWEEN = 2000;

/**
 * The callbacks that let a training go on where it was interrupted: a checkpoint at the end of an epoch, every few seconds at most.
 *
 * @param folder of this training alone; undefined: none, and no callback.
 * @param lastEpoch whose end is saved in any case, for trainings whose outcome is not kept otherwise.
 */
export function backedUp(folder: string | undefined, lastEpoch?: number): readonly Callback[] {
  if (folder === undefined) return [];
  const backup = backupAndRestore(folder, { deleteCheckpoint: false });
  let saved = performance.now();
  return [
    {
      ...backup,
      onEpochEnd(epoch, logs) {
        const now = performance.now();
        if (now - saved < MILLISECONDS_BETWEEN && epoch + 1 !== lastEpoch) return;
        saved = now;
        return backup.onEpochEnd?.(epoch, logs);
      },
    },
  ];
}
