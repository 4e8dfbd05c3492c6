import type { TerminalBar } from './terminal-bar.ts';

/** A browser has no terminal. */
export function terminalBar(): TerminalBar | null {
  return null;
}
