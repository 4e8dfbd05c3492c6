import type { Batch, NdArray } from '@cellstate/core';
import type { Callback, Logs } from './callbacks/callback.ts';
import type { History } from './callbacks/history.ts';
import type { CheckpointStore } from './checkpoint/checkpoint-store.ts';
import type { ArraysInput, BatchSource, SampleData, TrainingData } from './data/array-input.ts';
import type { ClassWeight } from './data/class-weights.ts';
import type { Optimizer } from './optimizers/optimizer.ts';
import type { FitOptions } from './training/fit-options.ts';
import type { ObjectiveOptions } from './training/objective.ts';

/** What a model is trained with. */
export interface TrainerOptions extends ObjectiveOptions {
  /** A definition, or Keras' name in any case. Default `'rmsprop'`, as in Keras. */
  readonly optimizer?: string | Optimizer;
  /**
   * A name, a Loss or a function; for several outputs a list or a record by output name, null for none. One loss serves all
   * outputs. May be missing only if the trainer just predicts.
   */
  readonly loss?: ObjectiveOptions['loss'];
  /** A factor for each output's loss, in order or by name. Default 1. */
  readonly lossWeights?: ObjectiveOptions['lossWeights'];
  /** Names, Metrics, losses or functions; for several outputs a list of lists, or a record by output name. Masks count, sample weights do not. */
  readonly metrics?: ObjectiveOptions['metrics'];
  /** Metrics in which sample weights and class weights count too. */
  readonly weightedMetrics?: ObjectiveOptions['weightedMetrics'];
  /** Every random draw follows from it: the order of samples, dropout. Default 0. */
  readonly seed?: number;
}

/** Names of the options of `createTrainer`. */
export const TRAINER_OPTIONS: readonly (keyof TrainerOptions)[] = [
  'optimizer',
  'loss',
  'lossWeights',
  'metrics',
  'weightedMetrics',
  'seed',
];

export interface EvaluateOptions {
  /** Default: the pinned one; all rows for a stateful model, else 32. Only for samples. */
  readonly batchSize?: number;
  readonly callbacks?: readonly Callback[];
  /** Let overlapping windows enter a stateful model. Default false. */
  readonly allowOverlap?: boolean;
}

export interface TrainOnBatchOptions {
  /** A weight for each row `[batch]` or step `[batch, time]`. */
  readonly sampleWeight?: ArraysInput;
  readonly classWeight?: ClassWeight;
  /** Let overlapping windows enter a stateful model. Default false. */
  readonly allowOverlap?: boolean;
}

/** Carried states by call path: `{ 'lstm#0': [hidden, cell] }`, each `[lanes, units]`. */
export type StateValues = Readonly<Record<string, readonly NdArray[]>>;

/**
 * Trains one model, and carries the state of its stateful layers from batch to batch.
 *
 * Row i of a batch is lane i and goes on where row i of the batch before ended. Training and inference have a state each;
 * validation has a third that starts anew each time. State enters a batch as a constant (truncated back-propagation).
 * Between calls a trainer holds no tensors but carried states, and those only for stateful models; `dispose` frees them.
 */
export interface Trainer {
  /**
   * Trains for some epochs. Samples are cut into batches; batches are pulled one at a time and not kept. The carried training
   * state starts anew at each epoch unless `resetStates: 'never'`. Called again, it goes on with the optimizer's memory, the
   * count of steps and the random stream.
   *
   * @returns for each log key the value of every epoch.
   * @throws CellstateError before any weight moves: `SHUFFLE_UNDER_STATE`, `BATCH_SIZE_DOES_NOT_DIVIDE`, `BATCH_SIZE_PINNED`,
   * `OVERLAPPING_WINDOWS` and those for options; `BATCH_SIZE_CHANGED` before the batch that does it.
   */
  fit(data: TrainingData, options?: FitOptions): Promise<History>;
  /** Loss and metrics, keys sorted. A stateful model goes on from its inference state. */
  evaluate(data: TrainingData, options?: EvaluateOptions): Promise<Logs>;
  /**
   * The model's output for every row: an NdArray, or a list or record of them, as the model gives its outputs. A stateful model goes
   * on from its inference state, which starts from zero and does so again after `resetStates()`.
   */
  predict<T extends NdArray | NdArray[] | Record<string, NdArray> = NdArray>(
    x: ArraysInput | SampleData | BatchSource,
    options?: EvaluateOptions,
  ): Promise<NoInfer<T>>;
  /** One step on one batch; the training state carries over to the next call. Gives this batch's own loss and metrics. */
  trainOnBatch(x: ArraysInput | Batch | SampleData, y?: ArraysInput, options?: TrainOnBatchOptions): Promise<Logs>;
  /**
   * Saves all of the trainer in a folder (of the private file system in a browser) or another store, whole or not at all, for
   * `resume` to go on from. Within `fit`, `modelCheckpoint` and `backupAndRestore` do it, or `run.save()` in a callback.
   *
   * @throws CellstateError `CHECKPOINT_NOT_WRITTEN`; what was there before is still there then.
   */
  save(store: string | CheckpointStore): Promise<void>;
  /** Where the next `fit` goes on, after resuming from within one; null when it begins one. */
  readonly interrupted: { readonly epoch: number; readonly batch: number } | null;
  /** Sets carried states back to their start: all, or of the given lanes. The optimizer keeps its memory. */
  resetStates(options?: { readonly lanes?: readonly number[] }): void;
  /** Copies of the carried states, zero before the first batch. Needs a backend that reads at once. */
  readonly states: { readonly training: StateValues; readonly inference: StateValues };
  /** Of the last `fit`; null before the first. */
  readonly history: History | null;
  /** Steps taken so far. */
  readonly steps: number;
  /** Of the next step. Assigning throws `SCHEDULED_LEARNING_RATE` under a schedule. */
  learningRate: number;
  /** Frees the carried states. The model stays its owner's. */
  dispose(): void;
}
