/** A text file being written. */
export interface TextFile {
  /** Whether nothing was in it when it was opened. */
  readonly isEmpty: boolean;
  /** Bytes in it. */
  readonly size: number;
  /** Adds text or bytes at its end, at once. */
  write(content: string | Uint8Array): void;
  /** Cuts off what lies beyond so many bytes. */
  truncate(size: number): void;
}
