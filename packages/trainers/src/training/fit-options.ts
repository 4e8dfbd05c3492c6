import { CellstateError, checkOptions } from '@cellstate/core';
import type { Callback } from '../callbacks/callback.ts';
import type { TrainingData } from '../data/array-input.ts';
import type { ClassWeight } from '../data/class-weights.ts';

export interface FitOptions {
  /** The epoch to end before, counted from 0. Default 1. */
  readonly epochs?: number;
  /** The epoch to begin with. Default 0. */
  readonly initialEpoch?: number;
  /** Rows of a batch. Default: the model's pinned batch size, else 32. Only for samples. */
  readonly batchSize?: number;
  /**
   * A new order each epoch: of all samples (`true`), or within each batch (`'batch'`). Default true, and false for a
   * stateful model, under which anything else throws. Only for samples.
   */
  readonly shuffle?: boolean | 'batch';
  /** The share of samples, cut off the end before any shuffling, to validate on. Only for samples. */
  readonly validationSplit?: number;
  /** Data to validate on after an epoch; never shuffled. */
  readonly validationData?: TrainingData;
  /** Validate after every n-th epoch, or after these (counted from 1, as in Keras). Default 1. */
  readonly validationFreq?: number | readonly number[];
  /** When the carried training state goes back to its start: at each epoch (default), or never, which is Keras. */
  readonly resetStates?: 'epoch' | 'never';
  /** A weight for each class id, 1 for those not listed. One output only. */
  readonly classWeight?: ClassWeight;
  readonly callbacks?: readonly Callback[];
  /** 1 (default): a progress bar on a terminal; 2: a line an epoch; 0: nothing. */
  readonly verbose?: 0 | 1 | 2;
  /** Let overlapping windows enter a stateful model. Default false. */
  readonly allowOverlap?: boolean;
}

const KNOWN: readonly (keyof FitOptions)[] = [
  'epochs',
  'initialEpoch',
  'batchSize',
  'shuffle',
  'validationSplit',
  'validationData',
  'validationFreq',
  'resetStates',
  'classWeight',
  'callbacks',
  'verbose',
  'allowOverlap',
];

/** Throws `UNKNOWN_OPTION`, `INVALID_OPTION` or `CONTRADICTORY_OPTIONS` for options that cannot be meant. */
export function checkFitOptions(options: FitOptions): void {
  checkOptions(options, KNOWN, 'fit');
  const { epochs = 1, initialEpoch = 0, shuffle, validationFreq = 1, resetStates, verbose } = options;
  demand(Number.isInteger(epochs) && epochs >= 0, { option: 'epochs', expected: 'a whole number', received: epochs });
  demand(Number.isInteger(initialEpoch) && initialEpoch >= 0, {
    option: 'initialEpoch',
    expected: 'a whole number',
    received: initialEpoch,
  });
  demand(shuffle === undefined || typeof shuffle === 'boolean' || shuffle === 'batch', {
    option: 'shuffle',
    expected: "true, false or 'batch'",
    received: shuffle,
  });
  demand(typeof validationFreq !== 'number' || (Number.isInteger(validationFreq) && validationFreq >= 1), {
    option: 'validationFreq',
    expected: 'a positive whole number, or a list of epochs',
    received: validationFreq,
  });
  demand(resetStates === undefined || resetStates === 'epoch' || resetStates === 'never', {
    option: 'resetStates',
    expected: "'epoch' or 'never'",
    received: resetStates,
  });
  demand(verbose === undefined || [0, 1, 2].includes(verbose), { option: 'verbose', expected: '0, 1 or 2', received: verbose });
  const validates = options.validationSplit !== undefined || options.validationData !== undefined;
  if (options.validationSplit !== undefined && options.validationData !== undefined) {
    throw new CellstateError('CONTRADICTORY_OPTIONS', 'Validation data come from one place.', {
      expected: 'validationSplit or validationData',
      received: 'both',
      where: 'fit',
    });
  }
  if (options.validationFreq !== undefined && !validates) {
    throw new CellstateError('CONTRADICTORY_OPTIONS', 'validationFreq has no meaning without validation.', {
      expected: 'validationSplit or validationData beside it',
      received: 'neither',
      where: 'fit',
    });
  }
}

function demand(sound: boolean, { option, expected, received }: { option: string; expected: string; received: unknown }): void {
  if (sound) return;
  throw new CellstateError('INVALID_OPTION', `Option '${option}' cannot be used.`, { expected, received: String(received), where: 'fit' });
}
