import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SplitOptions, series, splitSeries } from '../../src/index.ts';
import { codeOf, messageOf } from '../async-rows.ts';

const steps = (n: number) => series(Array.from({ length: n }, (_, i) => i));
const edges = (n: number, options?: SplitOptions) => {
  const { train, validation, test } = splitSeries(steps(n), options);
  return [train, validation, test].map(({ values }) => (values.length === 0 ? [] : [values[0], values.at(-1)]));
};

describe('splitSeries', () => {
  test('cuts in order of time, shares rounded down', () => {
    expect(edges(100)).toEqual([
      [0, 69],
      [70, 84],
      [85, 99],
    ]);
    expect(edges(10, { train: 0.6, validation: 0.2 })).toEqual([
      [0, 5],
      [6, 7],
      [8, 9],
    ]);
    expect(edges(10, { train: 0.6, validation: 0.2, gap: 1 })).toEqual([
      [0, 5],
      [7, 7],
      [9, 9],
    ]);
    expect(edges(144, { train: 0.67, validation: 0 })).toEqual([[0, 95], [], [96, 143]]);
    expect(edges(100, { train: 0.29, validation: 0.71 })).toEqual([[0, 28], [29, 99], []]);
    expect(edges(20, { train: 12, validation: 5 })).toEqual([
      [0, 11],
      [12, 16],
      [17, 19],
    ]);
  });

  test('loses nothing but the gaps, and overlaps nowhere', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 300 }), fc.integer({ min: 0, max: 3 }), (n, gap) => {
        const { train, validation, test } = splitSeries(steps(n), { train: 0.5, validation: 0.25, gap });
        const a = Math.floor(n / 2);
        const b = a + Math.floor(n / 4);
        const all = Array.from({ length: n }, (_, i) => i);
        const kept = [...train.values, ...validation.values, ...test.values];
        expect(kept).toEqual(all.filter((i) => i < a || (i >= a + gap && i < b) || i >= b + gap));
        expect(test.part).toEqual({ name: 'test', start: b + gap, end: n });
      }),
    );
  });

  test('cuts a list series by series, and keeps names', () => {
    const { train, test } = splitSeries([steps(10), steps(20)], { train: 0.5, validation: 0 });
    expect(train.map((part) => part.steps)).toEqual([5, 10]);
    expect(test[1].values[0]).toBe(10);
    expect(splitSeries(series({ p: [1, 2, 3, 4] }), { train: 0.5, validation: 0.25 }).test.names).toEqual(['p']);
  });

  test('says which part would be empty', () => {
    expect(messageOf(() => splitSeries(steps(10), { train: 0.8, validation: 0.1, gap: 1 }))).toMatchInlineSnapshot(`
      "The validation part would hold no step. [SPLIT_EMPTY]
        expected: at least 1 step behind the gap
        received: a series of 10 steps
        where: splitSeries
        hint: Enlarge its share, shorten the gap, or supply a longer series."
    `);
  });

  test.each([
    ['SPLIT_EMPTY', () => splitSeries(steps(3), { train: 0.1 })],
    ['SPLIT_EMPTY', () => splitSeries(steps(10), { train: 0.5, validation: 0.4, gap: 1 })],
    ['INVALID_OPTION', () => splitSeries(steps(10), { train: 0.8, validation: 0.3 })],
    ['INVALID_OPTION', () => splitSeries(steps(10), { train: 8, validation: 3 })],
    ['INVALID_OPTION', () => splitSeries(steps(10), { train: 1 })],
    ['INVALID_OPTION', () => splitSeries(steps(10), { train: -0.5 })],
    ['INVALID_OPTION', () => splitSeries(steps(10), { gap: 0.5 })],
    ['UNKNOWN_OPTION', () => splitSeries(steps(10), { test: 0.1 } as SplitOptions)],
    [
      'ASYNC_SOURCE',
      () =>
        splitSeries(
          (async function* () {
            yield 1;
          })() as never,
        ),
    ],
  ])('throws %s', async (code, call) => {
    expect(await codeOf(call)).toBe(code);
  });
});
