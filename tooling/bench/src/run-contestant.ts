// The main module of a JavaScript contestant's process.

import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { brain } from './contestants/brain.ts';
import { cellstate } from './contestants/cellstate.ts';
import type { Contestant, Step } from './contestants/contestant.ts';
import { onnxruntime } from './contestants/onnxruntime.ts';
import { tfjsLayers } from './contestants/tfjs-layers.ts';
import type { Reply, Request } from './messages.ts';
import { AbsentError } from './places.ts';

const CONTESTANTS: Readonly<Record<string, () => Promise<Contestant>>> = {
  cellstate: () => cellstate('cpu', {}),
  'cellstate-2-threads': () => cellstate('cpu', { threads: 2 }),
  'cellstate-plain': () => cellstate('cpu', { simd: false }),
  'cellstate-node': () => cellstate('node', {}),
  'tfjs-layers-cpu': () => tfjsLayers('cpu'),
  'tfjs-layers-wasm': () => tfjsLayers('wasm'),
  'tfjs-layers-node': () => tfjsLayers('tensorflow'),
  'brain.js': brain,
  onnxruntime,
};

const answers = createWriteStream('', { fd: 3 });
const say = (reply: Reply) => void answers.write(`${JSON.stringify(reply)}\n`);

const contestant = await open(CONTESTANTS[process.argv[2] as string] as () => Promise<Contestant>);
let step: Step = () => 0;

for await (const line of createInterface({ input: process.stdin })) {
  try {
    say(await answer(JSON.parse(line) as Request));
  } catch (error) {
    say({ kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}
process.exit();

async function open(make: () => Promise<Contestant>): Promise<Contestant> {
  try {
    const made = await make();
    say({ kind: 'hello', version: made.version });
    return made;
  } catch (error) {
    if (!(error instanceof AbsentError)) throw error;
    say({ kind: 'absent', why: error.message });
    return new Promise(() => {});
  }
}

async function answer(request: Request): Promise<Reply> {
  if (request.kind === 'memory') return { kind: 'memory', peakBytes: process.resourceUsage().maxRSS * 1024 };
  if (request.kind === 'prepare') {
    step = await contestant.prepare(request.task);
    return { kind: 'ready' };
  }
  const milliseconds = new Array<number>(request.steps);
  const values = new Array<number>(request.steps);
  for (let i = 0; i < request.steps; i++) {
    const start = performance.now();
    const result = step();
    const value = typeof result === 'number' ? result : await result;
    milliseconds[i] = performance.now() - start;
    values[i] = typeof value === 'number' ? value : value();
  }
  return { kind: 'ran', milliseconds, values };
}
