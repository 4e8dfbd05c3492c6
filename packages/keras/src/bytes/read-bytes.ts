import { CellstateError } from '@cellstate/core';
import { disk } from '#disk';
import type { KerasFile } from '../contract.ts';
import { tooLarge } from './too-large.ts';

const MEBIBYTE = 2 ** 20;

/** The largest file opened unless the caller allows more. */
export const DEFAULT_MAX_BYTES: number = 512 * MEBIBYTE;

/** A file's bytes and what to call it in messages. */
export interface NamedBytes {
  readonly bytes: Uint8Array;
  readonly name: string;
}

/**
 * The bytes of a file, wherever they are.
 *
 * @throws CellstateError `FILE_TOO_LARGE` before anything is read, `FILE_NOT_FOUND`, `NODE_ONLY` for a path in a browser, `INVALID_FILE`
 * for what is no file.
 */
export async function readBytes(file: KerasFile, { maxBytes = DEFAULT_MAX_BYTES }: { readonly maxBytes?: number }): Promise<NamedBytes> {
  if (typeof maxBytes !== 'number' || !(maxBytes > 0)) {
    throw new CellstateError('INVALID_OPTION', 'The largest number of bytes must be positive.', {
      expected: 'a positive number',
      received: String(maxBytes),
      where: 'maxBytes',
    });
  }
  if (typeof file === 'string') return { bytes: await disk.read(file, maxBytes), name: file };
  const known = file instanceof Uint8Array || file instanceof ArrayBuffer ? file.byteLength : file instanceof Blob ? file.size : null;
  if (known === null) {
    throw new CellstateError('INVALID_FILE', 'This is no file.', {
      expected: 'a path, a Uint8Array, an ArrayBuffer or a Blob',
      received: file === null ? 'null' : typeof file,
      where: 'file',
    });
  }
  const name = 'the bytes given';
  if (known > maxBytes) throw tooLarge(known, { maxBytes, where: name });
  if (file instanceof Uint8Array) return { bytes: file, name };
  return { bytes: new Uint8Array(file instanceof ArrayBuffer ? file : await (file as Blob).arrayBuffer()), name };
}
