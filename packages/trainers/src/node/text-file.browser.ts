import { CellstateError } from '@cellstate/core';
import type { TextFile } from './text-file.ts';

/** Throws `NODE_ONLY`: a browser has no files to write. */
export function openTextFile(path: string, _options: { append: boolean }): TextFile {
  throw new CellstateError('NODE_ONLY', 'Files can be written in Node only.', {
    expected: 'Node',
    received: path,
    where: 'csvLogger',
    hint: 'Collect the logs with lambdaCallback({ onEpochEnd }).',
  });
}
