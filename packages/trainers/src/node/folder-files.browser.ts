import { CellstateError } from '@cellstate/core';
import { notWritten } from '../checkpoint/not-written.ts';

export async function readFolderFile(folder: string, name: string): Promise<Uint8Array | null> {
  try {
    const directory = await openFolder(folder, { create: false });
    const handle = await directory.getFileHandle(name);
    return new Uint8Array(await (await handle.getFile()).arrayBuffer());
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

export async function replaceFolderFile(
  folder: string,
  { name, bytes }: { readonly name: string; readonly bytes: Uint8Array },
): Promise<void> {
  const directory = await openFolder(folder, { create: true });
  try {
    const handle = await directory.getFileHandle(name, { create: true });
    // The browser writes to a file of its own, which takes the place of the old one when it is closed.
    const writing = await handle.createWritable();
    await writing.write(bytes as Uint8Array<ArrayBuffer>);
    await writing.close();
  } catch (error) {
    throw notWritten(error, { expected: "room in the origin's private file system", where: folder });
  }
}

export async function deleteFolderFile(folder: string, name: string): Promise<void> {
  try {
    const directory = await openFolder(folder, { create: false });
    await directory.removeEntry(name);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** The folder of this path below the root of the origin's private file system. */
async function openFolder(path: string, options: { readonly create: boolean }): Promise<FileSystemDirectoryHandle> {
  if (globalThis.navigator?.storage?.getDirectory === undefined) {
    throw new CellstateError('NO_FILE_SYSTEM', 'There is no file system for checkpoints here.', {
      expected: "Node, or a browser with the origin's private file system, in a secure context",
      received: path,
      where: 'folderStore',
      hint: 'Use indexedDbStore(name).',
    });
  }
  let directory = await navigator.storage.getDirectory();
  for (const part of path.split('/').filter((name) => name !== '' && name !== '.')) {
    directory = await directory.getDirectoryHandle(part, options);
  }
  return directory;
}

function isMissing(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'NotFoundError';
}
