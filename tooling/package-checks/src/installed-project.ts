import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const tsc = path.join(import.meta.dirname, '..', 'node_modules', '.bin', 'tsc');

/** A project of its own, outside the workspace, with packages installed in it as a user would. */
export interface InstalledProject {
  readonly folder: string;
  /** Runs Node on a script in the project and gives what it prints; rejects when it fails. */
  readonly runNode: (script: string) => Promise<string>;
  /** What the TypeScript compiler, at its strictest, says about sources in the project; empty when it is content. */
  readonly typeFaults: (sources: readonly string[]) => Promise<string>;
}

/**
 * Installs with npm, into an empty folder.
 *
 * Tarballs of packages that depend on each other are all listed, so that npm takes none of them from a registry.
 */
export async function installProject(dependencies: Readonly<Record<string, string>>): Promise<InstalledProject> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cellstate-installed-'));
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: 'installed', private: true, type: 'module', dependencies }));
  const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', '--loglevel=error'];
  await run('npm', ['install', ...options], { cwd: folder, shell: process.platform === 'win32' });
  return {
    folder,
    runNode: async (script) => (await run(process.execPath, [script], { cwd: folder })).stdout,
    typeFaults: (sources) =>
      run(tsc, ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--skipLibCheck', ...sources], { cwd: folder }).then(
        () => '',
        (error: { stdout: string }) => error.stdout,
      ),
  };
}
