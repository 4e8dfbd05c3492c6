import { CellstateError } from '@cellstate/core';

/** Throws `INVALID_RATE` unless `rate` is a number from 0 to 1. */
export function checkRate(rate: number, where: string): void {
  if (typeof rate === 'number' && rate >= 0 && rate <= 1) return;
  throw new CellstateError('INVALID_RATE', 'A rate is a share between 0 and 1.', {
    expected: 'a number from 0 to 1',
    received: String(rate),
    where,
  });
}
