import type { NdArray } from '@cellstate/core';
import type { TrainableModel } from '../trainable-model.ts';

/** Values by name: `loss`, a key for each metric, and the same with `val_` in front. Later callbacks see what earlier ones add. */
export interface Logs {
  loss: number;
  [name: string]: number;
}

/** The key that marks a callback which shows progress. */
export const PROGRESS_BAR: unique symbol = Symbol('cellstate progress bar');

/**
 * Something that watches a run: any object with some of these functions. Each may be async and is awaited. Epochs and
 * batches count from 0. Batch logs are running values since the epoch began.
 */
export interface Callback {
  /** Set on a callback that shows progress, so that `fit` adds none of its own. */
  readonly [PROGRESS_BAR]?: true;
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
}

/** The functions of a callback that are called during a run. */
export type Hook = Exclude<keyof Callback, 'setRun' | typeof PROGRESS_BAR>;

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
