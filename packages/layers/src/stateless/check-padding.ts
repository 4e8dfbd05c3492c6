import { CellstateError } from '@cellstate/core';

/** Throws `INVALID_OPTION` unless `padding` is one of these. */
export function checkPadding(padding: string, known: readonly string[], where: string): void {
  if (known.includes(padding)) return;
  throw new CellstateError('INVALID_OPTION', 'There is no such padding.', {
    expected: known.map((name) => `'${name}'`).join(', '),
    received: String(padding),
    where,
  });
}
