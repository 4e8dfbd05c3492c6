import { CellstateError } from '@cellstate/core';
import { chainFit } from './chain-column.ts';
import { type Scaler, scalerFrom } from './scaler.ts';

/**
 * One scaler behind the other: `chain([logReturns(), standardScaler()])` standardises returns; `inverse` goes back to prices.
 *
 * Each is fitted on what the ones before it yield from the training part.
 *
 * @throws CellstateError `INVALID_OPTION` for an empty list.
 *
 * @example
 * ```ts
 * import { chain, differences, minMaxScaler, series } from '@cellstate/windowing';
 *
 * const s = series([1, 3, 4, 8]);
 * const scaler = chain([differences(), minMaxScaler()]).fit(s);
 * scaler.transform(s).steps; // → 3
 * scaler.inverse(scaler.transform(s)).toNested(); // → [[1], [3], [4], [8]]
 * ```
 */
export function chain(scalers: readonly Scaler[]): Scaler {
  if (!Array.isArray(scalers) || scalers.length === 0) {
    throw new CellstateError('INVALID_OPTION', 'A chain needs scalers.', {
      expected: 'a list of at least one scaler',
      received: String(scalers) || '[]',
      where: 'chain',
    });
  }
  return scalerFrom('chain', (feature) => {
    const learners = scalers.map((scaler) => scaler.learn(feature));
    return { fit: () => chainFit(learners), needsData: learners.some((learner) => learner.needsData) };
  });
}
