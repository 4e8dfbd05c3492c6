import { type Batch, random } from '@cellstate/core';
import type { History } from '../callbacks/history.ts';
import type { SavedFit } from '../checkpoint/trainer-checkpoint.ts';
import { type OptimizerMemory, optimizerMemory } from '../optimizers/optimizer-memory.ts';
import { resolveOptimizer } from '../optimizers/resolve-optimizer.ts';
import { type CarriedState, carriedState } from '../state/carried-state.ts';
import { checkPinned, isStateful } from '../state/check-batch-size.ts';
import { checkWindows } from '../state/check-windows.ts';
import type { TrainableModel } from '../trainable-model.ts';
import type { TrainerOptions } from '../trainer.ts';
import { type Warnings, warnings } from '../warnings.ts';
import type { PlanOptions } from './batch-plan.ts';
import { createObjective, type Objective } from './objective.ts';

/** Everything a trainer holds from call to call. */
export interface TrainerState {
  readonly model: TrainableModel;
  readonly options: TrainerOptions;
  readonly seed: number;
  readonly optimizer: OptimizerMemory;
  readonly states: { readonly training: CarriedState; readonly inference: CarriedState; readonly validation: CarriedState };
  readonly warnings: Warnings;
  objectiveFor(names: readonly string[]): Objective;
  /** The objective of the last pass; undefined before the first. */
  latestObjective(): Objective | undefined;
  /** Epochs and steps since the trainer was made; they number the random draws. */
  readonly counters: { epochs: number; steps: number };
  readonly fits: {
    /** Of the last `fit`; null before the first. */
    history: History | null;
    /** A `fit` that a checkpoint was saved in the middle of, and that the next `fit` goes on with. */
    interrupted: SavedFit | null;
  };
}

/** The state of a trainer that has done nothing yet. Throws what options can throw. */
export function newTrainerState(model: TrainableModel, options: TrainerOptions): TrainerState {
  const { optimizer = 'rmsprop', seed = 0, ...goals } = options;
  // Throws for what is no seed.
  random(seed);
  let objective: Objective | undefined;
  return {
    model,
    options,
    seed,
    optimizer: optimizerMemory(resolveOptimizer(optimizer)),
    states: { training: carriedState(model), inference: carriedState(model), validation: carriedState(model) },
    warnings: warnings(),
    objectiveFor(names) {
      if (objective === undefined || !sameNames(objective.names, names)) objective = createObjective(names, goals);
      return objective;
    },
    latestObjective: () => objective,
    counters: { epochs: 0, steps: 0 },
    fits: { history: null, interrupted: null },
  };
}

/** The check every batch passes before it is used. */
export function batchCheck(
  { model, warnings }: TrainerState,
  { allowOverlap, where }: { allowOverlap: boolean; where: string },
): PlanOptions['check'] {
  return (batch: Batch, { rows, several }) => {
    checkPinned(model, { rows, where });
    if (isStateful(model)) checkWindows(batch, { allowOverlap, rows, several, warnings, where });
  };
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name === b[i]);
}
