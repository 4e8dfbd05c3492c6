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

/** The error of a history that is shorter than what a method looks at. */
export function historyTooShort(steps: number, needed: number, where: string): CellstateError {
  return new CellstateError('HISTORY_TOO_SHORT', 'The history is too short.', {
    expected: `at least ${needed} step${needed === 1 ? '' : 's'}`,
    received: `${steps} step${steps === 1 ? '' : 's'}`,
    where,
  });
}
