import { CellstateError, checkOptions } from '@cellstate/core';
import { affineColumn } from './affine-column.ts';
import { type Scaler, scalerOf } from './scaler.ts';

/** Options of `minMaxScaler`. */
export interface MinMaxOptions {
  /** Where the least and the greatest fitted value go; default [0, 1]. */
  readonly range?: readonly [number, number];
}

/**
 * A scaler that moves the least fitted value of each feature to `range[0]` and the greatest to `range[1]`.
 *
 * Values outside the fitted ones leave the range; nothing is clipped, so that `inverse` is exact. A feature that never
 * changes goes to `range[0]`. Fit it on the training part; the parts `validation` and `test` of `splitSeries` are refused.
 *
 * @throws CellstateError `INVALID_OPTION` for a range that does not ascend; fitting throws `SCALER_SEES_FUTURE`, `NO_STEPS`.
 *
 * @example
 * ```ts
 * import { minMaxScaler, series } from '@cellstate/windowing';
 *
 * const s = series([10, 20, 30, 50]);
 * const scaler = minMaxScaler({ range: [0, 1] }).fit(s.rows(0, 3));
 * scaler.transform(s).toNested(); // → [[0], [0.5], [1], [2]]
 * scaler.inverse([0.25]).toNested(); // → [[15]]
 * ```
 */
export function minMaxScaler(options: MinMaxOptions = {}): Scaler {
  checkOptions(options, ['range'], 'minMaxScaler');
  const [from, to] = options.range ?? [0, 1];
  if (!(Number.isFinite(from) && Number.isFinite(to) && from < to)) {
    throw new CellstateError('INVALID_OPTION', 'The range must ascend.', {
      expected: '[lower, higher]',
      received: `[${from}, ${to}]`,
      where: 'minMaxScaler, range',
    });
  }
  return scalerOf('minMaxScaler', () => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    return {
      restart() {},
      add(value) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      },
      finish() {
        const scale = high > low ? (high - low) / (to - from) : 1;
        return affineColumn({ shift: low - from * scale, scale, low, high });
      },
    };
  });
}
