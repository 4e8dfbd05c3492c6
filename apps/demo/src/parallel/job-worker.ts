import { parentPort } from 'node:worker_threads';

import { CellstateError, type CellstateErrorDetails } from '@cellstate/core';
import { type JobRequest, runJob } from './run-job.ts';
import { startEngine } from './start-engine.ts';

export type JobMessage =
  | { readonly kind: 'share'; readonly share: number }
  | { readonly kind: 'output'; readonly output: unknown }
  | { readonly kind: 'error'; readonly error: ThrownElsewhere };

/** An error as plain data, since threads copy no classes. */
export type ThrownElsewhere =
  | { readonly what: string; readonly code: string; readonly details: CellstateErrorDetails }
  | { readonly what: string };

const port = parentPort;
if (port === null) throw new Error('job-worker runs in a worker thread only.');

await startEngine();

port.on('message', (request: JobRequest) => {
  const send = (message: JobMessage) => port.postMessage(message);
  runJob(request, (share) => send({ kind: 'share', share })).then(
    (output) => send({ kind: 'output', output }),
    (error: unknown) => send({ kind: 'error', error: plain(error) }),
  );
});

function plain(error: unknown): ThrownElsewhere {
  if (error instanceof CellstateError) {
    const { code, expected, received, where, hint } = error;
    const [what = ''] = error.message.split('\n');
    const details = { expected, received, where, ...(hint === undefined ? {} : { hint }) };
    return { what: what.replace(` [${code}]`, ''), code, details };
  }
  return { what: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
