/** Reads and writes whole files. */
export interface Disk {
  /** Throws `FILE_NOT_FOUND`, and `FILE_TOO_LARGE` before anything is read. */
  read(path: string, maxBytes: number): Promise<Uint8Array>;
  /** Writes under a temporary name, syncs, renames: the path holds the old file or the new one, whole. */
  write(path: string, bytes: Uint8Array): Promise<void>;
}
