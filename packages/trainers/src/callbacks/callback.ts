import type { NdArray } from '@cellstate/core';
import type { CheckpointStore } from '../checkpoint/checkpoint-store.ts';
import type { Saved } from '../checkpoint/saved.ts';
import type { TrainableModel } from '../trainable-model.ts';

/** Values by name: `loss`, a key for each metric, and the same with `val_` in front. Later callbacks see what earlier ones add. */
export interface Logs {
  loss: number;
  [name: string]: number;
}

/** The key that marks a callback which shows progress. */
export const PROGRESS_BAR: unique symbol = Symbol('cellstate progress bar');

/** The key under which a callback says where `fit` finds the checkpoint of an interrupted run. */
export const BACKUP: unique symbol = Symbol('cellstate backup');

/** What a callback remembers from hook to hook, so that a checkpoint can hold it. */
export interface CallbackMemory {
  /** Of the kind of callback: what one saved is restored only into another of the same name. */
  readonly name: string;
  /** Everything that a resumed run needs, as plain data and typed arrays. */
  save(): Saved;
  /** Takes over what `save` gave; called after `onTrainBegin`. */
  restore(saved: Saved): void;
}

/**
 * Something that watches a run: any object with some of these functions. Each may be async and is awaited. Epochs and
 * batches count from 0. Batch logs are running values since the epoch began.
 */
export interface Callback {
  /** Set on a callback that shows progress, so that `fit` adds none of its own. */
  readonly [PROGRESS_BAR]?: true;
  /** Set on a callback from which `fit` goes on with an interrupted run; null when there is none. */
  readonly [BACKUP]?: () => Promise<Saved | null>;
  /** What a checkpoint keeps of this callback. Absent: nothing, it starts anew in a resumed run. */
  readonly memory?: CallbackMemory;
  /** Called before anything else, with what a callback may read and do. */
  setRun?(run: Run): void;
  onTrainBegin?(): void | Promise<void>;
  onTrainEnd?(logs: Logs): void | Promise<void>;
  /** The run ended by an error; free what you hold. */
  onTrainError?(error: unknown): void;
  onEpochBegin?(epoch: number): void | Promise<void>;
  onEpochEnd?(epoch: number, logs: Logs): void | Promise<void>;
  onBatchBegin?(batch: number): void | Promise<void>;
  onBatchEnd?(batch: number, logs: Logs): void | Promise<void>;
  /** `evaluate`, and validation within `fit`. */
  onTestBegin?(): void | Promise<void>;
  onTestEnd?(logs: Logs): void | Promise<void>;
  onTestBatchBegin?(batch: number): void | Promise<void>;
  onTestBatchEnd?(batch: number, logs: Logs): void | Promise<void>;
  onPredictBegin?(): void | Promise<void>;
  onPredictEnd?(): void | Promise<void>;
  onPredictBatchBegin?(batch: number): void | Promise<void>;
  onPredictBatchEnd?(batch: number): void | Promise<void>;
}

/** What a callback may read and do during a run. */
export interface Run {
  readonly model: TrainableModel;
  /** The epoch to begin with, and the one to end before. */
  readonly initialEpoch: number;
  readonly epochs: number;
  /** Batches of an epoch; null when unknown beforehand. */
  readonly steps: number | null;
  /**
   * Where a resumed run goes on: that many batches of the epoch are done already, and its `onEpochBegin` was called if
   * `begun`. Null in a run from its beginning.
   */
  readonly resumed: { readonly epoch: number; readonly batch: number; readonly begun: boolean } | null;
  /** Steps the trainer has taken in all. */
  readonly stepsTaken: number;
  readonly verbose: 0 | 1 | 2;
  /** Whether some epochs are followed by a validation. */
  readonly validates: boolean;
  /** Of the next step. Assigning throws `SCHEDULED_LEARNING_RATE` under a schedule. */
  learningRate: number;
  /** Whether `stop` was called. */
  readonly stopped: boolean;
  /** Ends the run after the current batch; the epoch still gets its validation and `onEpochEnd`. */
  stop(): void;
  /** Whether smaller or larger values of this log are better; null when unknown. */
  directionOf(name: string): 'min' | 'max' | null;
  /** The carried training state, a copy by call path. */
  readonly states: Readonly<Record<string, readonly NdArray[]>>;
  /**
   * Saves a checkpoint of the trainer, as soon as every callback has heard the end of the present batch, epoch or run.
   * Throws `NOT_IN_FIT` outside of `fit`.
   */
  save(store: string | CheckpointStore, options?: RunSaveOptions): void;
  /** Runs `task`, awaited, at the same moment. */
  afterHook(task: () => Promise<void>): void;
}

export interface RunSaveOptions {
  /** Only the model's parameters, for `restoreWeights`. Default false. */
  readonly weightsOnly?: boolean;
  /** Called when the checkpoint is written, and awaited. */
  readonly onSaved?: () => void | Promise<void>;
}

/** The functions of a callback that are called during a run. */
export type Hook = Exclude<keyof Callback, 'setRun' | 'memory' | typeof PROGRESS_BAR | typeof BACKUP>;

export const HOOKS: readonly Hook[] = [
  'onTrainBegin',
  'onTrainEnd',
  'onTrainError',
  'onEpochBegin',
  'onEpochEnd',
  'onBatchBegin',
  'onBatchEnd',
  'onTestBegin',
  'onTestEnd',
  'onTestBatchBegin',
  'onTestBatchEnd',
  'onPredictBegin',
  'onPredictEnd',
  'onPredictBatchBegin',
  'onPredictBatchEnd',
];
