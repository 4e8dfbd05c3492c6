import { CellstateError, describe } from '@cellstate/core';
import * as tf from '@tensorflow/tfjs-core';
import type { History } from '../callbacks/history.ts';
import { copyTensors, tensorOf } from '../data/saved-tensors.ts';
import type { SavedOptimizer } from '../optimizers/optimizer-memory.ts';
import type { SavedState } from '../state/carried-state.ts';
import type { TrainableModel } from '../trainable-model.ts';
import { TRAINER_OPTIONS } from '../trainer.ts';
import type { SavedRunningLogs } from '../training/running-logs.ts';
import type { TrainerState } from '../training/trainer-state.ts';
import type { Saved, SavedArray } from './saved.ts';
import { type SavedOptions, saveOptions } from './saved-options.ts';

/** A model's parameters, in order. */
export type WeightsCheckpoint = {
  readonly kind: 'trainer' | 'weights';
  readonly parameters: readonly (SavedArray & { readonly path: string })[];
};

/** Everything a trainer holds. Every random draw follows from the seed and the counters, so these are the random state. */
export type TrainerCheckpoint = WeightsCheckpoint & {
  readonly options: SavedOptions;
  readonly optimizer: SavedOptimizer;
  readonly counters: { readonly epochs: number; readonly steps: number };
  /** Names of the outputs, once a pass has shown them. */
  readonly outputs: readonly string[] | null;
  readonly states: { readonly training: SavedState; readonly inference: SavedState };
  readonly history: SavedHistory | null;
  /** Null outside of `fit`. */
  readonly fit: SavedFit | null;
};

type SavedHistory = { readonly epoch: readonly number[]; readonly history: { readonly [key: string]: readonly number[] } };

/** A run of `fit` between two batches or epochs. */
export type SavedFit = {
  readonly epoch: number;
  /** Batches of the epoch that are done. */
  readonly batch: number;
  /** Whether the epoch began: its state was reset, and callbacks have heard `onEpochBegin`. */
  readonly begun: boolean;
  readonly stopped: boolean;
  /** Sums of the epoch so far. */
  readonly running: SavedRunningLogs;
  /** Logs of the epoch before. */
  readonly logs: { readonly [name: string]: number };
  readonly options: SavedOptions;
  /** What the data looked like. */
  readonly data: { readonly steps: number | null; readonly validates: boolean };
  readonly callbacks: readonly { readonly name: string; readonly memory: Saved }[];
};

/** The parameters of a model. */
export async function saveWeights({ parameters }: TrainableModel): Promise<WeightsCheckpoint> {
  const values = await copyTensors(parameters.map(({ variable }) => variable));
  return { kind: 'weights', parameters: values.map((array, i) => ({ path: parameters[i]?.path as string, ...array })) };
}

/** All that a trainer holds, in arrays of its own. */
export async function saveTrainer(trainer: TrainerState, fit: SavedFit | null): Promise<TrainerCheckpoint> {
  const { counters, states } = trainer;
  return {
    ...(await saveWeights(trainer.model)),
    kind: 'trainer',
    options: saveOptions(trainer.options, TRAINER_OPTIONS),
    optimizer: trainer.optimizer.save(),
    counters: { ...counters },
    outputs: trainer.latestObjective()?.names.slice() ?? null,
    states: { training: await states.training.save(), inference: await states.inference.save() },
    history: trainer.fits.history === null ? null : plainHistory(trainer.fits.history),
    fit,
  };
}

/**
 * Gives a model the parameters of a checkpoint; all of them, or it stays as it was.
 *
 * @throws CellstateError `CHECKPOINT_DIFFERS` for a model with other parameters.
 */
export function loadWeights(model: TrainableModel, saved: WeightsCheckpoint['parameters'], where: string): void {
  checkWeights(model, saved, where);
  tf.tidy(() => {
    for (const [i, { variable }] of model.parameters.entries()) variable.assign(tensorOf(saved[i] as SavedArray));
  });
}

function checkWeights({ parameters }: TrainableModel, saved: WeightsCheckpoint['parameters'], where: string): void {
  const describeAll = (list: readonly { readonly path: string; readonly shape: readonly number[] }[]) =>
    list.map(({ path, shape }) => `${path} ${describe(shape)}`);
  const ours = describeAll(parameters.map(({ path, variable }) => ({ path, shape: variable.shape })));
  const theirs = describeAll(saved);
  const at = Array.from({ length: Math.max(ours.length, theirs.length) }, (_, i) => i).find((i) => ours[i] !== theirs[i]);
  if (at === undefined) return;
  throw new CellstateError('CHECKPOINT_DIFFERS', 'The checkpoint is of another model.', {
    expected: theirs[at] ?? 'no further parameter',
    received: ours[at] ?? 'no further parameter',
    where,
    hint: 'Build the model by the same code as before.',
  });
}

/** Makes a trainer what it was when the checkpoint was saved; wholly, or it stays as it is. Its options are the caller's business. */
export function loadTrainer(trainer: TrainerState, saved: TrainerCheckpoint, where: string): void {
  const { states, counters, fits } = trainer;
  checkWeights(trainer.model, saved.parameters, where);
  states.training.checkSaved(saved.states.training);
  states.inference.checkSaved(saved.states.inference);
  trainer.optimizer.restore(saved.optimizer);
  loadWeights(trainer.model, saved.parameters, where);
  Object.assign(counters, saved.counters);
  if (saved.outputs !== null) trainer.objectiveFor(saved.outputs);
  states.training.restore(saved.states.training);
  states.inference.restore(saved.states.inference);
  fits.history = saved.history as History | null;
  fits.interrupted = saved.fit;
}

function plainHistory({ epoch, history }: History): SavedHistory {
  return { epoch: [...epoch], history: Object.fromEntries(Object.entries(history).map(([key, values]) => [key, [...values]])) };
}
