import type { SummaryValue } from '../callbacks/summary-value.ts';

/** An event file of TensorBoard being written; it is made by the first `write`. */
export interface EventFile {
  /** Its name within its folder. */
  readonly name: string;
  /** Bytes in it. */
  readonly size: number;
  /** Adds a record with the values of one step at its end, at once. */
  write(values: readonly SummaryValue[], step: number): void;
  /** Cuts off what lies beyond so many bytes. */
  truncate(size: number): void;
}
