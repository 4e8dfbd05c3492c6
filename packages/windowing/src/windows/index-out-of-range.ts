import { CellstateError } from '@cellstate/core';

/** The error of a window or batch number that does not exist. */
export function indexOutOfRange(index: number, count: number, where: string): CellstateError {
  return new CellstateError('INDEX_OUT_OF_RANGE', 'There is no window with this number.', {
    expected: `a whole number from ${-count} to ${count - 1}`,
    received: String(index),
    where: `${where}.at`,
  });
}
