import { CellstateError, checkOptions } from '@cellstate/core';
import { wholeNumber } from '../whole-number.ts';
import type { ColumnTransform } from './column-transform.ts';
import type { LagOptions } from './differences.ts';
import { type Scaler, scalerOf } from './scaler.ts';

/**
 * A scaler from prices to log returns: step t becomes `ln(x[t] / x[t - lag])`.
 *
 * n steps give n - lag. `inverse` works as that of `differences`, to float32 rounding that does not add up.
 *
 * @throws CellstateError `NOT_POSITIVE` for a value of 0 or below, `INVALID_OPTION`, `UNKNOWN_OPTION`.
 *
 * @example
 * ```ts
 * import { logReturns, series } from '@cellstate/windowing';
 *
 * const prices = series([100, 110, 99]);
 * const scaler = logReturns().fit(prices);
 * scaler.transform(prices).steps; // → 2
 * scaler.inverse(scaler.transform(prices)).toNested(); // → [[100], [110], [99]]
 * ```
 */
export function logReturns(options: LagOptions = {}): Scaler {
  checkOptions(options, ['lag'], 'logReturns');
  const lag = wholeNumber(options.lag ?? 1, 1, 'logReturns, lag');
  return scalerOf('logReturns', () => ({ restart() {}, add: checkPositive, finish: () => logReturnColumn(lag) }), { needsData: false });
}

/** The log returns of one feature. */
export function logReturnColumn(lag: number): ColumnTransform {
  return {
    context: lag,
    forward() {
      const reached: number[] = [];
      return (value, where) => {
        checkPositive(value, where);
        if (reached.length < lag) {
          reached.push(value);
          return undefined;
        }
        const before = reached.shift() as number;
        const change = Math.fround(Math.log(value / before));
        reached.push(before * Math.exp(change));
        return change;
      };
    },
    inverse(after) {
      const reached = [...after];
      return (change) => {
        const value = (reached.shift() as number) * Math.exp(change);
        reached.push(value);
        return value;
      };
    },
    toJSON: () => ({ kind: 'logReturns', lag }),
  };
}

function checkPositive(value: number, where: string): void {
  if (value > 0) return;
  throw new CellstateError('NOT_POSITIVE', 'Log returns exist for positive values only.', {
    expected: 'values above 0',
    received: String(value),
    where,
    hint: 'For values around zero use differences().',
  });
}
