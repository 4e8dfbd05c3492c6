import { CellstateError } from '@cellstate/core';
import { affineColumn } from './affine-column.ts';
import { type ColumnLearner, type Scaler, scalerFrom } from './scaler.ts';

/**
 * A scaler of its own for each feature, by name; features not named stay as they are.
 *
 * When one of them uses up rows (differences), that many rows are cut from all features, so that they stay aligned.
 *
 * @throws CellstateError on fitting, `UNKNOWN_FEATURE` for a name the series does not have.
 *
 * @example
 * ```ts
 * import { minMaxScaler, perFeature, series, standardScaler } from '@cellstate/windowing';
 *
 * const s = series({ pressure: [1, 3], temperature: [20, 30], valve: [0, 1] });
 * const scaler = perFeature({ pressure: standardScaler(), temperature: minMaxScaler() }).fit(s);
 * scaler.transform(s).toNested(); // → [[-1, 0, 0], [1, 1, 1]]
 * ```
 */
export function perFeature(scalers: Readonly<Record<string, Scaler>>): Scaler {
  const check = (names: readonly string[]) => {
    const unknown = Object.keys(scalers).filter((name) => !names.includes(name));
    if (unknown.length === 0) return;
    throw new CellstateError('UNKNOWN_FEATURE', 'The series has no such feature.', {
      expected: `some of ${names.join(', ')}`,
      received: unknown.join(', '),
      where: 'perFeature',
    });
  };
  return scalerFrom('perFeature', (feature) => scalers[feature]?.learn(feature) ?? unchanged, check);
}

const unchanged: ColumnLearner = {
  fit: () => ({
    restart() {},
    add() {},
    finish: () => affineColumn({ shift: 0, scale: 1, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }),
  }),
  needsData: false,
};
