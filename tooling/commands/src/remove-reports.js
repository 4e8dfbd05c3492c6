import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

/**
 * Deletes every package's test report: one left by an earlier run must not be counted for a run that writes none.
 *
 * @param {string} root
 */
export function removeReports(root) {
  for (const folder of ['packages', 'apps', 'tooling']) {
    for (const name of readdirSync(path.join(root, folder))) {
      const report = path.join(root, folder, name, 'reports', 'vitest.json');
      if (existsSync(report)) rmSync(report);
    }
  }
}
