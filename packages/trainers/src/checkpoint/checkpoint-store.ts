/**
 * Where checkpoints are kept: a few named runs of bytes. Implement it to keep them anywhere else.
 *
 * `write` replaces all or nothing: whatever stops it at whatever moment, `read` afterwards gives the old bytes or the new,
 * whole. When its promise is fulfilled, the new bytes outlive the process, and where the platform can promise it the machine.
 */
export interface CheckpointStore {
  /** The place in words, for messages. */
  readonly where: string;
  /** The bytes last written under this name; null when there are none. */
  read(name: string): Promise<Uint8Array | null>;
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** Forgets the bytes of this name; no error when there are none. */
  delete(name: string): Promise<void>;
}
