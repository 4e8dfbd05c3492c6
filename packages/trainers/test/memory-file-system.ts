interface Folder {
  readonly folders: Map<string, Folder>;
  readonly files: Map<string, Uint8Array>;
}

/** What `navigator.storage` gives of the origin's private file system, as far as checkpoints use it; files are replaced when closed. */
export function memoryFileSystem({ room = Number.POSITIVE_INFINITY }: { room?: number } = {}) {
  const newFolder = (): Folder => ({ folders: new Map(), files: new Map() });
  const root = newFolder();
  const missing = (name: string) => new DOMException(`There is no ${name}.`, 'NotFoundError');

  const fileHandle = (folder: Folder, name: string) => ({
    getFile: async () => new Blob([(folder.files.get(name) as Uint8Array<ArrayBuffer>).slice()]),
    async createWritable() {
      let written = new Uint8Array(0);
      return {
        async write(bytes: Uint8Array<ArrayBuffer>) {
          if (bytes.length > room) throw new DOMException('There is no room.', 'QuotaExceededError');
          written = bytes.slice();
        },
        async close() {
          folder.files.set(name, written);
        },
      };
    },
  });

  const folderHandle = (folder: Folder) => ({
    async getDirectoryHandle(name: string, { create }: { create: boolean }): Promise<unknown> {
      if (!folder.folders.has(name)) {
        if (!create) throw missing(name);
        folder.folders.set(name, newFolder());
      }
      return folderHandle(folder.folders.get(name) as Folder);
    },
    async getFileHandle(name: string, { create = false }: { create?: boolean } = {}) {
      if (!folder.files.has(name)) {
        if (!create) throw missing(name);
        folder.files.set(name, new Uint8Array(0));
      }
      return fileHandle(folder, name);
    },
    async removeEntry(name: string) {
      if (!folder.files.delete(name)) throw missing(name);
    },
  });

  return { getDirectory: async () => folderHandle(root) };
}
