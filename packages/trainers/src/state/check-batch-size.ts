import { CellstateError } from '@cellstate/core';
import type { TrainableModel } from '../trainable-model.ts';

/** Whether a trainer carries state for this model. */
export function isStateful(model: TrainableModel): boolean {
  return (model.statefulCalls?.length ?? 0) > 0;
}

/**
 * The batch size to use: the pinned one of the model, else the one asked for, else `fallback`.
 *
 * @throws CellstateError `INVALID_OPTION` for no positive integer, `BATCH_SIZE_PINNED` when the model has another one.
 */
export function batchSizeOf(
  model: TrainableModel,
  { asked, fallback, where }: { asked: number | undefined; fallback: number; where: string },
): number {
  if (asked !== undefined && (!Number.isInteger(asked) || asked < 1)) {
    throw new CellstateError('INVALID_OPTION', "Option 'batchSize' is out of range.", {
      expected: 'a positive integer',
      received: String(asked),
      where,
    });
  }
  if (asked !== undefined) checkPinned(model, { rows: asked, where });
  return asked ?? model.batchSize ?? fallback;
}

/** Throws `BATCH_SIZE_PINNED` unless a batch of so many rows fits the model. */
export function checkPinned({ batchSize: pinned }: TrainableModel, { rows, where }: { rows: number; where: string }): void {
  if (pinned === undefined || pinned === null || pinned === rows) return;
  throw new CellstateError('BATCH_SIZE_PINNED', 'The model is made for another batch size.', {
    expected: `batches of ${pinned} rows, from batchInputShape`,
    received: `batches of ${rows} rows`,
    where,
    hint: `Use batches of ${pinned} rows, or build the model with null as its first dimension.`,
  });
}

/**
 * Under carried state, or a pinned batch size, every batch must be full.
 *
 * @throws CellstateError `BATCH_SIZE_DOES_NOT_DIVIDE`, naming the numbers of rows that fit.
 */
export function checkDivides(model: TrainableModel, { rows, batchSize, where }: { rows: number; batchSize: number; where: string }): void {
  const full = isStateful(model) || (model.batchSize ?? null) !== null;
  if (!full || rows % batchSize === 0) return;
  const below = Math.floor(rows / batchSize) * batchSize;
  const above = below + batchSize;
  const sizes = Array.from({ length: Math.min(rows, 64) }, (_, i) => i + 1).filter((size) => rows % size === 0);
  throw new CellstateError('BATCH_SIZE_DOES_NOT_DIVIDE', 'The rows do not fill whole batches, which a stateful model needs.', {
    expected: `a multiple of ${batchSize} rows: ${below === 0 ? above : `${below} or ${above}`}`,
    received: `${rows} rows`,
    where,
    hint: `Batch sizes that divide ${rows}: ${sizes.join(', ')}${rows > 64 ? ', …' : ''}.`,
  });
}
