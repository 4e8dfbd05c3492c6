import { CellstateError } from '@cellstate/core';
import type { CheckpointStore } from './checkpoint-store.ts';
import { notWritten } from './not-written.ts';

const TABLE = 'checkpoints';

/**
 * Keeps checkpoints in a database of the browser (IndexedDB). Each is replaced in one transaction that reports success only
 * once it is on the disk.
 *
 * @param database its name; a database of its own for each run.
 * @throws CellstateError from its methods: `NO_DATABASE` where there is no IndexedDB, `CHECKPOINT_NOT_WRITTEN` when there is no room.
 *
 * @example
 * ```ts
 * import { indexedDbStore } from '@cellstate/trainers';
 *
 * indexedDbStore('tanks').where; // → "the database 'tanks'"
 * ```
 */
export function indexedDbStore(database: string): CheckpointStore {
  const where = `the database '${database}'`;

  async function use<T>(mode: IDBTransactionMode, request: (table: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const opened = await open(database, where);
    try {
      return await new Promise<T>((resolve, reject) => {
        const transaction = opened.transaction(TABLE, mode, { durability: 'strict' });
        const asked = request(transaction.objectStore(TABLE));
        transaction.oncomplete = () => resolve(asked.result);
        transaction.onabort = () => reject(transaction.error);
      });
    } finally {
      opened.close();
    }
  }

  return {
    where,
    read: async (name) => (await use<Uint8Array | undefined>('readonly', (table) => table.get(name))) ?? null,
    async write(name, bytes) {
      try {
        await use('readwrite', (table) => table.put(bytes, name));
      } catch (error) {
        if (error instanceof CellstateError) throw error;
        throw notWritten(error, { expected: 'room in the database', where });
      }
    },
    async delete(name) {
      await use('readwrite', (table) => table.delete(name));
    },
  };
}

function open(database: string, where: string): Promise<IDBDatabase> {
  if (globalThis.indexedDB === undefined) {
    throw new CellstateError('NO_DATABASE', 'There is no IndexedDB here.', {
      expected: 'a browser',
      received: 'none',
      where,
      hint: 'In Node give the path of a folder.',
    });
  }
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(database, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
