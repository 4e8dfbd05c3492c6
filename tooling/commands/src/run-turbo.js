import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

/**
 * One task of a turbo run. `exitCode` is undefined when the task never started, because one it depends on failed.
 *
 * @typedef {{ id: string, name: string, package: string, directory: string, exitCode: number | undefined, seconds: number, cached: boolean }} TurboTask
 */

/**
 * Runs tasks of the workspace through turbo and returns what became of each.
 *
 * @param {string[]} tasks names of package scripts.
 * @param {{ root: string, filter?: string, quiet?: boolean }} options `quiet` holds turbo's output back unless the run fails.
 * @returns {Promise<{ exitCode: number, tasks: TurboTask[] }>} an empty list when turbo did not get as far as a run.
 */
export async function runTurbo(tasks, { root, filter, quiet = false }) {
  const runs = path.join(root, '.turbo', 'runs');
  rmSync(runs, { recursive: true, force: true });
  const args = [
    'run',
    ...tasks,
    '--continue=dependencies-successful',
    '--summarize',
    '--concurrency=2',
    '--ui=stream',
    '--output-logs=errors-only',
  ];
  args.push('--log-order=grouped', '--log-prefix=none', ...(filter === undefined ? [] : [`--filter=${filter}`]));
  const exitCode = await start(path.join(root, 'node_modules', '.bin', 'turbo'), args, { root, quiet });
  return { exitCode, tasks: readSummary(runs) };
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ root: string, quiet: boolean }} options
 * @returns {Promise<number>}
 */
function start(command, args, { root, quiet }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      // CI makes vitest fail on a snapshot that is missing, instead of writing it, but also colour what no terminal shows.
      env: {
        ...process.env,
        CI: 'true',
        ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }),
        TURBO_TELEMETRY_DISABLED: '1',
        TURBO_NO_UPDATE_NOTIFIER: '1',
      },
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
      shell: process.platform === 'win32',
    });
    /** @type {Buffer[]} */
    const held = [];
    child.stdout?.on('data', (chunk) => held.push(chunk));
    child.stderr?.on('data', (chunk) => held.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code !== 0) process.stderr.write(Buffer.concat(held));
      resolve(code ?? 1);
    });
  });
}

/**
 * @param {string} runs the folder turbo writes its one summary into.
 * @returns {TurboTask[]}
 */
function readSummary(runs) {
  if (!existsSync(runs)) return [];
  const file = readdirSync(runs, { withFileTypes: true }).find((entry) => entry.name.endsWith('.json'));
  if (file === undefined) return [];
  const summary = JSON.parse(readFileSync(path.join(runs, file.name), 'utf8'));
  return summary.tasks
    .filter((/** @type {any} */ task) => task.command !== '<NONEXISTENT>')
    .map((/** @type {any} */ task) => ({
      id: task.taskId,
      name: task.task,
      package: task.package,
      directory: task.directory,
      exitCode: task.execution?.exitCode ?? undefined,
      seconds: task.execution === undefined ? 0 : (task.execution.endTime - task.execution.startTime) / 1000,
      cached: task.cache?.status === 'HIT',
    }));
}
