import { CellstateError } from '@cellstate/core';

/** Throws `INVALID_OPTION` unless a loss can compare along this axis: a whole number, and not the batch. */
export function checkAxis(axis: number, where: string): void {
  if (Number.isInteger(axis) && axis !== 0) return;
  throw new CellstateError('INVALID_OPTION', "Option 'axis' cannot be used.", {
    expected: 'a whole number other than 0, the batch',
    received: String(axis),
    where,
  });
}
