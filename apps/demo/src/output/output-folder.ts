import { rmSync, statSync } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import process from 'node:process';
import { CellstateError } from '@cellstate/core';

/** A folder that appears whole or not at all. */
export interface OutputFolder {
  write(name: string, content: string | Uint8Array): Promise<void>;
  /** Puts the folder in its place and returns its path. Files of others that lay there are kept. */
  commit(): Promise<string>;
  /** Removes what was not committed. Safe to call after `commit`. */
  discard(): Promise<void>;
}

/**
 * Opens a folder to write to: under a temporary name beside `path`, renamed to `path` by `commit`.
 *
 * @throws CellstateError `OUTPUT_NOT_WRITABLE` when the folder cannot be made or a file stands in its place.
 */
export async function openOutputFolder(path: string): Promise<OutputFolder> {
  const target = resolve(path);
  const parent = dirname(target);
  const draft = join(parent, `.${basename(target)}-${process.pid}.partial`);
  await removeAbandoned(target);
  const firstMade = await mkdir(draft, { recursive: true }).catch((cause: Error) => {
    throw notWritable(path, cause);
  });
  const existing = statSync(target, { throwIfNoEntry: false });
  if (existing !== undefined && !existing.isDirectory()) {
    await rm(draft, { recursive: true });
    throw notWritable(path, new Error('a file of this name is in the way'));
  }
  let open = true;
  const interrupted = () => {
    rmSync(draft, { recursive: true, force: true });
    process.exit(130);
  };
  process.once('SIGINT', interrupted);
  const close = () => {
    open = false;
    process.off('SIGINT', interrupted);
  };

  return {
    async write(name, content) {
      await writeFile(join(draft, name), content).catch((cause: Error) => {
        throw notWritable(join(path, name), cause);
      });
    },
    async commit() {
      const written = new Set(await readdir(draft));
      const replaced = join(parent, `.${basename(target)}-${process.pid}.replaced`);
      if (existing !== undefined) {
        for (const name of await readdir(target)) {
          if (!written.has(name)) await rename(join(target, name), join(draft, name));
        }
        await rename(target, replaced);
      }
      await rename(draft, target);
      close();
      await rm(replaced, { recursive: true, force: true });
      const near = relative(process.cwd(), target);
      return near.startsWith('..') ? target : near || '.';
    },
    async discard() {
      if (!open) return;
      close();
      await rm(draft, { recursive: true, force: true });
      await removeMade(parent, firstMade);
    },
  };
}

/** Takes away the drafts of processes that were killed. */
async function removeAbandoned(target: string): Promise<void> {
  const parent = dirname(target);
  const names = await readdir(parent).catch(() => []);
  for (const name of names) {
    const [, before, pid] = /^[.](.+)-(\d+)[.]partial$/.exec(name) ?? [];
    if (before === basename(target) && !isRunning(Number(pid))) await rm(join(parent, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Takes away the empty folders that were made on the way to the draft. */
async function removeMade(parent: string, firstMade: string | undefined): Promise<void> {
  if (firstMade === undefined) return;
  for (let folder = parent; folder.startsWith(firstMade); folder = dirname(folder)) {
    if ((await readdir(folder)).length > 0) return;
    await rmdir(folder);
  }
}

function notWritable(path: string, cause: Error): CellstateError {
  return new CellstateError('OUTPUT_NOT_WRITABLE', 'The output cannot be written.', {
    expected: 'a folder that takes files',
    received: cause.message,
    where: path,
    hint: 'Choose another folder by --out.',
    cause,
  });
}
