import { readdirSync } from 'node:fs';
import path from 'node:path';

const generated = new Set(['.git', '.cache', '.turbo', '.venv', 'coverage', 'dist', 'node_modules', 'out', 'reports']);

/**
 * Every file below a folder that people write, as paths with forward slashes relative to it.
 *
 * @param {string} root
 * @param {string} [folder]
 * @returns {string[]}
 */
export function listFiles(root, folder = '') {
  return readdirSync(path.join(root, folder), { withFileTypes: true })
    .filter((entry) => !generated.has(entry.name) && !entry.name.includes('.generated.'))
    .flatMap((entry) => {
      const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
      return entry.isDirectory() ? listFiles(root, file) : [file];
    })
    .sort();
}
