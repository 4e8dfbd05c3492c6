import { type ChildProcess, fork } from 'node:child_process';
import type { Reply, Request } from './messages.ts';
import type { Problem } from './problem.ts';

export type ContestantName = 'tfjs-layers' | 'cellstate';

/** A contestant in a process of its own. */
export interface ContestantChild {
  /** Builds a model; returns the contestant's full name. */
  prepare(problem: Problem): Promise<string>;
  run(steps: number): Promise<Extract<Reply, { kind: 'ran' }>>;
  stop(): void;
}

export function startContestant(name: ContestantName): ContestantChild {
  const child = fork(new URL('./contestant-process.js', import.meta.url), [name], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return {
    async prepare(problem) {
      const reply = await ask(child, { kind: 'prepare', problem });
      return reply.kind === 'ready' ? reply.name : name;
    },
    run: (steps) => ask(child, { kind: 'run', steps }) as Promise<Extract<Reply, { kind: 'ran' }>>,
    stop: () => child.disconnect(),
  };
}

function ask(child: ChildProcess, request: Request): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const failed = (code: number | null) => reject(new Error(`A contestant's process ended with code ${code}.`));
    child.once('exit', failed);
    child.once('message', (reply: Reply) => {
      child.off('exit', failed);
      resolve(reply);
    });
    child.send(request);
  });
}
