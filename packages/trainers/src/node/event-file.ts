/** An event file of TensorBoard being written. */
export interface EventFile {
  /** Its name within its folder. */
  readonly name: string;
  /** Bytes in it. */
  readonly size: number;
  /** Adds a record at its end, at once. */
  write(record: Uint8Array): void;
  /** Cuts off what lies beyond so many bytes. */
  truncate(size: number): void;
}
