import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTurbo } from './run-turbo.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const main = path.join(root, 'apps', 'demo', 'dist', 'main.js');

// Nothing is said of a build that has nothing to do.
const notice = setTimeout(() => console.log('Building what has changed …'), 1500);
const { exitCode } = await runTurbo(['build'], { root, filter: '@cellstate/demo', quiet: true });
clearTimeout(notice);
if (exitCode === 0) {
  const demo = spawnSync(process.execPath, [main, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
  process.exitCode = demo.status ?? 1;
} else {
  process.exitCode = exitCode;
}
