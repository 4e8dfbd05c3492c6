import type { Batch } from '@cellstate/core';
import type { OptimizerMemory } from '../optimizers/optimizer-memory.ts';
import type { CarriedState } from '../state/carried-state.ts';
import { checkPinned, isStateful } from '../state/check-batch-size.ts';
import { checkWindows } from '../state/check-windows.ts';
import type { TrainableModel } from '../trainable-model.ts';
import type { Warnings } from '../warnings.ts';
import type { PlanOptions } from './batch-plan.ts';
import type { Objective } from './objective.ts';

/** Everything a trainer holds from call to call. */
export interface TrainerState {
  readonly model: TrainableModel;
  readonly seed: number;
  readonly optimizer: OptimizerMemory;
  readonly states: { readonly training: CarriedState; readonly inference: CarriedState; readonly validation: CarriedState };
  readonly warnings: Warnings;
  objectiveFor(names: readonly string[]): Objective;
  /** The objective of the last pass; undefined before the first. */
  latestObjective(): Objective | undefined;
  /** Epochs and steps since the trainer was made; they number the random draws. */
  readonly counters: { epochs: number; steps: number };
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
