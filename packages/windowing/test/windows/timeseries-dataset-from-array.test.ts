import { ndarray } from '@cellstate/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type TimeseriesOptions, timeseriesDatasetFromArray } from '../../src/index.ts';
import { asyncRows, codeOf, collect, messageOf } from '../async-rows.ts';

const data = Array.from({ length: 12 }, (_, i) => i);
const range = (from: number, to: number, step = 1) => Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step);

function read(targets: readonly number[] | null, options: TimeseriesOptions): { x: unknown[]; y: unknown[] } {
  const batches = [...timeseriesDatasetFromArray(data, targets, options)];
  return { x: batches.flatMap(({ x }) => x.toNested() as unknown[]), y: batches.flatMap(({ y }) => (y?.toNested() ?? []) as unknown[]) };
}

describe("timeseriesDatasetFromArray, Keras' checked tables", () => {
  test('L=4', () => {
    const { x } = read(null, { sequenceLength: 4 });
    expect(x).toEqual(range(0, 9).map((start) => range(start, start + 4)));
  });
  test('L=4, stride 3', () => {
    expect(read(null, { sequenceLength: 4, sequenceStride: 3 }).x).toEqual([range(0, 4), range(3, 7), range(6, 10)]);
  });
  test('L=3, rate 2', () => {
    expect(read(null, { sequenceLength: 3, samplingRate: 2 }).x).toEqual(range(0, 8).map((start) => range(start, start + 5, 2)));
  });
  test('L=3, rate 2, stride 2, start 2, end 10', () => {
    const { x } = read(null, { sequenceLength: 3, samplingRate: 2, sequenceStride: 2, startIndex: 2, endIndex: 10 });
    expect(x).toEqual([
      [2, 4, 6],
      [4, 6, 8],
    ]);
  });
  test('L=4, targets from the fourth row', () => {
    const { x, y } = read(data.slice(4), { sequenceLength: 4 });
    expect(x).toEqual(range(0, 8).map((start) => range(start, start + 4)));
    expect(y).toEqual(range(4, 12));
  });
  test('L=4, ten times the data as targets, start 2, end 9', () => {
    const { x, y } = read(
      data.map((value) => 10 * value),
      { sequenceLength: 4, startIndex: 2, endIndex: 9 },
    );
    expect(x).toEqual(range(2, 6).map((start) => range(start, start + 4)));
    expect(y).toEqual([20, 30, 40, 50]);
  });
});

