import { CellstateError } from '@cellstate/core';

/** Every how many batches something is saved; counts on from epoch to epoch. */
export interface SaveSchedule {
  /** Batches seen since it was due, which a checkpoint keeps. */
  seen: number;
  /** Whether it is due at the end of every epoch. */
  readonly atEpochs: boolean;
  /** Counts a batch; true when it is due after it. */
  afterBatch(): boolean;
}

/** Throws `INVALID_OPTION` unless `frequency` is `'epoch'` or a number of batches. */
export function saveSchedule(frequency: 'epoch' | number, where: string): SaveSchedule {
  if (frequency !== 'epoch' && !(Number.isInteger(frequency) && frequency >= 1)) {
    throw new CellstateError('INVALID_OPTION', "Option 'saveFreq' cannot be used.", {
      expected: "'epoch', or a positive number of batches",
      received: String(frequency),
      where,
    });
  }
  return {
    seen: 0,
    atEpochs: frequency === 'epoch',
    afterBatch() {
      if (frequency === 'epoch') return false;
      this.seen++;
      if (this.seen < frequency) return false;
      this.seen = 0;
      return true;
    },
  };
}
