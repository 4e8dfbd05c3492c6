import { expect, test } from 'vitest';
import { ENTRIES, type Entry } from '../src/entries.ts';
import { reachedGoals } from '../src/goals.ts';
import type { Measurement } from '../src/measure.ts';
import { TASKS, type Task } from '../src/task.ts';

const small = TASKS.find(({ name }) => name === 'lstm-32x50x2x32') as Task;

function measured(name: string, ratio: number): Measurement {
  const entry = ENTRIES.find((known) => known.name === name) as Entry;
  return {
    entry,
    step: ratio,
    slowest: ratio,
    rounds: 1,
    steps: 1,
    ratio: { median: ratio, least: ratio, greatest: ratio },
    difference: 0,
  };
}

test('a goal is reached by the ratio of their time to ours, whoever stands first; without one of the two there is none', () => {
  const measurements = [measured('cellstate', 1), measured('cellstate-plain', 2), measured('tfjs-layers-cpu', 40), measured('keras', 3)];
  expect(reachedGoals([{ task: small, measurements }]).map(({ ours, theirs, reached, least }) => [ours, theirs, reached, least])).toEqual([
    ['cellstate-plain', 'tfjs-layers-cpu', 20, 15],
    ['cellstate', 'cellstate-plain', 2, 5],
    ['cellstate', 'tfjs-layers-cpu', 40, 150],
    ['cellstate', 'keras', 3, 2],
  ]);
});
