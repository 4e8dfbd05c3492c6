import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { publishedPackages, root } from './published-packages.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The tarball of each published package. */
    tarballs: Record<string, string>;
  }
}

const folder = mkdtempSync(path.join(tmpdir(), 'cellstate-tarballs-'));

/** Packs every published package once, before the tests. */
export function setup(project: TestProject): void {
  const filters = [...publishedPackages().keys()].map((name) => `--filter=${name}`);
  const output = execFileSync('pnpm', ['--recursive', ...filters, 'pack', '--json', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  const packed: { name: string; filename: string }[] = [JSON.parse(output)].flat();
  project.provide('tarballs', Object.fromEntries(packed.map(({ name, filename }) => [name, filename])));
}

/** Removes the tarballs. */
export function teardown(): void {
  rmSync(folder, { recursive: true });
}
