import { CellstateError } from '@cellstate/core';

/** The error of a store that could not write; what was there before is still there. */
export function notWritten(cause: unknown, { expected, where }: { expected: string; where: string }): CellstateError {
  return new CellstateError('CHECKPOINT_NOT_WRITTEN', 'The checkpoint could not be written; the one before is still there.', {
    expected,
    received: cause instanceof Error ? cause.message : String(cause),
    where,
    cause,
  });
}
