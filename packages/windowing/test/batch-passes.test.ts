import { describe, expect, test } from 'vitest';
import { series, slidingWindows, timeseriesDatasetFromArray } from '../src/index.ts';

const numbers = Array.from({ length: 20 }, (_, i) => i);

async function* rows() {
  yield* numbers;
}

async function firstInputs(batches: Iterable<{ x: { toNested(): unknown } }> | AsyncIterable<{ x: { toNested(): unknown } }>) {
  const all: unknown[] = [];
  for await (const { x } of batches) all.push(x.toNested());
  return JSON.stringify(all);
}

describe.each([
  ['slidingWindows', () => slidingWindows(series(numbers), { length: 2 }).batches({ batchSize: 3, shuffle: { seed: 5 } })],
  [
    'slidingWindows of an async source',
    () => slidingWindows(rows, { length: 2 }).batches({ batchSize: 3, shuffle: { seed: 5, buffer: 4 } }),
  ],
  [
    'timeseriesDatasetFromArray',
    () => timeseriesDatasetFromArray(numbers, null, { sequenceLength: 2, batchSize: 3, shuffle: true, seed: 5 }),
  ],
  [
    'timeseriesDatasetFromArray of an async source',
    () => timeseriesDatasetFromArray(rows, null, { sequenceLength: 2, batchSize: 1, shuffle: true, seed: 5 }),
  ],
])('%s', (_, open) => {
  test('pass p is what the p-th reading gives, whenever it is asked for', async () => {
    const read = open();
    const passes = [await firstInputs(read), await firstInputs(read), await firstInputs(read)];
    expect(new Set(passes).size).toBe(3);
    const asked = open();
    expect(await firstInputs(asked.pass(2))).toBe(passes[2]);
    expect(await firstInputs(asked.pass(0))).toBe(passes[0]);
    expect(await firstInputs(asked.pass(2))).toBe(passes[2]);
    // Asking counts as no reading.
    expect(await firstInputs(asked)).toBe(passes[0]);
  });
});
