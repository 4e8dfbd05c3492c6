import { CellstateError } from '@cellstate/core';
import type { CheckpointStore } from './checkpoint-store.ts';
import { folderStore } from './folder-store.ts';

/** A store as it is, a folder by its path. Throws `INVALID_STORE` for anything else. */
export function resolveStore(store: string | CheckpointStore, where: string): CheckpointStore {
  if (typeof store === 'string' && store !== '') return folderStore(store);
  if (typeof store === 'object' && typeof store?.read === 'function' && typeof store.write === 'function') return store;
  throw new CellstateError('INVALID_STORE', 'There is no place for the checkpoint.', {
    expected: 'the path of a folder, or a CheckpointStore',
    received: store === '' ? "''" : store === null ? 'null' : typeof store,
    where,
  });
}
