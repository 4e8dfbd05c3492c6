import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { manifestFaults } from './manifest-faults.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
/** @param {string} folder */
const read = (folder) => JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
const folders = ['packages', 'apps', 'tooling'].flatMap((top) => readdirSync(path.join(root, top)).map((name) => `${top}/${name}`));
const { version } = read('packages/core');

let faults = 0;
/**
 * @param {string} folder
 * @param {string} text
 */
function report(folder, text) {
  faults += 1;
  console.error(`${folder}/package.json  ${text}`);
}

for (const folder of folders) {
  const manifest = read(folder);
  if (folder.startsWith('packages/') && manifest.private !== true) {
    const hasFile = (/** @type {string} */ file) => existsSync(path.join(root, folder, file));
    for (const text of manifestFaults(manifest, { folder: path.basename(folder), version, hasFile })) report(folder, text);
    continue;
  }
  if (manifest.private !== true) report(folder, 'only packages/* are published: private is not true');
  if (manifest.version !== '0.0.0') report(folder, `version of a private package is ${manifest.version}, not 0.0.0`);
  if (manifest.type !== 'module') report(folder, 'type is not module');
  if (manifest.license !== 'Apache-2.0') report(folder, 'license is not Apache-2.0');
}
console.log(`${folders.length} manifests: ${faults} faults`);
process.exitCode = faults > 0 ? 1 : 0;
