import { CellstateError } from '@cellstate/core';

/** Throws `INVALID_OPTION` unless `value` is a finite number within the bounds. */
export function checkNumber(
  value: number,
  { where, option, above, from, below, to }: { where: string; option: string; above?: number; from?: number; below?: number; to?: number },
): void {
  const inside =
    Number.isFinite(value) &&
    (above === undefined || value > above) &&
    (from === undefined || value >= from) &&
    (below === undefined || value < below) &&
    (to === undefined || value <= to);
  if (inside) return;
  const bounds = [
    ...(above === undefined ? [] : [`above ${above}`]),
    ...(from === undefined ? [] : [`at least ${from}`]),
    ...(below === undefined ? [] : [`below ${below}`]),
    ...(to === undefined ? [] : [`at most ${to}`]),
  ];
  throw new CellstateError('INVALID_OPTION', `Option '${option}' is out of range.`, {
    expected: `a number ${bounds.join(' and ')}`,
    received: String(value),
    where,
  });
}
