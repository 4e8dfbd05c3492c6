import { splitSeed } from '@cellstate/core';
import type { Callback, Logs, Run } from '../callbacks/callback.ts';
import { type CallbackList, callbackList } from '../callbacks/callback-list.ts';
import { type History, historyRecorder } from '../callbacks/history.ts';
import { isProgressBar, progressBar } from '../callbacks/progress-bar.ts';
import type { TrainingData } from '../data/array-input.ts';
import { withClassWeight } from '../data/class-weights.ts';
import { type BatchPlan, planBatches, planFit } from './batch-plan.ts';
import { breather } from './breather.ts';
import { createRun } from './create-run.ts';
import { finishWeights } from './finish-weights.ts';
import { checkFitOptions, type FitOptions } from './fit-options.ts';
import { noBatches } from './no-batches.ts';
import { runningLogs } from './running-logs.ts';
import { testRun } from './test-run.ts';
import { trainStep } from './train-step.ts';
import { batchCheck, type TrainerState } from './trainer-state.ts';

/** Keras' batch size for samples. */
export const DEFAULT_BATCH_SIZE = 32;

/** Runs `fit`: epochs of training, each followed by its validation. */
export async function fitRun(trainer: TrainerState, data: TrainingData, options: FitOptions): Promise<History> {
  checkFitOptions(options);
  const { epochs = 1, initialEpoch = 0, resetStates = 'epoch' } = options;
  const { training, validation } = await planned(trainer, data, options);
  const history = historyRecorder();
  const run = createRun(trainer, {
    initialEpoch,
    epochs,
    steps: training.steps,
    verbose: options.verbose ?? 1,
    validates: validation !== null,
  });
  const callbacks = callbackList(allCallbacks(options, history.callback), run);
  try {
    await callbacks.call('onTrainBegin');
    let logs: Logs = { loss: Number.NaN };
    for (let epoch = initialEpoch; epoch < epochs && !run.stopped; epoch++) {
      if (resetStates === 'epoch') trainer.states.training.reset();
      await callbacks.call('onEpochBegin', epoch);
      logs = await trainEpoch(trainer, { plan: training, callbacks, run, epoch, classWeight: options.classWeight });
      if (validation !== null && isValidated(epoch, options.validationFreq)) {
        Object.assign(logs, await validate(trainer, { plan: validation, callbacks, epoch }));
      }
      await callbacks.call('onEpochEnd', epoch, logs);
    }
    finishWeights(trainer);
    await callbacks.call('onTrainEnd', undefined, logs);
  } catch (error) {
    for (const callback of callbacks.callbacks) callback.onTrainError?.(error);
    throw error;
  }
  return history.record;
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
  readonly epoch: number;
}

async function trainEpoch(
  trainer: TrainerState,
  { plan, callbacks, run, epoch, classWeight }: EpochOptions & { readonly run: Run; readonly classWeight: FitOptions['classWeight'] },
): Promise<Logs> {
  const { counters } = trainer;
  const { parameters } = trainer.model;
  const parts = { ...trainer, state: trainer.states.training };
  const running = runningLogs();
  const breathe = breather();
  let index = 0;
  for await (const batch of plan.batches({ epoch, ordinal: counters.epochs })) {
    await callbacks.call('onBatchBegin', index);
    const weighted = classWeight === undefined ? batch : withClassWeight(batch, classWeight);
    const { sums, objective } = await trainStep(parts, weighted, { seed: splitSeed(trainer.seed, counters.steps), parameters });
    counters.steps++;
    running.add(sums, objective);
    if (callbacks.listens('onBatchEnd')) await callbacks.call('onBatchEnd', index, running.logs());
    if (run.stopped) break;
    await breathe();
    index++;
  }
  if (running.batches === 0) throw noBatches(epoch, 'fit');
  counters.epochs++;
  return running.logs();
}

/** Validation has a state of its own, which starts anew each time; training's is not touched. */
async function validate(trainer: TrainerState, { plan, callbacks, epoch }: EpochOptions): Promise<Record<string, number>> {
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
