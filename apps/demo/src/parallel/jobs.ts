import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { CellstateError } from '@cellstate/core';

import type { RunBackups } from '../resume/run-backups.ts';
import type { JobInput, JobName, JobOutput } from './job-list.ts';
import type { JobMessage } from './job-worker.ts';
import type { JobRequest } from './run-job.ts';
import { startEngine } from './start-engine.ts';

/** Runs independent trainings side by side. The results do not depend on how many threads there are. */
export interface Jobs {
  /** Starts the job `name` once for each input. */
  start<Name extends JobName>(name: Name, inputs: readonly JobInput<Name>[]): Running<JobOutput<Name>>;
  close(): Promise<void>;
}

/** Jobs under way. */
export interface Running<Output> {
  /** What each gave, in the order of the inputs; `onShare` hears the share done of all together, 0 to 1. */
  results(onShare?: (share: number) => void): Promise<readonly Output[]>;
}

/**
 * Opens a pool of threads, started when first needed. Uncompiled (in tests), jobs run in this thread.
 *
 * @param backups where jobs keep what they need to go on after an interruption; without them they keep nothing.
 */
export function openJobs(backups?: RunBackups, threads: number = Math.min(4, availableParallelism())): Jobs {
  const compiled = import.meta.url.endsWith('.js');
  return compiled ? threadedJobs(threads, backups) : localJobs(backups);
}

/** Jobs in this thread, run when their results are asked for. */
function localJobs(backups: RunBackups | undefined): Jobs {
  return {
    start(name, inputs) {
      const requests = requestsOf(name, inputs, backups);
      return {
        async results(onShare = () => {}) {
          await startEngine();
          const { runJob } = await import('./run-job.ts');
          const outputs: unknown[] = [];
          for (const [index, request] of requests.entries()) {
            outputs.push(await runJob(request, (share) => onShare((index + share) / inputs.length)));
          }
          return outputs as never;
        },
      };
    },
    async close() {},
  };
}

function requestsOf(name: JobName, inputs: readonly unknown[], backups: RunBackups | undefined): readonly JobRequest[] {
  return inputs.map((input) => ({ name, input, backup: backups?.next(name) }));
}

interface Waiting {
  readonly request: JobRequest;
  readonly onShare: (share: number) => void;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
}

function threadedJobs(threads: number, backups: RunBackups | undefined): Jobs {
  const queue: Waiting[] = [];
  const idle: Worker[] = [];
  const workers: Worker[] = [];

  function next(): void {
    const waiting = queue[0];
    if (waiting === undefined) return;
    const worker = idle.pop() ?? (workers.length < threads ? start() : undefined);
    if (worker === undefined) return;
    queue.shift();
    const { request, onShare, resolve, reject } = waiting;
    const done = (settle: () => void) => {
      worker.off('message', hear);
      worker.off('error', fail);
      settle();
      next();
    };
    const hear = (message: JobMessage) => {
      if (message.kind === 'share') return onShare(message.share);
      idle.push(worker);
      done(() => (message.kind === 'output' ? resolve(message.output) : reject(rebuilt(message))));
    };
    const fail = (error: Error) => done(() => reject(error));
    worker.on('message', hear);
    worker.on('error', fail);
    worker.postMessage(request);
  }

  function start(): Worker {
    const worker = new Worker(new URL('./job-worker.js', import.meta.url));
    workers.push(worker);
    return worker;
  }

  return {
    start(name, inputs) {
      const shares = inputs.map(() => 0);
      let listener = (_: number) => {};
      const outputs = Promise.all(
        requestsOf(name, inputs, backups).map(
          (request, index) =>
            new Promise<unknown>((resolve, reject) => {
              const onShare = (share: number) => {
                shares[index] = share;
                listener(shares.reduce((sum, part) => sum + part, 0) / shares.length);
              };
              queue.push({ request, onShare, resolve, reject });
              next();
            }),
        ),
      );
      // A failure is thrown where the results are awaited, however much later.
      outputs.catch(() => {});
      return {
        results(onShare = () => {}) {
          listener = onShare;
          return outputs as never;
        },
      };
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

function rebuilt({ error }: Extract<JobMessage, { kind: 'error' }>): Error {
  return 'code' in error ? new CellstateError(error.code, error.what, error.details) : new Error(error.what);
}
