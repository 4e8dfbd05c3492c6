import { expect, test } from 'vitest';
import { withClaim } from '../src/claim.ts';
import { ENTRIES, type Entry } from '../src/entries.ts';
import type { Measurement } from '../src/measure.ts';
import type { TaskResult } from '../src/results.ts';
import { TRAINED_SHAPES } from '../src/task.ts';

const README = '# Fast\n<!-- speed -->\nold\n<!-- /speed -->\nThe end.\n';

/** Times of the contestants in the four shapes. */
function results(times: Readonly<Record<string, readonly number[]>>): TaskResult[] {
  return TRAINED_SHAPES.map((task, i) => ({
    task,
    measurements: Object.entries(times).map(([name, steps]): Measurement => {
      const entry = ENTRIES.find((known) => known.name === name) as Entry;
      const step = steps[i] as number;
      return { entry, step, slowest: step, rounds: 1, steps: 1, ratio: { median: step, least: step, greatest: step }, difference: 0 };
    }),
  }));
}

const ours = { cellstate: [1, 2, 4, 8] };
const theirs = {
  'tfjs-layers-cpu': [30, 200, 400, 640],
  'tfjs-layers-wasm': [40, 70, 80, 160],
  keras: [40, 6, 6, 6],
  pytorch: [2, 2, 2, 4],
};

test('the claim is the least and the greatest ratio to each peer, and names its command', () => {
  expect(withClaim(README, { tasks: results({ ...ours, ...theirs }), command: 'pnpm bench --full' })).toMatchInlineSnapshot(`
    "# Fast
    <!-- speed -->
    A training step of an LSTM with 4 to 256 units, on one thread, is

    - 30.0 to 100 times as fast as tfjs-layers on TensorFlow.js' \`cpu\` backend
    - 20.0 to 40.0 times as fast as tfjs-layers on \`wasm\`
    - 0.750 to 40.0 times as fast as Keras on TensorFlow
    - 0.500 to 2.00 times as fast as PyTorch on one thread

    \`pnpm bench --full\` measured that, and wrote it here and, with all the rest, into [BENCHMARKS.md](BENCHMARKS.md).
    <!-- /speed -->
    The end.
    "
  `);
});

test('without one of the peers or shapes, or without a place for it, there is none', () => {
  const { pytorch, ...others } = theirs;
  expect(withClaim(README, { tasks: results({ ...ours, ...others }), command: '' })).toBeUndefined();
  expect(withClaim(README, { tasks: results({ ...ours, ...theirs }).slice(1), command: '' })).toBeUndefined();
  expect(withClaim('# Fast', { tasks: results({ ...ours, ...theirs }), command: '' })).toBeUndefined();
});
