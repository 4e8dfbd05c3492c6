import type { Run } from '../callbacks/callback.ts';
import { directionOf } from './direction-of.ts';
import type { TrainerState } from './trainer-state.ts';

/** What the callbacks of one run get to see. */
export function createRun(trainer: TrainerState, fixed: Pick<Run, 'initialEpoch' | 'epochs' | 'steps' | 'verbose' | 'validates'>): Run {
  let stopped = false;
  return {
    ...fixed,
    model: trainer.model,
    get learningRate() {
      return trainer.optimizer.learningRate;
    },
    set learningRate(rate) {
      trainer.optimizer.learningRate = rate;
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
  };
}
