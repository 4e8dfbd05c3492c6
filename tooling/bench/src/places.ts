import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const ROOT: string = fileURLToPath(new URL('../../..', import.meta.url));

/** What `pnpm bench:install` puts on the machine, all in folders that git ignores. */
export const PLACES = {
  /** A project of the JavaScript peers that are no dependency of ours. */
  peers: path.join(ROOT, '.cache', 'peers'),
  /** A project with tfjs-node built by the recipe of `tooling/tfjs-node`. */
  tfjsNode: path.join(ROOT, '.cache', 'tfjs-node'),
  python: path.join(ROOT, '.cache', 'python', 'bin', 'python'),
} as const;

/** Says that a contestant cannot run here. */
export class AbsentError extends Error {}

/** Loads a package from one of the places; throws `AbsentError` when it is not there. */
export function load<T>(place: 'peers' | 'tfjsNode', name: string): T {
  const folder = PLACES[place];
  if (!existsSync(path.join(folder, 'node_modules', name))) throw new AbsentError(`${name} is not installed`);
  return createRequire(path.join(folder, 'package.json'))(name) as T;
}

/** The version of a package in one of the places, or of the workspace. */
export function version(name: string, place?: 'peers' | 'tfjsNode'): string {
  const from = place === undefined ? import.meta.url : path.join(PLACES[place], 'package.json');
  return (createRequire(from)(`${name}/package.json`) as { version: string }).version;
}
