import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { CellstateError } from '@cellstate/core';
import type { Disk } from './disk.ts';
import { tooLarge } from './too-large.ts';

/** The files of this machine. */
export const disk: Disk = {
  async read(file, maxBytes) {
    const handle = await opened(file);
    try {
      const { size } = await handle.stat();
      if (size > maxBytes) throw tooLarge(size, { maxBytes, where: file });
      const bytes = await handle.readFile();
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    } finally {
      await handle.close();
    }
  },
  async write(file, bytes) {
    const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.${++writes}.tmp`);
    try {
      const handle = await open(temporary, 'w');
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, file);
      await syncFolder(path.dirname(file));
    } catch (cause) {
      await rm(temporary, { force: true });
      throw fault('FILE_NOT_WRITTEN', file, { cause, received: String(cause).replace(temporary, file) });
    }
  },
};

let writes = 0;

async function opened(file: string): Promise<Awaited<ReturnType<typeof open>>> {
  try {
    return await open(file, 'r');
  } catch (cause) {
    throw fault('FILE_NOT_FOUND', file, { cause, received: String(cause) });
  }
}

/** Makes the new name last. Systems that cannot open a folder need no such step. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function fault(
  code: 'FILE_NOT_FOUND' | 'FILE_NOT_WRITTEN',
  where: string,
  { cause, received }: { readonly cause: unknown; readonly received: string },
): CellstateError {
  const [what, expected] =
    code === 'FILE_NOT_FOUND'
      ? ['There is no such file, or it cannot be read.', 'a path of a file that may be read']
      : ['The file could not be written.', 'a folder that takes files, and room'];
  return new CellstateError(code, what, { expected, received, where, cause });
}
