import { splitSeed } from '@cellstate/core';
import type { Callback, Logs, Run } from '../callbacks/callback.ts';
import { type CallbackList, callbackList } from '../callbacks/callback-list.ts';
import { type History, historyRecorder } from '../callbacks/history.ts';
import { isProgressBar, progressBar } from '../callbacks/progress-bar.ts';
import { toBytes } from '../checkpoint/checkpoint-bytes.ts';
import { CHECKPOINT } from '../checkpoint/open-checkpoint.ts';
import { type SavedFit, saveTrainer, saveWeights } from '../checkpoint/trainer-checkpoint.ts';
import type { TrainingData } from '../data/array-input.ts';
import { withClassWeight } from '../data/class-weights.ts';
import { type BatchPlan, planBatches, planFit } from './batch-plan.ts';
import { breather } from './breather.ts';
import { createRun, type Request } from './create-run.ts';
import { finishWeights } from './finish-weights.ts';
import { checkFitOptions, type FitOptions } from './fit-options.ts';
import {
  checkSameData,
  continuedOptions,
  type FitProgress,
  firstProgress,
  restoreBackup,
  restoreMemories,
  savedFit,
} from './interrupted-fit.ts';
import { noBatches } from './no-batches.ts';
import { runningLogs } from './running-logs.ts';
import { testRun } from './test-run.ts';
import { trainStep } from './train-step.ts';
import { batchCheck, type TrainerState } from './trainer-state.ts';

/** Keras' batch size for samples. */
export const DEFAULT_BATCH_SIZE = 32;

/** Runs `fit`: epochs of training, each followed by its validation. Goes on with an interrupted run if there is one. */
export async function fitRun(trainer: TrainerState, data: TrainingData, given: FitOptions): Promise<History> {
  checkFitOptions(given);
  await restoreBackup(trainer, given.callbacks);
  const { interrupted } = trainer.fits;
  const options = continuedOptions(interrupted, given);
  const { epochs = 1, initialEpoch = 0, resetStates = 'epoch' } = options;
  const { training, validation } = await planned(trainer, data, options);
  const shape = { steps: training.steps, validates: validation !== null };
  if (interrupted !== null) checkSameData(interrupted, shape);
  const history = historyRecorder();
  const requests: Request[] = [];
  const run = createRun(trainer, {
    ...shape,
    initialEpoch,
    epochs,
    verbose: options.verbose ?? 1,
    resumed: interrupted === null ? null : { epoch: interrupted.epoch, batch: interrupted.batch, begun: interrupted.begun },
    requests,
    stopped: interrupted?.stopped ?? false,
  });
  const callbacks = callbackList(allCallbacks(options, history.callback), run);
  const progress = firstProgress(trainer, interrupted, initialEpoch);
  const save = () => saveRequested(trainer, requests, () => savedFit(progress, { run, options, callbacks: callbacks.callbacks }));
  try {
    await callbacks.call('onTrainBegin');
    if (interrupted !== null) restoreMemories(interrupted, callbacks.callbacks);
    trainer.fits.interrupted = null;
    while (progress.begun || (progress.epoch < epochs && !run.stopped)) {
      const { epoch } = progress;
      if (!progress.begun) {
        if (resetStates === 'epoch') trainer.states.training.reset();
        Object.assign(progress, { batch: 0, running: runningLogs() });
        await callbacks.call('onEpochBegin', epoch);
        progress.begun = true;
      }
      const logs = await trainEpoch(trainer, { plan: training, callbacks, run, progress, classWeight: options.classWeight, save });
      if (validation !== null && isValidated(epoch, options.validationFreq)) {
        Object.assign(logs, await validate(trainer, { plan: validation, callbacks, epoch }));
      }
      await callbacks.call('onEpochEnd', epoch, logs);
      Object.assign(progress, { epoch: epoch + 1, batch: 0, begun: false, running: runningLogs(), logs });
      await save();
    }
    finishWeights(trainer);
    await callbacks.call('onTrainEnd', undefined, progress.logs);
    trainer.fits.history = history.record;
    await saveRequested(trainer, requests, () => null);
  } catch (error) {
    for (const callback of callbacks.callbacks) callback.onTrainError?.(error);
    throw error;
  }
  return history.record;
}

