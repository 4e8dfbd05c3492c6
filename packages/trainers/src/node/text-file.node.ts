import { appendFileSync, existsSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import type { TextFile } from './text-file.ts';

/** Opens a file for writing, emptied unless `append`. */
export function openTextFile(path: string, { append }: { append: boolean }): TextFile {
  if (!append) writeFileSync(path, '');
  const sizeNow = () => (existsSync(path) ? statSync(path).size : 0);
  return {
    isEmpty: sizeNow() === 0,
    get size() {
      return sizeNow();
    },
    write: (content) => appendFileSync(path, content),
    // A longer size would fill up with zeros.
    truncate: (size) => {
      if (size < sizeNow()) truncateSync(path, size);
    },
  };
}
