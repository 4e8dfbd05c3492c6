import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { folder, loadBundled } from './load-bundled.js';

const python = path.join(folder, '.venv', process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

// --seed N draws the same configurations again; --count N (200) how many; --minutes N stops drawing then; --replay FILE asks again about
// configurations that a mismatch printed, one a line; --if-possible does not fail where Keras cannot be installed.
const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    count: { type: 'string', default: '200' },
    replay: { type: 'string' },
    minutes: { type: 'string' },
    'if-possible': { type: 'boolean', default: false },
  },
});

const missing = makeEnvironment();
if (missing !== undefined) {
  console.log(`Keras was not asked: ${missing}`);
  process.exitCode = values['if-possible'] ? 0 : 1;
} else {
  const { live } = await loadBundled('live');
  const seed = values.seed === undefined ? Math.floor(Date.now() / 1000) % 1_000_000_000 : Number(values.seed);
  const sound = await live({
    python,
    folder,
    seed,
    count: Number(values.count),
    ...(values.minutes === undefined ? {} : { minutes: Number(values.minutes) }),
    ...(values.replay === undefined ? {} : { replay: path.resolve(values.replay) }),
  });
  process.exitCode = sound ? 0 : 1;
}

/**
 * Makes the virtual environment unless it is there.
 *
 * @returns {string | undefined} why it could not.
 */
function makeEnvironment() {
  const asks = () =>
    spawnSync(python, ['-c', 'import keras, tensorflow'], { env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' } }).status === 0;
  if (existsSync(python) && asks()) return undefined;
  mkdirSync(folder, { recursive: true });
  console.log('Making a virtual environment with Keras …');
  const steps = [
    [process.platform === 'win32' ? 'python' : 'python3', '-m', 'venv', '.venv'],
    [python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', 'requirements.txt'],
  ];
  for (const [command = '', ...args] of steps) {
    const { status, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
    if (status !== 0)
      return `${path.basename(command)} ${args.slice(0, 3).join(' ')} failed. ${(stderr ?? '').trim().split('\n').at(-1) ?? ''}`;
  }
  return asks() ? undefined : 'keras and tensorflow-cpu are installed but cannot be imported.';
}
