import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** A package as it goes to the registry. */
export interface PublishedPackage {
  readonly name: string;
  readonly folder: string;
  /** The packages of this workspace it depends on, itself first, without end. */
  readonly closure: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
}

export const root: string = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** Every package under `packages/` that is not private, by name. */
export function publishedPackages(): Map<string, PublishedPackage> {
  const folders = readdirSync(path.join(root, 'packages')).map((name) => path.join(root, 'packages', name));
  const manifests = new Map(
    folders.flatMap((folder) => {
      const manifest: Manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
      return manifest.private === true ? [] : [[manifest.name, { folder, manifest }] as const];
    }),
  );
  const closureOf = (start: string): string[] => {
    const all = new Set([start]);
    for (const name of all) {
      for (const other of Object.keys(manifests.get(name)?.manifest.dependencies ?? {})) if (manifests.has(other)) all.add(other);
    }
    return [...all];
  };
  return new Map(
    [...manifests].map(([name, { folder }]) => {
      return [name, { name, folder, closure: closureOf(name) }];
    }),
  );
}
