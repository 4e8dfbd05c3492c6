import { CellstateError } from '@cellstate/core';

/** The error for more bytes than the caller allows. */
export function tooLarge(bytes: number, { maxBytes, where }: { readonly maxBytes: number; readonly where: string }): CellstateError {
  return new CellstateError('FILE_TOO_LARGE', 'The file holds more bytes than allowed.', {
    expected: `at most ${maxBytes} bytes`,
    received: `${bytes} bytes`,
    where,
    hint: 'Pass a larger maxBytes if you trust the file.',
  });
}