/** Does what callbacks asked for; to be called once all have heard what happened. */
async function saveRequested(trainer: TrainerState, requests: Request[], place: () => SavedFit | null): Promise<void> {
  for (const request of requests.splice(0)) {
    if ('task' in request) {
      await request.task();
      continue;
    }
    const { store, weightsOnly = false, onSaved } = request;
    const saved = weightsOnly ? await saveWeights(trainer.model) : await saveTrainer(trainer, place());
    await store.write(CHECKPOINT, toBytes(saved));
    await onSaved?.();
  }
}

async function planned(
  trainer: TrainerState,
  data: TrainingData,
  options: FitOptions,
): Promise<{ training: BatchPlan; validation: BatchPlan | null }> {
  const plan = {
    model: trainer.model,
    batchSize: options.batchSize,
    fallback: () => DEFAULT_BATCH_SIZE,
    check: batchCheck(trainer, { allowOverlap: options.allowOverlap ?? false, where: 'fit' }),
    where: 'fit',
  };
  const fromSamples = await planFit(data, {
    ...plan,
    shuffle: options.shuffle,
    validationSplit: options.validationSplit === 0 ? undefined : options.validationSplit,
    resetStates: options.resetStates ?? 'epoch',
    seed: trainer.seed,
  });
  const { validationData } = options;
  if (validationData === undefined) return fromSamples;
  const where = 'fit, option validationData';
  // The batch size was asked for the training samples; batches that are made already have their own.
  const batchSize =
    Symbol.iterator in validationData || Symbol.asyncIterator in validationData || typeof validationData === 'function'
      ? undefined
      : plan.batchSize;
  return { training: fromSamples.training, validation: await planBatches(validationData, { ...plan, batchSize, where }) };
}

/** The caller's callbacks, then a progress bar unless they bring their own, then the history, which sees what all others add. */
function allCallbacks({ callbacks = [], verbose = 1 }: FitOptions, history: Callback): readonly Callback[] {
  const bar = verbose === 0 || callbacks.some(isProgressBar) ? [] : [progressBar()];
  return [...callbacks, ...bar, history];
}

interface EpochOptions {
  readonly plan: BatchPlan;
  readonly callbacks: CallbackList;
  readonly run: Run;
  readonly progress: FitProgress;
  readonly classWeight: FitOptions['classWeight'];
  /** Writes the checkpoints asked for so far. */
  readonly save: () => Promise<void>;
}

/** The batches of an epoch that are still to come. */
async function trainEpoch(trainer: TrainerState, { plan, callbacks, run, progress, classWeight, save }: EpochOptions): Promise<Logs> {
  const { counters } = trainer;
  const { parameters } = trainer.model;
  const parts = { ...trainer, state: trainer.states.training };
  const { epoch, running } = progress;
  const breathe = breather();
  if (!run.stopped || running.batches === 0) {
    for await (const batch of plan.batches({ epoch, ordinal: counters.epochs, from: progress.batch })) {
      const index = progress.batch;
      await callbacks.call('onBatchBegin', index);
      const weighted = classWeight === undefined ? batch : withClassWeight(batch, classWeight);
      const { sums, objective } = await trainStep(parts, weighted, { seed: splitSeed(trainer.seed, counters.steps), parameters });
      counters.steps++;
      running.add(sums, objective);
      if (callbacks.listens('onBatchEnd')) await callbacks.call('onBatchEnd', index, running.logs());
      progress.batch = index + 1;
      await save();
      if (run.stopped) break;
      await breathe();
    }
  }
  if (running.batches === 0) throw noBatches(epoch, 'fit');
  counters.epochs++;
  return running.logs();
}

/** Validation has a state of its own, which starts anew each time; training's is not touched. */
async function validate(
  trainer: TrainerState,
  { plan, callbacks, epoch }: Pick<EpochOptions, 'plan' | 'callbacks'> & { readonly epoch: number },
): Promise<Record<string, number>> {
  const state = trainer.states.validation;
  state.reset();
  try {
    const running = await testRun({ ...trainer, state }, { plan, callbacks, epoch, where: 'fit, validation' });
    return Object.fromEntries(Object.entries(running.logs()).map(([name, value]) => [`val_${name}`, value]));
  } finally {
    state.reset();
  }
}

function isValidated(epoch: number, frequency: number | readonly number[] = 1): boolean {
  return typeof frequency === 'number' ? (epoch + 1) % frequency === 0 : frequency.includes(epoch + 1);
}
