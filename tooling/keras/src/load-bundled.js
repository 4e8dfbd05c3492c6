import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** This package's folder. */
export const folder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Lets a source that reads files beside itself find them from within the bundle. */
const ownAddresses = {
  name: 'own-addresses',
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    build.onLoad({ filter: /packages.testing.src.*[.]ts$/ }, ({ path: file }) => {
      const contents = readFileSync(file, 'utf8').replaceAll('import.meta.url', JSON.stringify(pathToFileURL(file).href));
      return { contents, loader: /** @type {const} */ ('ts') };
    });
  },
};

/**
 * Bundles a TypeScript file of this folder with the sources of the workspace's packages, and loads it.
 *
 * @param {string} name the file without its ending.
 */
export async function loadBundled(name) {
  const bundle = path.join(folder, 'out', `${name}.mjs`);
  await build({
    entryPoints: [path.join(folder, 'src', `${name}.ts`)],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@cellstate/source'],
    external: ['@tensorflow/*', 'vitest'],
    logLevel: 'warning',
    plugins: [ownAddresses],
  });
  return import(pathToFileURL(bundle).href);
}
