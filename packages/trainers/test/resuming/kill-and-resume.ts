import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { random } from '@cellstate/core';
import { build } from 'esbuild';
import { fromBytes } from '../../src/checkpoint/checkpoint-bytes.ts';
import type { TrainerCheckpoint } from '../../src/checkpoint/trainer-checkpoint.ts';

/** The program of `run-killed-training.ts`, and the run of it that nothing stopped. */
export interface Program {
  /** Every moment it came by, in order. */
  readonly moments: readonly string[];
  /** Milliseconds from the first moment to the end. */
  readonly duration: number;
  /** Kills a run of it at a moment, or so many milliseconds after the first one; then lets it go on to the end. */
  killAndResume(at: string | number): Promise<Outcome>;
  dispose(): void;
}

export interface Outcome {
  /** The last moment before the kill. */
  readonly last: string;
  /** Whether the run was still under way. */
  readonly killed: boolean;
  /** Checkpoints that were there after the kill; all could be read. */
  readonly checkpoints: number;
  /** Whether some epochs without improvement were counted already, and training not stopped. */
  readonly patienceHalfSpent: boolean;
  /** Whether losses, rates and weights were those of the run that nothing stopped, to the bit. */
  readonly same: boolean;
}

const TRAININGS = ['lanes', 'samples'];

/** @param source the path of `run-killed-training.ts`. */
export async function openProgram(source: string): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), 'cellstate-kills-'));
  const file = join(folder, 'killed-training.js');
  await build({
    entryPoints: [source],
    outfile: file,
    bundle: true,
    format: 'esm',
    platform: 'node',
    conditions: ['@cellstate/source'],
    // The list of side effects of TensorFlow.js' backend leaves out its file for Node.
    ignoreAnnotations: true,
    // Packages in CommonJS ask for Node's modules by `require`.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  let runs = 0;
  const newRun = () => {
    const path = join(folder, `run-${runs++}`);
    mkdirSync(path);
    return path;
  };
  const whole = newRun();
  const { moments, duration } = await finish(start(file, whole, ''));
  const expected = readFileSync(join(whole, 'results.json'), 'utf8');

  return {
    moments,
    duration,
    async killAndResume(at) {
      const path = newRun();
      const { last, killed } = await kill(start(file, path, typeof at === 'string' ? at : ''), at);
      const found = TRAININGS.map((name) => join(path, name, 'checkpoint.cellstate')).filter((checkpoint) => existsSync(checkpoint));
      // Throws for one that cannot be read.
      const saved = found.map((checkpoint) => fromBytes(readFileSync(checkpoint), checkpoint) as TrainerCheckpoint);
      await finish(start(file, path, ''));
      const same = readFileSync(join(path, 'results.json'), 'utf8') === expected;
      rmSync(path, { recursive: true });
      return { last, killed, checkpoints: saved.length, patienceHalfSpent: isHalfSpent(saved.at(-1)), same };
    },
    dispose: () => rmSync(folder, { recursive: true }),
  };
}

/** Moments within the writing of a checkpoint: after a stage of it, and before the next. */
export function withinWrite(moment: string): boolean {
  return /^write (opened|half|whole|synced|renamed) /.test(moment);
}

/** Some of the moments, evenly over all of a kind, drawn by a seed within each part. */
export function draw(moments: readonly string[], { count, seed }: { count: number; seed: number }): string[] {
  const stream = random(seed);
  const part = moments.length / count;
  return Array.from({ length: count }, (_, i) => moments[Math.floor(i * part) + stream.integer(Math.max(1, Math.floor(part)))] as string);
}

function isHalfSpent(saved: TrainerCheckpoint | undefined): boolean {
  const stopping = saved?.fit?.callbacks.find(({ name }) => name === 'earlyStopping')?.memory as { wait: number } | undefined;
  return saved?.fit?.stopped === false && (stopping?.wait ?? 0) > 0;
}

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; signal: string | null; errors: string }>;
  onMoment(listener: (moment: string) => void): void;
}

function start(file: string, folder: string, moment: string): Running {
  const child = spawn(process.execPath, [file, folder, moment], { stdio: ['ignore', 'pipe', 'pipe'] });
  const listeners: ((moment: string) => void)[] = [];
  let errors = '';
  let rest = '';
  child.stderr.on('data', (data) => {
    errors += data;
  });
  child.stdout.on('data', (data) => {
    const lines = `${rest}${data}`.split('\n');
    rest = lines.pop() as string;
    for (const line of lines) for (const listener of listeners) listener(line);
  });
  return {
    child,
    ended: new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, errors }))),
    onMoment: (listener) => void listeners.push(listener),
  };
}

async function finish({ ended, onMoment }: Running): Promise<{ moments: string[]; duration: number }> {
  const moments: string[] = [];
  let first = 0;
  onMoment((moment) => {
    if (moments.push(moment) === 1) first = performance.now();
  });
  const { code, signal, errors } = await ended;
  if (code !== 0) throw new Error(`The training ended with ${code ?? signal}: ${errors}`);
  return { moments, duration: performance.now() - first };
}

/** Kills by a signal that no program can hear. */
async function kill({ child, ended, onMoment }: Running, at: string | number): Promise<{ last: string; killed: boolean }> {
  let last = '';
  let timer: NodeJS.Timeout | undefined;
  onMoment((moment) => {
    last = moment;
    if (moment === at) child.kill('SIGKILL');
    if (typeof at === 'number') timer ??= setTimeout(() => child.kill('SIGKILL'), at);
  });
  const { signal } = await ended;
  clearTimeout(timer);
  return { last, killed: signal === 'SIGKILL' };
}
