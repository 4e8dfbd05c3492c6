import { CellstateError } from '@cellstate/core';

/** `value` when it is a whole number of at least `least`; otherwise throws `INVALID_OPTION`, naming the argument. */
export function wholeNumber(value: unknown, least: number, where: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
  throw new CellstateError('INVALID_OPTION', 'This option must be a whole number.', {
    expected: `a whole number ≥ ${least}`,
    received: value === undefined ? 'nothing' : String(value),
    where,
  });
}
