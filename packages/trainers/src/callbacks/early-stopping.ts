import { checkOptions } from '@cellstate/core';
import { checkNumber } from '../check-number.ts';
import { printLine } from '../print.ts';
import type { Callback, Run } from './callback.ts';
import { type MonitorOptions, monitor } from './monitor.ts';
import { restoreSnapshot, takeSnapshot, type WeightsSnapshot } from './weights-snapshot.ts';

export interface EarlyStoppingOptions extends MonitorOptions {
  /** Epochs without improvement after which training stops. Default 0, which is the same as 1: the first epoch never stops it. */
  readonly patience?: number;
  /** Waiting starts anew only at an improvement that also beats this value. Default: none. */
  readonly baseline?: number | null;
  /** At the end give the model the weights of its best epoch, also when training ran to its last epoch. Default false. */
  readonly restoreBestWeights?: boolean;
  /** Epochs before this one are not looked at. Default 0. */
  readonly startFromEpoch?: number;
  /** 1 prints the epoch at which training stopped. Default 0. */
  readonly verbose?: 0 | 1;
}

export interface EarlyStopping extends Callback {
  /** The epoch at which it stopped training, from 0; null if it did not. */
  readonly stoppedEpoch: number | null;
  /** The epoch of the best value, from 0; null before there is one. */
  readonly bestEpoch: number | null;
}

/**
 * Stops training when a value has stopped improving. Keras' `EarlyStopping`, option by option. With losses 1, 0.9, 0.95, 0.96
 * and `patience: 2` it stops after epoch 3, two epochs after the best.
 *
 * @throws CellstateError `UNKNOWN_OPTION`, `INVALID_OPTION`; in training `NOT_LOGGED` when there is no such log (Keras warns)
 * and `MONITOR_DIRECTION` when `mode: 'auto'` cannot tell.
 *
 * @example
 * ```ts
 * import { earlyStopping } from '@cellstate/trainers';
 *
 * earlyStopping({ patience: 10, restoreBestWeights: true }).stoppedEpoch; // → null
 * ```
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): EarlyStopping {
  const where = 'earlyStopping';
  checkOptions(options, ['monitor', 'minDelta', 'mode', 'patience', 'baseline', 'restoreBestWeights', 'startFromEpoch', 'verbose'], where);
  const { patience = 0, baseline = null, restoreBestWeights = false, startFromEpoch = 0, verbose = 0 } = options;
  checkNumber(patience, { where, option: 'patience', from: 0 });
  checkNumber(startFromEpoch, { where, option: 'startFromEpoch', from: 0 });
  const watched = monitor(options, where);
  let run: Run | undefined;
  let wait = 0;
  let stoppedEpoch: number | null = null;
  let bestEpoch: number | null = null;
  let bestWeights: WeightsSnapshot | null = null;

  return {
    get stoppedEpoch() {
      return stoppedEpoch;
    },
    get bestEpoch() {
      return bestEpoch;
    },
    memory: {
      name: where,
      save: () => ({ best: watched.best ?? null, wait, stoppedEpoch, bestEpoch, bestWeights }),
      restore(saved) {
        const before = saved as { best: number | null; wait: number; stoppedEpoch: number | null; bestEpoch: number | null };
        if (before.best !== null) watched.keep(before.best);
        ({ wait, stoppedEpoch, bestEpoch } = before);
        ({ bestWeights } = saved as { bestWeights: WeightsSnapshot | null });
      },
    },
    setRun(given) {
      run = given;
    },
    onTrainBegin() {
      watched.start(run as Run);
      wait = 0;
      stoppedEpoch = null;
      bestEpoch = null;
      bestWeights = null;
    },
    async onEpochEnd(epoch, logs) {
      const value = watched.read(logs);
      if (value === undefined || epoch < startFromEpoch) return;
      const { model, stop } = run as Run;
      wait++;
      if (watched.improves(value)) {
        watched.keep(value);
        bestEpoch = epoch;
        if (restoreBestWeights) bestWeights = await takeSnapshot(model);
        if (baseline === null || watched.beats(value, baseline)) wait = 0;
        return;
      }
      if (wait >= patience && epoch > 0) {
        stoppedEpoch = epoch;
        stop();
      }
    },
    onTrainEnd() {
      if (stoppedEpoch !== null && verbose > 0) printLine(`Epoch ${stoppedEpoch + 1}: early stopping`);
      if (bestWeights !== null) restoreSnapshot((run as Run).model, bestWeights);
      bestWeights = null;
    },
    onTrainError() {
      bestWeights = null;
    },
  };
}
