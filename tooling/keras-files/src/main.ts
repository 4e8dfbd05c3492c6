import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { roundTrip } from './round-trip.ts';

const folder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const { values } = parseArgs({
  options: {
    python: { type: 'string', default: path.join(folder, '..', 'keras', '.venv', 'bin', 'python') },
    count: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    keep: { type: 'string' },
  },
});

if (!existsSync(values.python)) {
  console.error(`There is no ${values.python}: tooling/keras/generate.sh makes it, or pass --python.`);
  process.exit(1);
}

const models = values.keep ?? mkdtempSync(path.join(tmpdir(), 'cellstate-keras-files-'));

/** Runs a script of this folder; true when it is content. */
function python(script: string, ...args: readonly string[]): boolean {
  const { status } = spawnSync(values.python, [path.join(folder, script), ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
  return status === 0;
}

const wrote = python('write_models.py', models, values.count, values.seed);
const ours = wrote && (await roundTrip(models));
const theirs = wrote && python('check_models.py', models);
if (values.keep === undefined) rmSync(models, { recursive: true });
process.exitCode = ours && theirs ? 0 : 1;
