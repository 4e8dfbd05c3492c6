import type { CheckpointStore } from '../src/index.ts';

export interface MemoryStore extends CheckpointStore {
  /** Every checkpoint written, oldest first. */
  readonly written: { readonly name: string; readonly bytes: Uint8Array }[];
  readonly entries: Map<string, Uint8Array>;
}

/** Keeps checkpoints in memory, and remembers all that were written. */
export function memoryStore(): MemoryStore {
  const entries = new Map<string, Uint8Array>();
  const written: MemoryStore['written'] = [];
  return {
    where: 'memory',
    written,
    entries,
    read: async (name) => entries.get(name) ?? null,
    async write(name, bytes) {
      written.push({ name, bytes: bytes.slice() });
      entries.set(name, bytes.slice());
    },
    async delete(name) {
      entries.delete(name);
    },
  };
}

/** A store that holds one checkpoint. */
export function storeOf(bytes: Uint8Array): MemoryStore {
  const store = memoryStore();
  store.entries.set('checkpoint', bytes);
  return store;
}
