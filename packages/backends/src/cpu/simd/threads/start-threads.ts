import { SERVE } from './serve.generated.ts';
import type { Port, ThreadOrders } from './serve.ts';

interface NodeWorker extends Pick<Port, 'postMessage'> {
  on(event: 'message' | 'error', listener: (value: unknown) => void): void;
  unref(): void;
  terminate(): Promise<number>;
}

interface Threads {
  readonly Worker: new (source: string, options: { readonly eval: true; readonly execArgv: readonly string[] }) => NodeWorker;
}

interface Runtime {
  readonly process?: { getBuiltinModule?(name: string): unknown };
}

/** What keeps threads from sharing memory here; undefined when nothing does. */
export function obstacle(): string | undefined {
  if (typeof SharedArrayBuffer === 'undefined')
    return 'there is no SharedArrayBuffer, which browsers give only to pages that are cross-origin isolated';
  if (builtinThreads() === undefined && typeof Worker === 'undefined') return 'there are no workers';
  return undefined;
}

/** Whether the calling thread may sleep until others are done; browsers forbid it to the main thread of a page. */
export function maySleep(): boolean {
  return typeof document === 'undefined';
}

/** Starts so many threads; resolves when all are ready, to undefined, or to what went wrong. */
export async function startThreads(count: number, orders: ThreadOrders): Promise<string | undefined> {
  const threads = builtinThreads();
  const started = Array.from({ length: count }, () => (threads === undefined ? startInBrowser(orders) : startInNode(threads, orders)));
  const results = await Promise.all(started.map(({ ready }) => ready));
  const wrong = results.find((result) => result !== undefined);
  if (wrong !== undefined) for (const { end } of started) end();
  return wrong;
}

function builtinThreads(): Threads | undefined {
  return (globalThis as Runtime).process?.getBuiltinModule?.('node:worker_threads') as Threads | undefined;
}

interface Started {
  /** Undefined, or what went wrong. */
  readonly ready: Promise<string | undefined>;
  end(): void;
}

function startInNode({ Worker: NodeWorker }: Threads, orders: ThreadOrders): Started {
  const worker = new NodeWorker(`const port = require('node:worker_threads').parentPort; ${SERVE}`, { eval: true, execArgv: [] });
  const ready = new Promise<string | undefined>((resolve) => {
    worker.on('message', () => resolve(undefined));
    worker.on('error', (error) => resolve(String(error)));
  });
  worker.postMessage(orders as never);
  // A program that has nothing else to do must be able to end.
  return { ready: ready.finally(() => worker.unref()), end: () => void worker.terminate() };
}

function startInBrowser(orders: ThreadOrders): Started {
  const address = URL.createObjectURL(new Blob([`const port = self; ${SERVE}`], { type: 'text/javascript' }));
  const worker = new Worker(address);
  const ready = new Promise<string | undefined>((resolve) => {
    worker.onmessage = () => resolve(undefined);
    worker.onerror = ({ message }) => resolve(message || 'the page may not start workers from a blob: address');
  });
  worker.postMessage(orders);
  return { ready: ready.finally(() => URL.revokeObjectURL(address)), end: () => worker.terminate() };
}
