import { useBackend } from '@cellstate/backends';
import { dense, lstm, sequential } from '@cellstate/layers';
import { createTrainer } from '@cellstate/trainers';
import { lanes } from '@cellstate/windowing';

// Run in a process of its own, so that nothing but the training is in its resident memory.

const rows = 10_000_000;
const steps = 1000;

async function* source(): AsyncGenerator<number> {
  for (let i = 0; i < rows; i++) yield (i % 24) / 24;
}

await useBackend('cpu');
const model = sequential([lstm({ units: 2, returnSequences: true, stateful: true, inputShape: [null, 1] }), dense({ units: 1 })]);
const trainer = createTrainer(model, { optimizer: 'adam', loss: 'mse' });
const before = process.memoryUsage().rss;
let peak = before;
let batches = 0;
const { history } = await trainer.fit(lanes(source(), { lanes: 1, steps, targets: 'next' }), {
  verbose: 0,
  callbacks: [
    {
      onBatchEnd(batch) {
        batches = batch + 1;
        peak = Math.max(peak, process.memoryUsage().rss);
      },
    },
  ],
});
process.stdout.write(JSON.stringify({ rows, steps, batches, growth: peak - before, loss: history.loss?.[0] }));
