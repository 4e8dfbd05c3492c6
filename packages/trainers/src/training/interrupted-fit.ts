import { CellstateError } from '@cellstate/core';
import { BACKUP, type Callback, type Logs, type Run } from '../callbacks/callback.ts';
import { wholeTrainer } from '../checkpoint/open-checkpoint.ts';
import { loadOptions, saveOptions } from '../checkpoint/saved-options.ts';
import { loadTrainer, type SavedFit, type WeightsCheckpoint } from '../checkpoint/trainer-checkpoint.ts';
import { counted } from '../counted.ts';
import { TRAINER_OPTIONS } from '../trainer.ts';
import type { FitOptions } from './fit-options.ts';
import { type RunningLogs, runningLogs } from './running-logs.ts';
import type { TrainerState } from './trainer-state.ts';

/** How far a run of `fit` is. */
export interface FitProgress {
  epoch: number;
  /** Batches of the epoch that are done. */
  batch: number;
  /** Whether the epoch began. */
  begun: boolean;
  running: RunningLogs;
  /** Logs of the epoch before. */
  logs: Logs;
}

/** Options of `fit` that a checkpoint keeps; `epochs` may be another in a resumed run. */
const KEPT = [
  'initialEpoch',
  'batchSize',
  'shuffle',
  'validationSplit',
  'validationFreq',
  'resetStates',
  'classWeight',
  'allowOverlap',
] as const satisfies readonly (keyof FitOptions)[];

const WHERE = 'fit, going on with an interrupted one';

/** Before a run: takes over what a `backupAndRestore` among the callbacks kept, if anything. */
export async function restoreBackup(trainer: TrainerState, callbacks: readonly Callback[] = []): Promise<void> {
  if (trainer.fits.interrupted !== null) return;
  for (const callback of callbacks) {
    const found = (await callback?.[BACKUP]?.()) ?? null;
    if (found === null) continue;
    const where = 'backupAndRestore';
    const saved = wholeTrainer(found as unknown as WeightsCheckpoint, where);
    // Only for what it throws: the trainer has its options already.
    const now = saveOptions(trainer.options, TRAINER_OPTIONS);
    const hint = 'Make the trainer as it was, or remove the backup to begin anew.';
    loadOptions(saved.options, { given: trainer.options, code: 'CHECKPOINT_DIFFERS', where, hint });
    const added = TRAINER_OPTIONS.find((name) => saved.options[name] !== null && now[name] === null);
    if (added !== undefined) throw differs(`the ${added} it was saved with`, 'none', 'CHECKPOINT_DIFFERS');
    return loadTrainer(trainer, saved, where);
  }
}

/** The options to go on with: what is saved, and what may be new. */
export function continuedOptions(interrupted: SavedFit | null, given: FitOptions): FitOptions {
  if (interrupted === null) return given;
  const { epochs, ...kept } = interrupted.options;
  const options = loadOptions(kept, { given, code: 'RESUMED_FIT_DIFFERS', where: WHERE, hint: 'Leave it out: what is saved is used.' });
  return { ...options, ...(given.epochs === undefined && epochs !== null ? { epochs: epochs as number } : {}) };
}

/** Throws `RESUMED_FIT_DIFFERS` when the data are not those of the interrupted run. */
export function checkSameData({ data }: SavedFit, { steps, validates }: { steps: number | null; validates: boolean }): void {
  if (data.steps !== steps) throw differs(`data of ${batches(data.steps)}`, batches(steps));
  if (data.validates !== validates) {
    throw differs(data.validates ? 'data to validate on' : 'no data to validate on', validates ? 'some' : 'none');
  }
}

function batches(steps: number | null): string {
  return steps === null ? 'an unknown number of batches' : counted(steps, 'batch', 'batches');
}

/** Where a run begins: anew, or where the interrupted one was. */
export function firstProgress(trainer: TrainerState, interrupted: SavedFit | null, initialEpoch: number): FitProgress {
  if (interrupted === null) return { epoch: initialEpoch, batch: 0, begun: false, running: runningLogs(), logs: { loss: Number.NaN } };
  const { epoch, batch, begun, running, logs } = interrupted;
  return { epoch, batch, begun, running: runningLogs({ sums: running, objective: trainer.latestObjective() }), logs: { ...logs } as Logs };
}

/** Gives callbacks what they remembered. Throws `CALLBACKS_DIFFER`. */
export function restoreMemories({ callbacks: saved }: SavedFit, callbacks: readonly Callback[]): void {
  const memories = callbacks.flatMap(({ memory }) => (memory === undefined ? [] : [memory]));
  const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name).join(', ');
  if (names(memories) !== names(saved)) {
    throw new CellstateError('CALLBACKS_DIFFER', 'The callbacks are not those of the interrupted run.', {
      expected: names(saved),
      received: names(memories),
      where: WHERE,
      hint: 'Give callbacks of the same kinds in the same order; those without a memory do not matter.',
    });
  }
  for (const [i, memory] of memories.entries()) memory.restore(saved[i]?.memory ?? null);
}

/** A run as a checkpoint keeps it. */
export function savedFit(
  progress: FitProgress,
  { run, options, callbacks }: { readonly run: Run; readonly options: FitOptions; readonly callbacks: readonly Callback[] },
): SavedFit {
  const { epoch, batch, begun, running, logs } = progress;
  return {
    epoch,
    batch,
    begun,
    stopped: run.stopped,
    running: running.save(),
    logs: { ...logs },
    options: saveOptions(options, [...KEPT, 'epochs']),
    data: { steps: run.steps, validates: run.validates },
    callbacks: callbacks.flatMap(({ memory }) => (memory === undefined ? [] : [{ name: memory.name, memory: memory.save() }])),
  };
}

function differs(expected: string, received: string, code = 'RESUMED_FIT_DIFFERS'): CellstateError {
  return new CellstateError(code, 'What is to be gone on with was begun otherwise.', {
    expected,
    received,
    where: WHERE,
    hint: "resume(folder, model, { interruptedFit: 'drop' }) starts a new fit from these weights.",
  });
}
