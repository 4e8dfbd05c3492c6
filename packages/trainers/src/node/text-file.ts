/** A text file being written. */
export interface TextFile {
  /** Whether nothing was in it when it was opened. */
  readonly isEmpty: boolean;
  /** Adds text at its end, at once. */
  write(text: string): void;
}
