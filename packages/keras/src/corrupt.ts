import { CellstateError } from '@cellstate/core';

/** The error for bytes that are not what their format says. */
export function corrupt(where: string, received: string, cause?: unknown): CellstateError {
  return new CellstateError('CORRUPT_FILE', 'The file is damaged.', {
    expected: 'a whole file, as Keras writes it',
    received,
    where,
    hint: 'Save the model once more, or fetch the file again.',
    ...(cause === undefined ? {} : { cause }),
  });
}
