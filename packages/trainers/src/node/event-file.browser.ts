import { CellstateError } from '@cellstate/core';
import type { EventFile } from './event-file.ts';

/** Throws `NODE_ONLY`: a browser has no files to write. */
export function openEventFile(folder: string, _name?: string): EventFile {
  throw new CellstateError('NODE_ONLY', 'Files can be written in Node only.', {
    expected: 'Node',
    received: folder,
    where: 'tensorBoard',
    hint: 'Collect the logs with lambdaCallback({ onEpochEnd }).',
  });
}
