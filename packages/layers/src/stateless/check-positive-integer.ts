import { CellstateError } from '@cellstate/core';

/**
 * Throws `INVALID_OPTION` unless `value` is a positive integer.
 *
 * @param where the layer's factory and the option: `repeatVector, n`.
 */
export function checkPositiveInteger(value: number, where: string): void {
  if (Number.isInteger(value) && value > 0) return;
  throw new CellstateError('INVALID_OPTION', 'The option must be a positive integer.', {
    expected: 'a positive integer',
    received: String(value),
    where,
  });
}
