import { CellstateError } from '@cellstate/core';
import type { Run, RunSaveOptions } from '../callbacks/callback.ts';
import type { CheckpointStore } from '../checkpoint/checkpoint-store.ts';
import { resolveStore } from '../checkpoint/resolve-store.ts';
import { directionOf } from './direction-of.ts';
import type { TrainerState } from './trainer-state.ts';

/** What a callback asked for: a checkpoint, or a task of its own. */
export type Request = (RunSaveOptions & { readonly store: CheckpointStore }) | { readonly task: () => Promise<void> };

type Fixed = Pick<Run, 'initialEpoch' | 'epochs' | 'steps' | 'verbose' | 'validates' | 'resumed'>;

/**
 * What the callbacks of one run get to see.
 *
 * @param requests where it puts what callbacks ask for; null where nothing can be.
 */
export function createRun(
  trainer: TrainerState,
  { requests, stopped: stoppedBefore = false, ...fixed }: Fixed & { readonly requests: Request[] | null; readonly stopped?: boolean },
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
      ask({ ...options, store: resolveStore(store, 'run.save') }, 'run.save');
    },
    afterHook(task) {
      ask({ task }, 'run.afterHook');
    },
  };

  function ask(request: Request, where: string): void {
    if (requests === null) {
      throw new CellstateError('NOT_IN_FIT', 'Callbacks can save within fit only.', {
        expected: 'a callback of fit',
        received: 'one of evaluate or predict',
        where,
        hint: 'Call trainer.save(folder).',
      });
    }
    requests.push(request);
  }
}
