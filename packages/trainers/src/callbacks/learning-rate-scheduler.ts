import { CellstateError, checkOptions } from '@cellstate/core';
import { printLine } from '../print.ts';
import type { Callback, Run } from './callback.ts';

/**
 * Sets the learning rate before each epoch, and logs it as `learningRate`. Keras' `LearningRateScheduler`.
 *
 * @param schedule the rate for an epoch (from 0), given the rate so far.
 * @param options `verbose`: 1 prints each rate; default 0.
 * @throws CellstateError `UNKNOWN_OPTION`; in training `INVALID_LEARNING_RATE` when the schedule gives no finite number,
 * `SCHEDULED_LEARNING_RATE` when the optimizer has a schedule of its own.
 *
 * @example
 * ```ts
 * import { learningRateScheduler } from '@cellstate/trainers';
 *
 * const callbacks = [learningRateScheduler((epoch, rate) => (epoch < 10 ? rate : rate * 0.9))];
 * ```
 */
export function learningRateScheduler(
  schedule: (epoch: number, learningRate: number) => number,
  options: { readonly verbose?: 0 | 1 } = {},
): Callback {
  checkOptions(options, ['verbose'], 'learningRateScheduler');
  const { verbose = 0 } = options;
  let run: Run | undefined;
  return {
    setRun(given) {
      run = given;
    },
    onEpochBegin(epoch) {
      const control = run as Run;
      const rate = schedule(epoch, control.learningRate);
      if (typeof rate !== 'number' || !Number.isFinite(rate)) {
        throw new CellstateError('INVALID_LEARNING_RATE', 'The schedule gave no learning rate.', {
          expected: 'a finite number',
          received: String(rate),
          where: `learningRateScheduler, epoch ${epoch}`,
        });
      }
      control.learningRate = rate;
      if (verbose > 0) printLine(`Epoch ${epoch + 1}: learning rate ${rate}`);
    },
    onEpochEnd(_epoch, logs) {
      logs.learningRate = (run as Run).learningRate;
    },
  };
}
