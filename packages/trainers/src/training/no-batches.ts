import { CellstateError } from '@cellstate/core';

/** The error for a source that gave nothing. */
export function noBatches(epoch: number, where: string): CellstateError {
  return new CellstateError('NO_BATCHES', `Epoch ${epoch} got no batches.`, {
    expected: 'at least one batch an epoch',
    received: 'none',
    where,
    hint: 'A generator can be run through once only: pass a function that returns a new one for each epoch.',
  });
}
