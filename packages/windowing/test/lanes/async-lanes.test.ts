import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AsyncSequences, type LaneBatch, type LanesOptions, lanes, nextStep, series } from '../../src/index.ts';
import { asyncRows, codeOf, collect } from '../async-rows.ts';

const rowsOf = (k: number, steps: number) => Array.from({ length: steps }, (_, t) => [100 * k + t, -(100 * k + t)]);
const plain = (batches: readonly LaneBatch[]) =>
  batches.map(({ x, y, starts, lengths, spans }) => ({
    x: [x.shape, ...x.data],
    y: [y?.shape, ...(y?.data ?? [])],
    starts: [...starts],
    lengths: [...lengths],
    spans,
  }));

describe('lanes over async sources', () => {
  test('give what the same sequences in memory give', async () => {
    const cases = fc.record({
      lengths: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 }),
      lanes: fc.integer({ min: 1, max: 4 }),
      steps: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 })),
      targets: fc.constantFrom(undefined, 'next' as const, [1]),
      sectionSteps: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ lengths, targets, sectionSteps, ...rest }) => {
        fc.pre(lengths.some((length) => length > 1));
        const options = { ...rest, ...(targets && { targets }), ...(sectionSteps && { sectionSteps }) } as LanesOptions;
        const rows = lengths.map((length, k) => rowsOf(k + 1, length));
        const expected = plain([...lanes(rows, options)]);
        const sources = rows.map((part) => asyncRows(part));
        expect(
          plain(
            await collect(
              lanes(
                sources.map(({ open }) => open),
                options,
              ),
            ),
          ),
        ).toEqual(expected);
        expect(sources.map(({ given }) => given)).toEqual(lengths);
        const arriving = asyncRows(rows.map((part, k) => (k % 2 === 0 ? series(part) : part)));
        expect(plain(await collect(lanes(arriving.open as AsyncSequences, options)))).toEqual(expected);
        const opened = asyncRows(rows.map((part) => asyncRows(part).open()));
        expect(plain(await collect(lanes(opened.open as AsyncSequences, options)))).toEqual(expected);
        if (lengths[0] < 2) return;
        const whole = { ...options, sectionSteps: sectionSteps ?? 5 };
        expect(plain(await collect(lanes(asyncRows(rows[0]).open, whole)))).toEqual(plain([...lanes(series(rows[0]), whole)]));
      }),
      { numRuns: 120 },
    );
  });

  test('one source in one lane is one long series, read in consecutive chunks', async () => {
    const batches = await collect(lanes(asyncRows([0, 1, 2, 3, 4, 5, 6]).open, { lanes: 1, steps: 3, targets: 'next' }));
    expect(batches.map(({ x }) => Array.from(x.data))).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect(batches.map(({ y }) => Array.from(y?.data ?? []))).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(batches.map(({ starts }) => [...starts])).toEqual([[1], [0]]);
  });

  test('one source in several lanes is cut after 100 batches of steps unless told otherwise', async () => {
    const batches = await collect(lanes(asyncRows(Array.from({ length: 500 }, (_, t) => t)).open, { lanes: 2, steps: 2 }));
    expect(batches.length).toBe(150);
    expect(Array.from(batches[0].x.data)).toEqual([0, 1, 200, 201]);
    expect(batches.flatMap(({ starts }, b) => (starts.includes(1) ? [b] : []))).toEqual([0, 100]);
    const steps = batches.flatMap(({ spans }) => spans.map((span) => (span === null ? 0 : span.end - span.start)));
    expect(steps.reduce((sum, count) => sum + count, 0)).toBe(500);
  });

  test('pairs of rows bring their own targets', async () => {
    const pairs = [
      { x: [1, 2], y: 3 },
      { x: [4, 5], y: 6 },
      { x: [7, 8], y: 9 },
    ];
    const [first, second] = await collect(lanes(asyncRows(pairs).open, { steps: 2 }));
    expect([first.x.toNested(), first.y?.toNested()]).toEqual([
      [
        [
          [1, 2],
          [4, 5],
        ],
      ],
      [[[3], [6]]],
    ]);
    expect([second.x.toNested(), second.y?.toNested()]).toEqual([
      [
        [
          [7, 8],
          [0, 0],
        ],
      ],
      [[[9], [0]]],
    ]);
    const rows = [0, 1, 2, 3, 4];
    expect(plain(await collect(lanes(() => nextStep(asyncRows(rows).open), { steps: 2 })))).toEqual(
      plain([...lanes([rows], { steps: 2, targets: 'next' })]),
    );
  });

  test('run no more than two rows a lane ahead, and close every source when the loop breaks off', async () => {
    const sources = Array.from({ length: 5 }, (_, k) => asyncRows(rowsOf(k + 1, 100)));
    let count = 0;
    for await (const batch of lanes(
      sources.map(({ open }) => open),
      { lanes: 3, steps: 4, targets: 'next' },
    )) {
      count++;
      for (const [lane, span] of batch.spans.entries()) expect(sources[lane].given).toBe((span?.end ?? 0) + 2);
      if (count === 6) break;
    }
    expect(sources.map(({ given }) => given)).toEqual([26, 26, 26, 0, 0]);
    expect(sources.map(({ closed }) => closed)).toEqual([1, 1, 1, 0, 0]);
  });

  test('sections hold one section a lane and no more', async () => {
    const source = asyncRows(Array.from({ length: 1000 }, (_, t) => t));
    let returned = 0;
    for await (const { lengths } of lanes(source.open, { lanes: 4, steps: 5, sectionSteps: 20 })) {
      returned += lengths.reduce((sum, length) => sum + length, 0);
      expect(source.given - returned).toBeLessThanOrEqual(4 * 20 + 1);
      if (returned > 500) break;
    }
    expect(source.closed).toBe(1);
  });

  test('a long stream passes through in constant memory', async () => {
    const total = 1_000_000;
    async function* rows() {
      for (let t = 0; t < total; t++) yield [t % 1000, 1];
    }
    let steps = 0;
    let sum = 0;
    let peak = 0;
    let batches = 0;
    const before = process.memoryUsage().rss;
    for await (const { x, lengths } of lanes(rows, { lanes: 1, steps: 100, targets: 'next' })) {
      for (const length of lengths) steps += length;
      sum += x.data[0];
      if (++batches % 500 === 0) peak = Math.max(peak, process.memoryUsage().rss - before);
    }
    expect(steps).toBe(total - 1);
    expect(sum).toBe((total / 1000) * (0 + 100 + 200 + 300 + 400 + 500 + 600 + 700 + 800 + 900));
    // The rows alone, kept as float32 with their targets, would be 16 MB, as arrays 80 MB.
    expect(peak).toBeLessThan(50e6);
  });

  test('a function opens its source for every pass; a source that is used up throws', async () => {
    const reopened = lanes(asyncRows([1, 2, 3]).open, { steps: 2 });
    expect(plain(await collect(reopened))).toEqual(plain(await collect(reopened)));
    const once = lanes(asyncRows([1, 2, 3]).open(), { steps: 2 });
    await collect(once);
    expect(await codeOf(() => collect(once))).toBe('SOURCE_USED_UP');
    const list = lanes([asyncRows([1, 2]).open(), asyncRows([3, 4]).open()], { steps: 2 });
    await collect(list);
    expect(await codeOf(() => collect(list))).toBe('SOURCE_USED_UP');
    const half = lanes([[1, 2], asyncRows([3, 4]).open()], { steps: 2 });
    await collect(half);
    expect(await codeOf(() => collect(half))).toBe('SOURCE_USED_UP');
    const broken = lanes(asyncRows([1, 2, 3, 4]).open(), { steps: 2 });
    for await (const _ of broken) break;
    expect(await codeOf(() => collect(broken))).toBe('SOURCE_USED_UP');
  });

  test('explains itself', () => {
    expect(lanes(asyncRows([1]).open, { lanes: 4, steps: [2, 3], targets: 'next' }).explain()).toMatchInlineSnapshot(`
      "lanes: an async source in 4 lanes, batches of 2, 3 steps in turn
        Rows are cut into sections of 300 steps; each runs in a lane of its own,
        from a fresh state.
        The target of each step is the step after it.
        Held in memory: 4 sections of 300 rows, and one batch of 4 × 3 steps."
    `);
    expect(lanes([asyncRows([1]).open, asyncRows([2]).open], { steps: 50 }).explain()).toMatchInlineSnapshot(`
      "lanes: 2 sequences in 2 lanes, batches of 50 steps
        Each source is one sequence, read in consecutive chunks into one lane.
        Held in memory: 2 rows ahead, and one batch of 2 × 50 steps."
    `);
  });

  test.each([
    ['NO_STEPS', () => collect(lanes(asyncRows([]).open, { steps: 1 }))],
    ['NO_STEPS', () => collect(lanes(asyncRows([1]).open, { steps: 1, targets: 'next' }))],
    ['FEATURES_DIFFER', () => collect(lanes(asyncRows([[1, 2], [3]]).open, { steps: 1 }))],
    ['FEATURES_DIFFER', () => collect(lanes([asyncRows([[1, 2]]).open, asyncRows([3]).open] as AsyncSequences, { steps: 1 }))],
    ['NOT_A_NUMBER', () => collect(lanes(asyncRows([1, Number.NaN]).open, { steps: 1 }))],
    ['CONTRADICTORY_OPTIONS', () => collect(lanes(asyncRows([{ x: 1, y: 2 }]).open, { steps: 1, targets: 'next' }))],
    ['UNKNOWN_FEATURE', () => collect(lanes(asyncRows([1, 2]).open, { steps: 1, targets: [1] }))],
    ['INVALID_OPTION', () => lanes(asyncRows([1]).open, { steps: 0 })],
    ['INVALID_SOURCE', () => collect(lanes((() => 7) as unknown as () => AsyncIterable<number>, { steps: 1 }))],
  ])('throws %s', async (code, call) => {
    expect(await codeOf(call)).toBe(code);
  });
});
