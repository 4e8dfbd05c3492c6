import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CellstateError } from '@cellstate/core';
import type { DemoOptions } from '../demo-options.ts';

/** Hands out the folders in which the trainings of a run keep what they need to go on after an interruption. */
export interface RunBackups {
  /**
   * The folder of the next training of this name. A run always asks in the same order, so a resumed one gets the same folders. The first
   * call empties what an earlier run left, unless that one is resumed.
   */
  next(name: string): string;
}

/** Where the backups of an example are. */
export function backupFolder({ out }: Pick<DemoOptions, 'out'>, example: string): string {
  return join(out, '.checkpoints', example);
}

/** Forgets the backups of every example: all have come to their end. */
export function removeBackups({ out }: Pick<DemoOptions, 'out'>): void {
  rmSync(join(out, '.checkpoints'), { recursive: true, force: true });
}

/**
 * Opens the backups of an example.
 *
 * @throws CellstateError `RUN_DIFFERS` when a run is to be resumed that had other options or other data.
 */
export function openBackups(example: string, options: DemoOptions): RunBackups {
  const folder = backupFolder(options, example);
  const wanted = settingsOf(options);
  const found = options.resume ? readSettings(folder) : undefined;
  if (found !== undefined && found !== wanted) {
    throw new CellstateError('RUN_DIFFERS', 'The interrupted run had other options.', {
      expected: found,
      received: wanted,
      where: folder,
      hint: 'Give the same options again, or leave --resume out to start anew.',
    });
  }
  const counts = new Map<string, number>();
  let prepared = false;
  return {
    next(name) {
      if (!prepared) {
        if (found === undefined) rmSync(folder, { recursive: true, force: true });
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, SETTINGS), wanted);
        prepared = true;
      }
      const word = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
      const count = (counts.get(word) ?? 0) + 1;
      counts.set(word, count);
      return join(folder, `${word}-${count}`);
    },
  };
}

const SETTINGS = 'options.json';

/** All that decides the numbers of a run. Data of one's own counts by its bytes, wherever it lies. */
function settingsOf({ seed, epochs, quick, data }: DemoOptions): string {
  const own = data === undefined ? undefined : { ...data, file: digest(data.file) };
  return JSON.stringify({ seed, epochs, quick, data: own });
}

function digest(file: string): string {
  const bytes = bytesOf(file);
  return bytes === undefined ? 'none' : createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}

function readSettings(folder: string): string | undefined {
  return bytesOf(join(folder, SETTINGS))?.toString();
}

/** Undefined for a file that cannot be read: whoever needs it says so in its own words. */
function bytesOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
