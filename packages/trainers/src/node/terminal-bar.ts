import type { Logs } from '../callbacks/callback.ts';

/** A progress bar on a terminal. */
export interface TerminalBar {
  /** Shows the bar, `total` long. */
  start(total: number, label: string): void;
  update(done: number, shown: { readonly label: string; readonly values: Logs }): void;
  /** Leaves the last state of the bar on its line and gives the terminal back. */
  stop(): void;
}
