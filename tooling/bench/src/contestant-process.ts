// Runs in a child process: one library a process, so that neither sees the other's kernels, gradients or heap.

import { cellstate } from './contestants/cellstate.ts';
import { tfjsLayers } from './contestants/tfjs-layers.ts';
import type { Reply, Request } from './messages.ts';

const contestant = process.argv[2] === 'cellstate' ? await cellstate() : await tfjsLayers();
let step: () => Promise<number>;

process.on('message', async (request: Request) => {
  process.send?.(await answer(request));
});

async function answer(request: Request): Promise<Reply> {
  if (request.kind === 'prepare') {
    step = await contestant.prepare(request.problem);
    return { kind: 'ready', name: contestant.name };
  }
  const milliseconds: number[] = [];
  const losses: number[] = [];
  for (let i = 0; i < request.steps; i++) {
    const start = performance.now();
    losses.push(await step());
    milliseconds.push(performance.now() - start);
  }
  return { kind: 'ran', milliseconds, losses };
}
