import { expect, test } from 'vitest';
import type { ContestantChild } from '../src/contestant-child.ts';
import { ENTRIES, type Entry } from '../src/entries.ts';
import { measure, type Protocol } from '../src/measure.ts';
import type { Ran } from '../src/messages.ts';
import { TASKS, type Task } from '../src/task.ts';

const [task] = TASKS as [Task];
const protocol: Protocol = { warmUp: 8, rounds: 3, turn: 4, patience: 100, streamSteps: 0 };

/** A contestant whose steps take as long as told, and whose value is the number of the step, or `wrong` from step 5 on. */
function contestant(index: number, { step, wrong, log }: { step: number; wrong?: number; log: string[] }): ContestantChild {
  const entry = ENTRIES[index] as Entry;
  let taken = 0;
  return {
    entry,
    version: '',
    prepare: async () => void log.push(`${entry.name} prepare`),
    run: async (steps): Promise<Ran> => {
      log.push(`${entry.name} ${steps}`);
      const values = Array.from({ length: steps }, () => (wrong !== undefined && ++taken > 5 ? wrong : 0));
      return { kind: 'ran', milliseconds: Array(steps).fill(step), values };
    },
    peakBytes: async () => 0,
    stop: () => {},
  };
}

test('contestants warm up, then take turns; ratios are to the first', async () => {
  const log: string[] = [];
  const children = [contestant(0, { step: 1, log }), contestant(4, { step: 4, log })];
  const turns: string[] = [];
  const [ours, theirs] = await measure(children, { task, protocol, onTurn: ({ name }, round) => void turns.push(`${name} ${round}`) });
  expect(log).toEqual([
    'cellstate prepare',
    'cellstate 1',
    'cellstate 2',
    'cellstate 4',
    'cellstate 1',
    'tfjs-layers-cpu prepare',
    'tfjs-layers-cpu 1',
    'tfjs-layers-cpu 1',
    ...Array(3).fill(['cellstate 4', 'tfjs-layers-cpu 1']).flat(),
  ]);
  expect(turns.slice(2)).toEqual([1, 2, 3].flatMap((round) => [`cellstate ${round}`, `tfjs-layers-cpu ${round}`]));
  expect(ours).toMatchObject({ step: 1, rounds: 3, steps: 12, ratio: { median: 1, least: 1, greatest: 1 }, difference: 0 });
  expect(theirs).toMatchObject({ step: 4, rounds: 3, steps: 3, ratio: { median: 4 }, difference: 0 });
});

test('one that is slow beyond patience takes part in fewer rounds', async () => {
  const log: string[] = [];
  const children = [contestant(0, { step: 1, log }), contestant(4, { step: 60, log })];
  const [, slow] = await measure(children, { task, protocol, onTurn: () => {} });
  expect(slow).toMatchObject({ rounds: 2, steps: 2, ratio: { median: 60 } });
});

test('values that part are seen, and a value that is no number is as wrong as can be', async () => {
  for (const [wrong, difference] of [
    [0.25, 0.25],
    [Number.NaN, Number.POSITIVE_INFINITY],
  ] as const) {
    const log: string[] = [];
    const children = [contestant(0, { step: 1, log }), contestant(4, { step: 1, wrong, log })];
    expect((await measure(children, { task, protocol, onTurn: () => {} }))[1]).toMatchObject({ difference });
  }
});
