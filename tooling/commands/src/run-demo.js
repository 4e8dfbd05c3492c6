import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTurbo } from './run-turbo.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const main = path.join(root, 'apps', 'demo', 'dist', 'main.js');

if (!existsSync(main)) console.log('Building the packages (the first time only) …');
const { exitCode } = await runTurbo(['build'], { root, filter: '@cellstate/demo', quiet: true });
if (exitCode === 0) {
  const demo = spawnSync(process.execPath, [main, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
  process.exitCode = demo.status ?? 1;
} else {
  process.exitCode = exitCode;
}
