import { checkOptions } from '@cellstate/core';
import { wholeNumber } from '../whole-number.ts';
import type { ColumnTransform } from './column-transform.ts';
import { type Scaler, scalerOf } from './scaler.ts';

/** Options of `differences` and `logReturns`. */
export interface LagOptions {
  /** Steps back to the value compared with; default 1. A season's length takes the season out. */
  readonly lag?: number;
}

/**
 * A scaler from levels to changes: step t becomes `x[t] - x[t - lag]`.
 *
 * n steps give n - lag; 3 5 4 8 become 2 -1 4. `inverse` of a transformed series puts the first rows back and returns the
 * series it came from, to float32 rounding that does not add up: each change is taken from the value that `inverse` will
 * have reached. For forecasts pass the last rows known: `inverse(changes, { after: history })`.
 *
 * @throws CellstateError `INVALID_OPTION`, `UNKNOWN_OPTION`.
 *
 * @example
 * ```ts
 * import { differences, series } from '@cellstate/windowing';
 *
 * const s = series([3, 5, 4, 8]);
 * const scaler = differences().fit(s);
 * scaler.transform(s).toNested(); // → [[2], [-1], [4]]
 * scaler.inverse(scaler.transform(s)).toNested(); // → [[3], [5], [4], [8]]
 * scaler.inverse([1, 1], { after: s }).toNested(); // → [[9], [10]]
 * ```
 */
export function differences(options: LagOptions = {}): Scaler {
  checkOptions(options, ['lag'], 'differences');
  const lag = wholeNumber(options.lag ?? 1, 1, 'differences, lag');
  return scalerOf('differences', () => ({ restart() {}, add() {}, finish: () => differenceColumn(lag) }), { needsData: false });
}

/** The differences of one feature. */
export function differenceColumn(lag: number): ColumnTransform {
  return {
    context: lag,
    forward() {
      const reached: number[] = [];
      return (value) => {
        if (reached.length < lag) {
          reached.push(value);
          return undefined;
        }
        const before = reached.shift() as number;
        const change = Math.fround(value - before);
        reached.push(before + change);
        return change;
      };
    },
    inverse(after) {
      const reached = [...after];
      return (change) => {
        const value = (reached.shift() as number) + change;
        reached.push(value);
        return value;
      };
    },
    toJSON: () => ({ kind: 'differences', lag }),
  };
}
