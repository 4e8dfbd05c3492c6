import { ndarray } from '@cellstate/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { series, slidingWindows, type WindowOptions } from '../../src/index.ts';
import { asyncRows, codeOf, collect, messageOf } from '../async-rows.ts';

/** The value of feature f at row r tells both. */
const countingRows = (steps: number, features: number) =>
  Array.from({ length: steps }, (_, row) => Array.from({ length: features }, (_, feature) => row + feature / 8));

const layouts = fc.record({
  steps: fc.integer({ min: 1, max: 60 }),
  features: fc.integer({ min: 1, max: 3 }),
  length: fc.integer({ min: 1, max: 8 }),
  horizon: fc.integer({ min: 1, max: 4 }),
  stride: fc.integer({ min: 1, max: 9 }),
  samplingRate: fc.integer({ min: 1, max: 4 }),
  gap: fc.integer({ min: 0, max: 5 }),
});

describe('slidingWindows', () => {
  test.each([
    { options: { length: 3 }, count: 9, first: [[0, 1, 2], [3]], last: [[8, 9, 10], [11]] },
    {
      options: { length: 3, horizon: 2 },
      count: 8,
      first: [
        [0, 1, 2],
        [3, 4],
      ],
      last: [
        [7, 8, 9],
        [10, 11],
      ],
    },
    { options: { length: 3, stride: 3 }, count: 3, first: [[0, 1, 2], [3]], last: [[6, 7, 8], [9]] },
    { options: { length: 3, samplingRate: 2 }, count: 7, first: [[0, 2, 4], [5]], last: [[6, 8, 10], [11]] },
    { options: { length: 3, gap: 2 }, count: 7, first: [[0, 1, 2], [5]], last: [[6, 7, 8], [11]] },
  ])('$options of 12 rows are the rows of its table', ({ options, count, first, last }) => {
    const windows = slidingWindows(countingRows(12, 1), options);
    const values = (index: number) => [Array.from(windows.at(index).x.data), Array.from(windows.at(index).y.data)];
    expect(windows.count).toBe(count);
    expect([values(0), values(-1)]).toEqual([first, last]);
    expect([windows.at(-1).inputRows, windows.at(-1).targetRows]).toEqual(last);
  });

  test('every value is the row the definition names, and the count is the closed formula', () => {
    fc.assert(
      fc.property(layouts, ({ steps, features, ...options }) => {
        const { length, horizon, stride, samplingRate, gap } = options;
        const last = (start: number) => start + (length - 1) * samplingRate + gap + horizon;
        let expected = 0;
        while (last(expected * stride) < steps) expected++;
        fc.pre(expected > 0);
        const windows = slidingWindows(countingRows(steps, features), options);
        const uses = new Map<number, number>();
        for (const { inputRows } of windows) for (const row of inputRows) uses.set(row, (uses.get(row) ?? 0) + 1);
        const most = Math.max(...uses.values());
        const named = /enters up to (\d+)/.exec(windows.explain());
        expect(Number(named?.[1] ?? 1)).toBeGreaterThanOrEqual(most);
        expect(windows.count).toBe(expected);
        expect(windows.count).toBe(Math.floor((steps - ((length - 1) * samplingRate + 1) - gap - horizon) / stride) + 1);
        const { x, y } = windows.toArrays();
        expect(x.shape).toEqual([expected, length, features]);
        expect(y.shape).toEqual(horizon === 1 ? [expected, features] : [expected, horizon, features]);
        for (let i = 0; i < expected; i++) {
          for (let f = 0; f < features; f++) {
            for (let j = 0; j < length; j++) expect(x.at(i, j, f)).toBe(i * stride + j * samplingRate + f / 8);
            for (let h = 0; h < horizon; h++) {
              const row = i * stride + (length - 1) * samplingRate + 1 + gap + h;
              expect(horizon === 1 ? y.at(i, f) : y.at(i, h, f)).toBe(row + f / 8);
            }
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  test('lazy, batched and async windows are the eager ones', async () => {
    await fc.assert(
      fc.asyncProperty(layouts, fc.integer({ min: 1, max: 7 }), async ({ steps, features, ...options }, batchSize) => {
        fc.pre(steps > (options.length - 1) * options.samplingRate + options.gap + options.horizon);
        const rows = countingRows(steps, features);
        const windows = slidingWindows(rows, options);
        const eager = windows.toArrays();
        const flat = (parts: { x: { data: ArrayLike<number> }; y: { data: ArrayLike<number> } }[]) => ({
          x: parts.flatMap(({ x }) => Array.from(x.data)),
          y: parts.flatMap(({ y }) => Array.from(y.data)),
        });
        const whole = flat([eager]);
        expect(flat([...windows])).toEqual(whole);
        const batches = [...windows.batches({ batchSize })];
        expect(flat(batches)).toEqual(whole);
        expect(batches.length).toBe(Math.ceil(windows.count / batchSize));
        const async = slidingWindows(asyncRows(rows).open, options);
        const asyncBatches = await collect(async.batches({ batchSize }));
        expect(flat(asyncBatches)).toEqual(whole);
        expect(asyncBatches.map(({ x }) => x.shape)).toEqual(batches.map(({ x }) => x.shape));
        expect(asyncBatches.map(({ y }) => y.shape)).toEqual(batches.map(({ y }) => y.shape));
        expect(flat([await async.toArrays()])).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });

  test('predicts chosen features, by name or number', async () => {
    const s = series({ p: [1, 2, 3], t: [10, 20, 30] });
    expect(
      slidingWindows(s, { length: 2, targets: ['t'] })
        .at(0)
        .y.toNested(),
    ).toEqual([30]);
    expect(
      slidingWindows(s, { length: 1, horizon: 2, targets: [1, 0] })
        .at(0)
        .y.toNested(),
    ).toEqual([
      [20, 2],
      [30, 3],
    ]);
    const async = slidingWindows(
      asyncRows([
        [1, 10],
        [2, 20],
      ]).open,
      { length: 1, targets: [1] },
    );
    expect((await async.toArrays()).y.toNested()).toEqual([[20]]);
  });

  test('takes many series; no window straddles two', () => {
    const list = [series([0, 1, 2, 3]), series([10, 11]), series([20, 21, 22])];
    const windows = slidingWindows(list, { length: 2 });
    expect(windows.count).toBe(3);
    expect([...windows].map(({ series: index, inputRows }) => [index, ...inputRows])).toEqual([
      [0, 0, 1],
      [0, 1, 2],
      [2, 0, 1],
    ]);
    expect(windows.toArrays().y.toNested()).toEqual([[2], [3], [22]]);
    const array = ndarray([
      [[1], [2], [3]],
      [[4], [5], [6]],
    ]);
    expect(slidingWindows(array, { length: 2 }).toArrays().y.toNested()).toEqual([[3], [6]]);
  });

  test('shuffles by a seed, anew each pass, and loses nothing', async () => {
    const rows = countingRows(40, 1);
    const windows = slidingWindows(rows, { length: 2 });
    const firsts = (batches: Iterable<{ x: { data: ArrayLike<number> } }>) =>
      [...batches].flatMap(({ x }) => Array.from(x.data).filter((_, i) => i % 2 === 0));
    const batches = windows.batches({ batchSize: 8, shuffle: { seed: 7 } });
    const first = firsts(batches);
    const second = firsts(batches);
    expect(first).not.toEqual(second);
    expect([...first].sort((a, b) => a - b)).toEqual(Array.from({ length: 38 }, (_, i) => i));
    const again = windows.batches({ batchSize: 8, shuffle: { seed: 7 } });
    expect([firsts(again), firsts(again)]).toEqual([first, second]);
    expect(firsts(windows.batches({ shuffle: { seed: 8 } }))).not.toEqual(first);

    const async = slidingWindows(asyncRows(rows).open, { length: 2 });
    const drawn = async.batches({ batchSize: 8, shuffle: { seed: 7, buffer: 10 } });
    const one = firsts(await collect(drawn));
    expect(firsts(await collect(drawn))).not.toEqual(one);
    expect(firsts(await collect(async.batches({ batchSize: 8, shuffle: { seed: 7, buffer: 10 } })))).toEqual(one);
    expect(one).not.toEqual(Array.from({ length: 38 }, (_, i) => i));
    expect([...one].sort((a, b) => a - b)).toEqual(Array.from({ length: 38 }, (_, i) => i));
    // A window cannot come out before the buffer could hold it.
    for (const [position, window] of one.entries()) expect(window).toBeLessThanOrEqual(position + 10);
  });

  test('says how its windows lie, on arrays and on batches', async () => {
    const windows = slidingWindows(countingRows(12, 1), { length: 3, samplingRate: 2, stride: 4 });
    const origin = { source: 'slidingWindows', length: 5, stride: 4 };
    expect(windows.toArrays().x.origin).toEqual(origin);
    for (const batch of windows.batches()) expect(batch.origin).toEqual(origin);
    const async = slidingWindows(asyncRows([1, 2, 3]).open, { length: 2 });
    expect((await async.toArrays()).origin).toEqual({ source: 'slidingWindows', length: 2, stride: 1 });
  });

  test('async windows run no further ahead than the batch asks, and close their source', async () => {
    const source = asyncRows(countingRows(1000, 1));
    const batches = slidingWindows(source.open, { length: 4 }).batches({ batchSize: 10 });
    let count = 0;
    for await (const _ of batches) {
      count++;
      // 10 windows a batch, each begun one row after the other, and 4 rows of reach behind the last.
      expect(source.given).toBe(10 * count + 4);
      if (count === 5) break;
    }
    expect(source.closed).toBe(1);
  });

  test('explains itself', () => {
    const s = series({ pressure: Array.from({ length: 12 }, (_, i) => i), temperature: Array.from({ length: 12 }, (_, i) => 2 * i) });
    expect(slidingWindows(s, { length: 3, stride: 3, targets: ['pressure'] }).explain()).toMatchInlineSnapshot(`
      "slidingWindows: 3 windows from 12 rows, 2 features
        x [3, 3, 2]   y [3, 1]   predicts pressure

        window  rows of x  rows of y  ● in x  ○ in y
             0  0 1 2      3          ●●●○······
             1  3 4 5      6          ···●●●○···
             2  6 7 8      9          ······●●●○

        Rows count from 0. Rows 10 to 11 lie in no window."
    `);
    const overlapping = slidingWindows([s, s.rows(0, 7)], { length: 2, samplingRate: 3, gap: 1, horizon: 2 }).explain();
    expect(overlapping).toMatchInlineSnapshot(`
      "slidingWindows: 7 windows from 2 series of 19 rows in all, 2 features
        x [7, 2, 2]   y [7, 2, 2]   predicts pressure, temperature

        window  rows of x  rows of y  ● in x  ○ in y
             0  0 3        5 6        ●··●·○○·····
             1  1 4        6 7        ·●··●·○○····
             2  2 5        7 8        ··●··●·○○···
             …  …          …
             5  5 8        10 11      ·····●··●·○○

        Rows count from 0. Every row is in reach of a window.
        Windows overlap: a row enters up to 2 of them. Stateful: use lanes.
        Shown: one series of 12 rows. No window straddles two series."
    `);
    expect(slidingWindows(asyncRows([1]).open, { length: 3, samplingRate: 2, stride: 5 }).explain()).toMatchInlineSnapshot(`
      "slidingWindows: windows over rows that arrive one by one
        x: 3 steps, rows p, p+2, … p+4
        y: 1 step, rows p+5 to p+5
        p = 0, 5, 10, …   n rows give floor((n - 6) / 5) + 1 windows
        At most 12 rows are held, beside the batch being filled."
    `);
  });

  test('explains unused rows between windows, and never beyond 80 columns', () => {
    const text = slidingWindows(new Float32Array(100_000), { length: 24, horizon: 24, stride: 49 }).explain();
    expect(text).toContain('2,039 rows between windows and rows 99959 to 99999 lie in no window.');
    const one = slidingWindows(countingRows(9, 1), { length: 2, stride: 4 }).explain();
    const interleaved = slidingWindows(countingRows(12, 1), { length: 2, samplingRate: 4, stride: 3 }).explain();
    expect(interleaved).toContain('Windows interleave: each begins before the last ends.');
    expect(one).toContain('1 row between windows and rows 7 to 8 lie in no window.');
    fc.assert(
      fc.property(layouts, ({ steps, features, ...options }) => {
        fc.pre(steps > (options.length - 1) * options.samplingRate + options.gap + options.horizon);
        const lines = slidingWindows(countingRows(steps, features), options).explain().split('\n');
        for (const line of lines) expect([...line].length, line).toBeLessThanOrEqual(80);
      }),
    );
  });

  test('names the window that does not exist', () => {
    expect(messageOf(() => slidingWindows([1, 2, 3], { length: 2 }).at(1))).toMatchInlineSnapshot(`
      "There is no window with this number. [INDEX_OUT_OF_RANGE]
        expected: a whole number from -1 to 0
        received: 1
        where: slidingWindows.at"
    `);
  });

  test.each([
    ['SERIES_TOO_SHORT', () => slidingWindows([1, 2, 3], { length: 3 })],
    ['SERIES_TOO_SHORT', () => slidingWindows(asyncRows([1, 2, 3]).open, { length: 3 }).toArrays()],
    ['INVALID_OPTION', () => slidingWindows([1, 2, 3], { length: 0 })],
    ['INVALID_OPTION', () => slidingWindows([1, 2, 3], {} as WindowOptions)],
    ['INVALID_OPTION', () => slidingWindows([1, 2, 3], { length: 1, gap: -1 })],
    ['INVALID_OPTION', () => slidingWindows([1, 2, 3], { length: 1 }).batches({ batchSize: 0 })],
    ['UNKNOWN_OPTION', () => slidingWindows([1, 2, 3], { length: 1, lenght: 2 } as WindowOptions)],
    ['UNKNOWN_OPTION', () => slidingWindows([1, 2, 3], { length: 1 }).batches({ size: 2 } as object)],
    ['UNKNOWN_OPTION', () => slidingWindows([1, 2, 3], { length: 1 }).batches({ shuffle: { seed: 1, buffer: 4 } as { seed: number } })],
    ['UNKNOWN_FEATURE', () => slidingWindows([1, 2, 3], { length: 1, targets: ['p'] })],
    ['SEED_REQUIRED', () => slidingWindows([1, 2, 3], { length: 1 }).batches({ shuffle: true as never })],
    ['SEED_REQUIRED', () => slidingWindows([1, 2, 3], { length: 1 }).batches({ shuffle: {} as never })],
    ['FEATURES_DIFFER', () => slidingWindows([series([1, 2]), series([[1, 2]])], { length: 1 })],
    ['FEATURES_DIFFER', () => slidingWindows(asyncRows([[1, 2], [3]]).open, { length: 1 }).toArrays()],
    ['NOT_A_NUMBER', () => slidingWindows(asyncRows([[1], [Number.NaN]]).open, { length: 1 }).toArrays()],
    [
      'SOURCE_USED_UP',
      async () => {
        const windows = slidingWindows(asyncRows([1, 2, 3]).open(), { length: 1 });
        await windows.toArrays();
        await windows.toArrays();
      },
    ],
  ])('throws %s', async (code, call) => {
    expect(await codeOf(call)).toBe(code);
  });
});
