import { appendFileSync, existsSync, statSync, writeFileSync } from 'node:fs';
import type { TextFile } from './text-file.ts';

/** Opens a file for writing, emptied unless `append`. */
export function openTextFile(path: string, { append }: { append: boolean }): TextFile {
  if (!append) writeFileSync(path, '');
  return {
    isEmpty: !existsSync(path) || statSync(path).size === 0,
    write: (text) => appendFileSync(path, text),
  };
}
