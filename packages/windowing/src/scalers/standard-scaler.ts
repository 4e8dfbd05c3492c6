import { checkOptions } from '@cellstate/core';
import { affineColumn } from './affine-column.ts';
import { type Scaler, scalerOf } from './scaler.ts';

/**
 * A scaler to mean 0 and standard deviation 1, feature by feature: `(x - mean) / sd`, sd over all n values.
 *
 * A feature that never changes is only shifted. Fit it on the training part; the parts `validation` and `test` of
 * `splitSeries` are refused.
 *
 * @throws CellstateError `UNKNOWN_OPTION`; fitting throws `SCALER_SEES_FUTURE` and `NO_STEPS`.
 *
 * @example
 * ```ts
 * import { series, standardScaler } from '@cellstate/windowing';
 *
 * const s = series([[1, 7], [3, 7], [5, 7]]);
 * const scaler = standardScaler().fit(s.rows(0, 2));
 * scaler.transform(s).toNested(); // → [[-1, 0], [1, 0], [3, 0]]
 * scaler.inverse([[2, 0]]).toNested(); // → [[4, 7]]
 * ```
 */
export function standardScaler(options: Readonly<Record<never, never>> = {}): Scaler {
  checkOptions(options, [], 'standardScaler');
  return scalerOf('standardScaler', () => {
    // Welford's running mean and sum of squares: one pass, no loss to large means.
    let count = 0;
    let mean = 0;
    let squares = 0;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    return {
      restart() {},
      add(value) {
        const distance = value - mean;
        mean += distance / ++count;
        squares += distance * (value - mean);
        low = Math.min(low, value);
        high = Math.max(high, value);
      },
      finish: () => affineColumn({ shift: mean, scale: high > low ? Math.sqrt(squares / count) : 1, low, high }),
    };
  });
}