describe('timeseriesDatasetFromArray', () => {
  test('keeps kinds of number and the axes of a row', () => {
    const tokens = ndarray(Int32Array.from(data));
    const [batch] = timeseriesDatasetFromArray(tokens, tokens, { sequenceLength: 3, batchSize: 4 });
    expect(batch.x.data).toBeInstanceOf(Int32Array);
    expect(batch.x.shape).toEqual([4, 3]);
    expect(batch.y?.shape).toEqual([4]);
    const [wide] = timeseriesDatasetFromArray(ndarray(new Float32Array(24), [6, 2, 2]), ndarray(new Float32Array(18), [6, 3]), {
      sequenceLength: 2,
    });
    expect([wide.x.shape, wide.y?.shape]).toEqual([
      [5, 2, 2, 2],
      [5, 3],
    ]);
    expect('y' in [...timeseriesDatasetFromArray(data, null, { sequenceLength: 3 })][0]).toBe(false);
  });

  test('batches 128 by default, the last one smaller, or single windows', () => {
    const long = new Float32Array(300);
    expect([...timeseriesDatasetFromArray(long, null, { sequenceLength: 2 })].map(({ x }) => x.shape[0])).toEqual([128, 128, 43]);
    const single = [...timeseriesDatasetFromArray(data, data, { sequenceLength: 10, batchSize: null })];
    expect(single.map(({ x, y }) => [x.shape, y?.shape])).toEqual([
      [[10], []],
      [[10], []],
      [[10], []],
    ]);
    expect(single[1].y?.at()).toBe(1);
  });

  test('no window fits: an empty dataset, as in Keras', () => {
    const dataset = timeseriesDatasetFromArray(data, null, { sequenceLength: 13 });
    expect(dataset.count).toBe(0);
    expect([...dataset]).toEqual([]);
  });

  test('startIndex and endIndex of 0 count as not given', () => {
    expect(read(null, { sequenceLength: 12, startIndex: 0, endIndex: 0 }).x).toEqual([data]);
    expect(read(null, { sequenceLength: 12, startIndex: null, endIndex: null, seed: null }).x).toEqual([data]);
  });

  test('shuffles by a seed, anew each pass; windows keep their targets', () => {
    const dataset = timeseriesDatasetFromArray(data, data, { sequenceLength: 2, batchSize: 3, shuffle: true, seed: 5 });
    const pass = () => [...dataset].flatMap(({ x, y }) => (x.toNested() as number[][]).map((window, i) => [window[0], y?.at(i) as number]));
    const first = pass();
    expect(first.map(([begin]) => begin)).not.toEqual(range(0, 11));
    expect(first.map(([begin]) => begin).sort((a, b) => a - b)).toEqual(range(0, 11));
    for (const [begin, target] of first) expect(target).toBe(begin);
    expect(pass()).not.toEqual(first);
  });

  test('says how its windows lie', () => {
    const [{ x, origin }] = timeseriesDatasetFromArray(data, null, { sequenceLength: 3, samplingRate: 2, sequenceStride: 4 });
    expect(origin).toEqual({ source: 'timeseriesDatasetFromArray', length: 5, stride: 4 });
    expect(x.origin).toEqual(origin);
  });

  test("is Keras' arithmetic for any arguments, and the same over async rows", async () => {
    const cases = fc.record({
      steps: fc.integer({ min: 2, max: 40 }),
      targets: fc.option(fc.integer({ min: 1, max: 40 })),
      sequenceLength: fc.integer({ min: 1, max: 6 }),
      sequenceStride: fc.integer({ min: 1, max: 5 }),
      samplingRate: fc.integer({ min: 1, max: 4 }),
      startIndex: fc.option(fc.integer({ min: 0, max: 20 })),
      endIndex: fc.option(fc.integer({ min: 0, max: 40 })),
      batchSize: fc.option(fc.integer({ min: 1, max: 6 })),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ steps, targets, ...options }) => {
        const { sequenceLength, sequenceStride, samplingRate } = options;
        const s = options.startIndex ?? 0;
        const e = options.endIndex || steps;
        fc.pre(s < steps && e > s && (!options.endIndex || e < steps) && samplingRate < steps && sequenceStride < steps);
        const rows = range(0, steps);
        const wanted = targets === null ? null : range(100, 100 + targets);
        let n = e - s - (sequenceLength - 1) * samplingRate;
        if (wanted !== null) n = Math.min(n, wanted.length);
        const starts = range(0, n, sequenceStride);
        const outOfRange = wanted !== null && starts.some((p) => p >= wanted.slice(s, e).length);
        const build = () => timeseriesDatasetFromArray(rows, wanted, options);
        const open = () =>
          collect(timeseriesDatasetFromArray(asyncRows(rows).open, wanted === null ? null : asyncRows(wanted).open, options));
        if (outOfRange) {
          expect(await codeOf(build)).toBe('TARGETS_TOO_SHORT');
          expect(await codeOf(open)).toBe('TARGETS_TOO_SHORT');
          return;
        }
        const flat = (batches: readonly { x: { data: ArrayLike<number> }; y?: { data: ArrayLike<number> } }[]) => ({
          x: batches.flatMap(({ x }) => Array.from(x.data)),
          y: batches.flatMap(({ y }) => Array.from(y?.data ?? [])),
        });
        const dataset = build();
        expect(dataset.count).toBe(starts.length);
        expect(flat([...dataset])).toEqual({
          x: starts.flatMap((p) => range(0, sequenceLength).map((j) => rows.slice(s, e)[p + j * samplingRate])),
          y: wanted === null ? [] : starts.map((p) => wanted.slice(s, e)[p]),
        });
        const batches = await open();
        expect(flat(batches)).toEqual(flat([...dataset]));
        expect(batches.map(({ x, y }) => [x.shape, y?.shape])).toEqual([...dataset].map(({ x, y }) => [x.shape, y?.shape]));
      }),
      { numRuns: 300 },
    );
  });

  test('async: shuffles, keeps rows wide, closes both sources, and refuses a second pass', async () => {
    const rows = asyncRows(range(0, 30).map((i) => [i, -i]));
    const targets = asyncRows(range(0, 30).map((i) => [i]));
    const dataset = timeseriesDatasetFromArray(rows.open, targets.open, { sequenceLength: 2, batchSize: 2, shuffle: true, seed: 3 });
    const batches = await collect(dataset);
    expect(batches[0].x.shape).toEqual([2, 2, 2]);
    expect(batches[0].y?.shape).toEqual([2, 1]);
    const begins = batches.flatMap(({ x }) => range(0, x.shape[0]).map((i) => x.at(i, 0, 0)));
    expect(begins).not.toEqual(range(0, 29));
    expect([...begins].sort((a, b) => a - b)).toEqual(range(0, 29));
    expect(batches.flatMap(({ y }) => Array.from(y?.data ?? []))).toEqual(begins);
    expect([rows.closed, targets.closed]).toEqual([1, 1]);
    const once = timeseriesDatasetFromArray(asyncRows([1, 2, 3]).open(), null, { sequenceLength: 1 });
    await collect(once);
    expect(await codeOf(() => collect(once))).toBe('SOURCE_USED_UP');
  });

  test('explains itself', () => {
    const text = timeseriesDatasetFromArray(data, data, { sequenceLength: 3, samplingRate: 2, sequenceStride: 2, startIndex: 1 }).explain();
    expect(text).toMatchInlineSnapshot(`
      "timeseriesDatasetFromArray: 4 windows from 12 rows
        x [4, 3]   y [4]

        window  rows of data  row of targets
             0  1 3 5         1
             1  3 5 7         3
             2  5 7 9         5
             3  7 9 11        7

        Rows count from 0. Batches of 128, in order."
    `);
  });

  test('says which target is missing', () => {
    const call = () => timeseriesDatasetFromArray(data, data.slice(4), { sequenceLength: 4, startIndex: 2 });
    expect(messageOf(call)).toMatchInlineSnapshot(`
      "A window has no target. [TARGETS_TOO_SHORT]
        expected: a target for the window that begins at row 8
        received: 8 targets
        where: timeseriesDatasetFromArray, targets
        hint: Targets are taken at the same rows as the windows begin, startIndex included. Keras reads out of range here."
    `);
    const range = () => timeseriesDatasetFromArray(data, null, { sequenceLength: 4, endIndex: 12 });
    expect(messageOf(range)).toMatchInlineSnapshot(`
      "\`endIndex\` is out of range. [INVALID_INDEX_RANGE]
        expected: lower than the number of rows
        received: 12, 12 rows
        where: timeseriesDatasetFromArray, endIndex"
    `);
  });

  const options = (more: object) => () => timeseriesDatasetFromArray(data, null, { sequenceLength: 2, ...more });
  test.each([
    ['INVALID_INDEX_RANGE', options({ startIndex: -1 })],
    ['INVALID_INDEX_RANGE', options({ startIndex: 12 })],
    ['INVALID_INDEX_RANGE', options({ endIndex: -1 })],
    ['INVALID_INDEX_RANGE', options({ startIndex: 4, endIndex: 4 })],
    ['INVALID_INDEX_RANGE', options({ samplingRate: 0 })],
    ['INVALID_INDEX_RANGE', options({ samplingRate: 12 })],
    ['INVALID_INDEX_RANGE', options({ sequenceStride: 0 })],
    ['INVALID_INDEX_RANGE', options({ sequenceStride: 12 })],
    ['INVALID_INDEX_RANGE', () => collect(timeseriesDatasetFromArray(asyncRows(data).open, null, { sequenceLength: 2, endIndex: 12 }))],
    ['INVALID_OPTION', options({ sequenceLength: 0 })],
    ['INVALID_OPTION', options({ batchSize: 0 })],
    ['INVALID_OPTION', options({ shuffle: 'yes' })],
    ['SEED_REQUIRED', options({ shuffle: true })],
    ['UNKNOWN_OPTION', options({ sequence_length: 2 })],
    ['INVALID_ARRAY', () => timeseriesDatasetFromArray(7 as never, null, { sequenceLength: 2 })],
    ['MIXED_SOURCES', () => timeseriesDatasetFromArray(asyncRows(data).open, data as never, { sequenceLength: 2 })],
    ['MIXED_SOURCES', () => timeseriesDatasetFromArray(data as never, asyncRows(data).open, { sequenceLength: 2 })],
  ])('throws %s', async (code, call) => {
    expect(await codeOf(call)).toBe(code);
  });
});
