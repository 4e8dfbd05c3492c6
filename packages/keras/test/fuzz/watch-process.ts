import { Worker } from 'node:worker_threads';

/** Watches this process from another thread. */
export interface Watch {
  /** Says that work goes on, on the file of this number. */
  beat(file: number): void;
  /** The most memory this process held, in MiB. */
  peak(): number;
  stop(): Promise<number>;
}

const WATCHER = `
const { workerData } = require('node:worker_threads');
const { writeSync } = require('node:fs');
const [file, peak] = [0, 1];
const shared = new Int32Array(workerData.shared);
const computing = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
let last = -1;
let since = computing();
setInterval(() => {
  const memory = Math.round(process.memoryUsage.rss() / 2 ** 20);
  if (memory > Atomics.load(shared, peak)) Atomics.store(shared, peak, memory);
  const now = Atomics.load(shared, file);
  if (now !== last) { last = now; since = computing(); }
  const busy = computing() - since;
  if (now >= 0 && (busy > workerData.milliseconds || memory > workerData.mebibytes)) {
    writeSync(2, 'file ' + now + ': ' + Math.round(busy) + ' ms of computing, ' + memory + ' MiB\\n');
    process.kill(process.pid, 'SIGKILL');
  }
}, 10);
`;

/** Ends the process when one file keeps it computing for longer, or makes it hold more memory: nothing within could. */
export function watchProcess(limits: { readonly milliseconds: number; readonly mebibytes: number }): Watch {
  const shared = new SharedArrayBuffer(8);
  const state = new Int32Array(shared).fill(-1, 0, 1);
  const worker = new Worker(WATCHER, { eval: true, workerData: { shared, ...limits } });
  return {
    beat: (file) => void Atomics.store(state, 0, file),
    peak: () => Atomics.load(state, 1),
    stop: () => worker.terminate(),
  };
}
