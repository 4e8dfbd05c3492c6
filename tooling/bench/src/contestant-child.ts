import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Entry } from './entries.ts';
import type { Ran, Reply, Request } from './messages.ts';
import { PLACES } from './places.ts';
import type { Task } from './task.ts';

/** A contestant in a process of its own, so that none sees another's kernels, gradients, threads or heap. */
export interface ContestantChild {
  readonly entry: Entry;
  /** Name and version of the library, and what it runs on. */
  readonly version: string;
  /** Builds a task's model. */
  prepare(task: Task): Promise<void>;
  run(steps: number): Promise<Ran>;
  /** The most memory the process has held so far. */
  peakBytes(): Promise<number>;
  stop(): void;
}

/** Starts a contestant; gives the reason when it cannot run here. */
export async function startContestant(entry: Entry): Promise<ContestantChild | { readonly entry: Entry; readonly why: string }> {
  if (entry.language === 'python' && !existsSync(PLACES.python)) return { entry, why: 'there is no Python environment' };
  const { child, ask, first } = launch(entry);
  const hello = await first;
  if (hello.kind !== 'hello') {
    child.kill();
    return { entry, why: hello.kind === 'absent' ? hello.why : `it did not start: ${JSON.stringify(hello)}` };
  }
  return {
    entry,
    version: hello.version,
    prepare: async (task) => void (await ask({ kind: 'prepare', task })),
    run: (steps) => ask({ kind: 'run', steps }) as Promise<Ran>,
    peakBytes: async () => ((await ask({ kind: 'memory' })) as Extract<Reply, { kind: 'memory' }>).peakBytes,
    stop: () => child.stdin?.end(),
  };
}

interface Launched {
  readonly child: ChildProcess;
  readonly first: Promise<Reply>;
  ask(request: Request): Promise<Reply>;
}

function launch({ name, language, threads }: Entry): Launched {
  const [file, args] =
    language === 'python'
      ? [PLACES.python, ['-u', fileURLToPath(new URL('../python/contestant.py', import.meta.url)), name]]
      : [process.execPath, [fileURLToPath(new URL('./run-contestant.js', import.meta.url)), name]];
  const env = {
    ...process.env,
    // Where Cellstate's node engine finds its peer.
    NODE_PATH: path.join(PLACES.tfjsNode, 'node_modules'),
    TF_CPP_MIN_LOG_LEVEL: '3',
    ...(threads === null ? {} : { OMP_NUM_THREADS: String(threads) }),
  };
  const child = spawn(file, args, { stdio: ['pipe', 'ignore', 'pipe', 'pipe'], env });
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-2000);
  });
  const waiting: { resolve(reply: Reply): void; reject(error: Error): void }[] = [];
  createInterface({ input: child.stdio[3] as Readable }).on('line', (line) => {
    const reply = JSON.parse(line) as Reply;
    const next = waiting.shift();
    if (reply.kind === 'failed') next?.reject(new Error(`${name}: ${reply.message}`));
    else next?.resolve(reply);
  });
  child.on('error', (error) => waiting.shift()?.reject(error));
  child.on('close', (code) => waiting.shift()?.reject(new Error(`The process of ${name} ended with code ${code}.\n${said}`)));
  const answer = () => new Promise<Reply>((resolve, reject) => void waiting.push({ resolve, reject }));
  return {
    child,
    first: answer(),
    ask(request) {
      child.stdin?.write(`${JSON.stringify(request)}\n`);
      return answer();
    },
  };
}
