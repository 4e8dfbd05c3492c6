import { CellstateError, checkOptions } from '@cellstate/core';
import { checkNumber } from '../check-number.ts';
import type { CheckpointStore } from '../checkpoint/checkpoint-store.ts';
import { printLine } from '../print.ts';
import type { TrainableModel } from '../trainable-model.ts';
import type { Callback, Logs, Run } from './callback.ts';
import { fillTemplate } from './fill-template.ts';
import { type MonitorOptions, monitor } from './monitor.ts';
import { saveSchedule } from './save-schedule.ts';

export interface ModelCheckpointOptions extends Omit<MonitorOptions, 'minDelta'> {
  /** Save only when the watched value is the best so far. Default false. */
  readonly saveBestOnly?: boolean;
  /** Save the model's parameters alone, for `restoreWeights`, not the trainer for `resume`. Default false. */
  readonly saveWeightsOnly?: boolean;
  /** `'epoch'` (default), or every so many batches, counted on from epoch to epoch. */
  readonly saveFreq?: 'epoch' | number;
  /** The value that the first one has to beat. Default: none. */
  readonly initialValueThreshold?: number;
  /** 1 prints what is saved and why. Default 0. */
  readonly verbose?: 0 | 1;
  /**
   * Writes a file of another format in place of a checkpoint, such as `saveModel` of @cellstate/keras for paths that end in
   * `.keras`. Default: a checkpoint folder.
   */
  readonly saveModel?: (model: TrainableModel, path: string) => unknown;
}

/**
 * Saves a checkpoint at the end of every epoch, or of the best ones. Keras' `ModelCheckpoint`.
 *
 * @param path of a checkpoint folder, or a store. Fields in a path are filled in, in Python's format: `epoch` and, when saving by
 * batches, `batch`, both from 1, and the logs: `'runs/{epoch:03d}-{val_loss:.4f}'`.
 * @param options the best value is kept when the same callback serves another `fit`.
 * @throws CellstateError `UNKNOWN_OPTION`, `INVALID_OPTION`, `CONTRADICTORY_OPTIONS`; in training `NOT_LOGGED` for a value or a field that
 * is no log (Keras warns, and saves), `MONITOR_DIRECTION`, `CHECKPOINT_NOT_WRITTEN`.
 *
 * @example
 * ```ts
 * import { modelCheckpoint } from '@cellstate/trainers';
 *
 * const callbacks = [modelCheckpoint('runs/best', { monitor: 'val_loss', saveBestOnly: true })];
 * ```
 */
export function modelCheckpoint(path: string | CheckpointStore, options: ModelCheckpointOptions = {}): Callback {
  const where = 'modelCheckpoint';
  const known: readonly (keyof ModelCheckpointOptions)[] = [
    'monitor',
    'mode',
    'saveBestOnly',
    'saveWeightsOnly',
    'saveFreq',
    'initialValueThreshold',
    'verbose',
    'saveModel',
  ];
  checkOptions(options, known, where);
  const { saveBestOnly = false, saveWeightsOnly = false, saveFreq = 'epoch', initialValueThreshold, verbose = 0, saveModel } = options;
  if (initialValueThreshold !== undefined) checkNumber(initialValueThreshold, { where, option: 'initialValueThreshold' });
  const watched = monitor(options, where);
  const schedule = saveSchedule(saveFreq, where);
  checkSense(path, { ...options, name: watched.name });
  let run: Run | undefined;
  let best = initialValueThreshold;

  const say = (line: string) => {
    if (verbose > 0) printLine(line);
  };

  function save(logs: Logs, counted: { epoch: number; batch?: number }): void {
    const epoch = `Epoch ${counted.epoch}:`;
    const target = typeof path === 'string' ? fillTemplate(path, { values: { ...counted, ...logs }, where }) : path;
    const name = typeof target === 'string' ? target : target.where;
    if (saveBestOnly) {
      const value = watched.read(logs);
      if (value === undefined) return;
      if (!watched.improves(value)) {
        say(`${epoch} ${watched.name} did not improve from ${(watched.best as number).toFixed(5)}`);
        return;
      }
      say(`${epoch} ${watched.name} improved from ${watched.best?.toFixed(5) ?? 'None'} to ${value.toFixed(5)}, saving model to ${name}`);
      watched.keep(value);
      best = value;
    } else say(`${epoch} saving model to ${name}`);
    const onSaved = () => say(`${epoch} finished saving model to ${name}`);
    const control = run as Run;
    if (saveModel === undefined) control.save(target, { weightsOnly: saveWeightsOnly, onSaved });
    else
      control.afterHook(async () => {
        await saveModel(control.model, name);
        onSaved();
      });
  }

  let epochNow = 0;
  return {
    memory: {
      name: where,
      save: () => ({ best: best ?? null, seen: schedule.seen }),
      restore(saved) {
        const before = saved as { best: number | null; seen: number };
        best = before.best ?? undefined;
        watched.start(run as Run, best);
        schedule.seen = before.seen;
      },
    },
    setRun(given) {
      run = given;
    },
    onTrainBegin() {
      watched.start(run as Run, best);
      epochNow = run?.resumed?.epoch ?? 0;
    },
    onEpochBegin(epoch) {
      epochNow = epoch;
    },
    onBatchEnd(batch, logs) {
      if (schedule.afterBatch()) save(logs, { epoch: epochNow + 1, batch: batch + 1 });
    },
    onEpochEnd(epoch, logs) {
      if (schedule.atEpochs) save(logs, { epoch: epoch + 1 });
    },
  };
}

function checkSense(path: string | CheckpointStore, options: ModelCheckpointOptions & { readonly name: string }): void {
  const { saveBestOnly = false, saveFreq = 'epoch', saveWeightsOnly = false, saveModel, name } = options;
  const refuse = (expected: string, received: string) => {
    throw new CellstateError('CONTRADICTORY_OPTIONS', 'These options cannot be meant together.', {
      expected,
      received,
      where: 'modelCheckpoint',
    });
  };
  if (saveBestOnly && saveFreq !== 'epoch' && name.startsWith('val_')) {
    refuse("saveFreq: 'epoch', or a monitor that batches have", `saveFreq: ${saveFreq} with monitor '${name}', which epochs have`);
  }
  if (saveModel !== undefined && saveWeightsOnly) refuse('saveModel, which decides what is written', 'saveWeightsOnly beside it');
  if (saveModel !== undefined && typeof path !== 'string') refuse('a path for saveModel', 'a store');
  if (saveModel === undefined && typeof path === 'string' && /[.](keras|h5|hdf5)$/.test(path)) {
    refuse('the path of a checkpoint folder, or saveModel of @cellstate/keras as option saveModel', path);
  }
}
