import { type Batch, CellstateError, type WindowOrigin } from '@cellstate/core';
import { listArrays } from '../data/map-arrays.ts';
import type { Warnings } from '../warnings.ts';

export interface WindowChecks {
  readonly allowOverlap: boolean;
  /** Rows of a batch. */
  readonly rows: number;
  /** Whether more than one batch may come. */
  readonly several: boolean;
  readonly warnings: Warnings;
  readonly where: string;
}

/**
 * Looks at where a batch for a stateful model comes from: windows that overlap would enter the carried state more than
 * once. `createDataset` is let through, because the tutorials do that, with one warning.
 *
 * @throws CellstateError `OVERLAPPING_WINDOWS` unless `allowOverlap`.
 */
export function checkWindows(batch: Batch, { allowOverlap, rows, several, warnings, where }: WindowChecks): void {
  const origin = batch.origin ?? listArrays(batch.x).find((array) => array.origin !== undefined)?.origin;
  if (origin === undefined) return;
  if (origin.stride < origin.length) checkOverlap(origin, { allowOverlap, warnings, where });
  else if (several && rows > 1 && batch.starts === undefined) {
    warnings.once(
      'misaligned-lanes',
      `The rows of a batch are consecutive windows of one series, but a stateful model continues row i of one batch in row i of the next. Use batchSize: 1, or lanes() of @cellstate/windowing.`,
    );
  }
}

function checkOverlap(
  origin: WindowOrigin,
  { allowOverlap, warnings, where }: Pick<WindowChecks, 'allowOverlap' | 'warnings' | 'where'>,
): void {
  if (allowOverlap) return;
  if (origin.source === 'createDataset') {
    warnings.once(
      'overlap',
      `The windows of createDataset overlap, so each value enters the carried state ${origin.length} times (lookBack ${origin.length}). Tutorials do that; lanes() or a stateless model avoid it, and allowOverlap: true silences this warning.`,
    );
    return;
  }
  throw new CellstateError(
    'OVERLAPPING_WINDOWS',
    'Overlapping windows under a stateful layer: each value would enter the carried state several times.',
    {
      expected: `windows that start at least ${origin.length} steps apart`,
      received: `windows of ${origin.length} steps, ${origin.stride} apart, from ${origin.source}`,
      where,
      hint: 'Cut the series with lanes(), use a stateless model, or say allowOverlap: true.',
    },
  );
}
