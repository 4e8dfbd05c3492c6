import process from 'node:process';
import type { Writable } from 'node:stream';
import picocolors from 'picocolors';

export type Paint = ReturnType<typeof picocolors.createColors>;

/** Colours for a stream: none when it is no terminal or NO_COLOR is set. */
export function paintFor(stream: Writable & { readonly isTTY?: boolean }): Paint {
  return picocolors.createColors(stream.isTTY === true && process.env.NO_COLOR === undefined);
}

/** `code` and **strong** words of a text in colour, without their marks. */
export function paintMarks(text: string, paint: Paint): string {
  return text
    .replaceAll(/`([^`]+)`/g, (_, code: string) => paint.cyan(code))
    .replaceAll(/\*\*([^*]+)\*\*/g, (_, strong: string) => paint.bold(strong));
}
