import type { CheckpointStore } from './checkpoint-store.ts';

/**
 * Keeps checkpoints in a folder: of the file system in Node, of the origin's private file system (OPFS) in a browser. A file is
 * written under a temporary name, flushed to the disk and renamed, and so is the folder's entry for it. A path in place of a
 * store means this one.
 *
 * @param path of the folder, made when it is first written to.
 * @throws CellstateError from its methods: `CHECKPOINT_NOT_WRITTEN` when the disk refuses; what was there before is still there then.
 *
 * @example
 * ```ts
 * import { folderStore } from '@cellstate/trainers';
 *
 * folderStore('runs/lstm').where; // → "runs/lstm"
 * ```
 */
export function folderStore(path: string): CheckpointStore {
  const files = () => import('#folder-files');
  return {
    where: path,
    read: async (name) => (await files()).readFolderFile(path, fileName(name)),
    write: async (name, bytes) => (await files()).replaceFolderFile(path, { name: fileName(name), bytes }),
    delete: async (name) => (await files()).deleteFolderFile(path, fileName(name)),
  };
}

function fileName(name: string): string {
  return `${name}.cellstate`;
}
