import { CellstateError } from '@cellstate/core';
import type { Run, RunSaveOptions } from '../callbacks/callback.ts';
import type { CheckpointStore } from '../checkpoint/checkpoint-store.ts';
import { resolveStore } from '../checkpoint/resolve-store.ts';
import { directionOf } from './direction-of.ts';
import type { TrainerState } from './trainer-state.ts';

/** A checkpoint that a callback asked for. */
export interface SaveRequest extends RunSaveOptions {
  readonly store: CheckpointStore;
}

type Fixed = Pick<Run, 'initialEpoch' | 'epochs' | 'steps' | 'verbose' | 'validates' | 'resumed'>;

/**
 * What the callbacks of one run get to see.
 *
 * @param requests where it puts the checkpoints asked for; null where none can be.
 */
export function createRun(
  trainer: TrainerState,
  { requests, stopped: stoppedBefore = false, ...fixed }: Fixed & { readonly requests: SaveRequest[] | null; readonly stopped?: boolean },
): Run {
  let stopped = stoppedBefore;
  return {
    ...fixed,
    model: trainer.model,
    get learningRate() {
      return trainer.optimizer.learningRate;
    },
    set learningRate(rate) {
      trainer.optimizer.learningRate = rate;
    },
    get stepsTaken() {
      return trainer.counters.steps;
    },
    get stopped() {
      return stopped;
    },
    stop() {
      stopped = true;
    },
    directionOf: (name) => directionOf(name, trainer.latestObjective()),
    get states() {
      return trainer.states.training.read();
    },
    save(store, options = {}) {
      if (requests === null) {
        throw new CellstateError('NOT_IN_FIT', 'A callback can save a checkpoint within fit only.', {
          expected: 'a callback of fit',
          received: 'one of evaluate or predict',
          where: 'run.save',
          hint: 'Call trainer.save(folder).',
        });
      }
      requests.push({ ...options, store: resolveStore(store, 'run.save') });
    },
  };
}
