import { CellstateError } from '@cellstate/core';
import type { Disk } from './disk.ts';

/** A browser has no paths. */
export const disk: Disk = {
  read: async (path) => {
    throw nodeOnly(path, 'Pass its bytes or a Blob: await (await fetch(url)).arrayBuffer().');
  },
  write: async (path) => {
    throw nodeOnly(path, 'Leave the path out and store the bytes that come back.');
  },
};

function nodeOnly(path: string, hint: string): CellstateError {
  return new CellstateError('NODE_ONLY', 'A path can be used in Node only.', {
    expected: 'bytes or a Blob',
    received: path,
    where: 'file',
    hint,
  });
}
