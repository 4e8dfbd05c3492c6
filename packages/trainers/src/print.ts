/** Prints a line that the caller asked for by `verbose`. */
export function printLine(line: string): void {
  // biome-ignore lint/suspicious/noConsole: the caller asked for it.
  console.log(line);
}

/** Prints a warning on the error stream, or the browser's console. */
export function printWarning(message: string): void {
  // biome-ignore lint/suspicious/noConsole: a warning has no other way out of a library.
  console.warn(`cellstate: ${message}`);
}
