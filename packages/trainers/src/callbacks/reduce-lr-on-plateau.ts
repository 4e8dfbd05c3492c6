import { checkOptions } from '@cellstate/core';
import { checkNumber } from '../check-number.ts';
import { printLine } from '../print.ts';
import type { Callback, Run } from './callback.ts';
import { type MonitorOptions, monitor } from './monitor.ts';

export interface ReduceLROnPlateauOptions extends MonitorOptions {
  /** What the rate is multiplied by; below 1. Default 0.1. */
  readonly factor?: number;
  /** Epochs without improvement before a reduction. Default 10. */
  readonly patience?: number;
  /** Epochs after a reduction in which nothing is counted. Default 0. */
  readonly cooldown?: number;
  /** The rate goes no lower. Default 0. */
  readonly minLearningRate?: number;
  /** 1 prints each reduction. Default 0. */
  readonly verbose?: 0 | 1;
}

/**
 * Lowers the learning rate when a value has stopped improving, and logs the rate of each epoch as `learningRate`. Keras'
 * `ReduceLROnPlateau`. With a constant loss, `patience: 2` and `factor: 0.5`, a rate of 0.1 is
 * 0.1, 0.1, 0.05, 0.05, 0.025 after epochs 0 to 4.
 *
 * @throws CellstateError `UNKNOWN_OPTION`, `INVALID_OPTION`; in training `NOT_LOGGED`, `MONITOR_DIRECTION`,
 * `SCHEDULED_LEARNING_RATE`.
 *
 * @example
 * ```ts
 * import { reduceLROnPlateau } from '@cellstate/trainers';
 *
 * const callbacks = [reduceLROnPlateau({ monitor: 'loss', factor: 0.5, patience: 3 })];
 * ```
 */
export function reduceLROnPlateau(options: ReduceLROnPlateauOptions = {}): Callback {
  const where = 'reduceLROnPlateau';
  checkOptions(options, ['monitor', 'minDelta', 'mode', 'factor', 'patience', 'cooldown', 'minLearningRate', 'verbose'], where);
  const { factor = 0.1, patience = 10, cooldown = 0, minLearningRate = 0, verbose = 0 } = options;
  checkNumber(factor, { where, option: 'factor', above: 0, below: 1 });
  checkNumber(patience, { where, option: 'patience', from: 0 });
  checkNumber(cooldown, { where, option: 'cooldown', from: 0 });
  checkNumber(minLearningRate, { where, option: 'minLearningRate', from: 0 });
  const watched = monitor({ minDelta: 1e-4, ...options }, where);
  let run: Run | undefined;
  let wait = 0;
  let resting = 0;

  return {
    memory: {
      name: where,
      save: () => ({ best: watched.best ?? null, wait, resting }),
      restore(saved) {
        const before = saved as { best: number | null; wait: number; resting: number };
        if (before.best !== null) watched.keep(before.best);
        ({ wait, resting } = before);
      },
    },
    setRun(given) {
      run = given;
    },
    onTrainBegin() {
      watched.start(run as Run);
      wait = 0;
      resting = 0;
    },
    onEpochEnd(epoch, logs) {
      const control = run as Run;
      logs.learningRate = control.learningRate;
      const value = watched.read(logs);
      if (value === undefined) return;
      if (resting > 0) {
        resting--;
        wait = 0;
      }
      if (watched.improves(value)) {
        watched.keep(value);
        wait = 0;
        return;
      }
      if (resting > 0) return;
      wait++;
      if (wait < patience || control.learningRate <= minLearningRate) return;
      control.learningRate = Math.max(control.learningRate * factor, minLearningRate);
      if (verbose > 0) printLine(`Epoch ${epoch + 1}: learning rate reduced to ${control.learningRate}`);
      resting = cooldown;
      wait = 0;
    },
  };
}
