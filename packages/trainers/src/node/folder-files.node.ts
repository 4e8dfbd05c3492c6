import { mkdir, open, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { notWritten } from '../checkpoint/not-written.ts';

export async function readFolderFile(folder: string, name: string): Promise<Uint8Array | null> {
  try {
    return await readFile(join(folder, name));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

export async function replaceFolderFile(
  folder: string,
  { name, bytes }: { readonly name: string; readonly bytes: Uint8Array },
): Promise<void> {
  const temporary = join(folder, `.${name}.writing`);
  try {
    const made = await mkdir(folder, { recursive: true });
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(bytes);
      // Without this a machine that stops may come back with the new name on an empty file.
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, join(folder, name));
    await syncFolder(folder);
    if (made !== undefined) await syncParents(folder, made);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw notWritten(error, { expected: 'a folder that can be written to, with room for the checkpoint', where: folder });
  }
}

export async function deleteFolderFile(folder: string, name: string): Promise<void> {
  await rm(join(folder, name), { force: true });
  await rm(join(folder, `.${name}.writing`), { force: true });
  const left = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (left?.length === 0) await rmdir(folder);
}

/** Flushes the names in a folder. Windows opens no folders and keeps their entries in a journal of its own. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Flushes the entries of folders that were made: from the parent of `folder` up to that of the topmost one. */
async function syncParents(folder: string, topmost: string): Promise<void> {
  const last = dirname(resolve(topmost));
  let parent = dirname(resolve(folder));
  await syncFolder(parent);
  while (parent !== last && parent !== dirname(parent)) {
    parent = dirname(parent);
    await syncFolder(parent);
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
