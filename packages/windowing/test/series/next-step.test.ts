import { ndarray } from '@cellstate/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextStep, series, slidingWindows } from '../../src/index.ts';
import { asyncRows, codeOf, collect } from '../async-rows.ts';

describe('nextStep', () => {
  test('y is x one step later, for a series, an array, a list and async rows', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 20 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 3 }),
        async (steps, features, count) => {
          const rows = (n: number) =>
            Array.from({ length: steps }, (_, t) => Array.from({ length: features }, (_, f) => n * 1000 + t * 10 + f));
          const nested = Array.from({ length: count }, (_, n) => rows(n));
          const { x, y } = nextStep(ndarray(nested));
          expect(x.toNested()).toEqual(nested.map((part) => part.slice(0, -1)));
          expect(y.toNested()).toEqual(nested.map((part) => part.slice(1)));
          const list = nextStep(nested.map((part) => series(part)));
          expect(list.map((pair) => pair.x.toNested())).toEqual(x.toNested());
          expect(list.map((pair) => pair.y.toNested())).toEqual(y.toNested());
          const one = nextStep(series(rows(0)));
          expect([one.x.toNested(), one.y.toNested()]).toEqual([rows(0).slice(0, -1), rows(0).slice(1)]);
          const pairs = await collect(nextStep(asyncRows(rows(0)).open));
          expect(pairs.map((pair) => [Array.from(pair.x), Array.from(pair.y)])).toEqual(
            rows(0)
              .slice(1)
              .map((row, t) => [rows(0)[t], row]),
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  test('keeps names; takes plain numbers and arrays [steps, features]', () => {
    expect(nextStep(series({ p: [1, 2], t: [3, 4] })).y.names).toEqual(['p', 't']);
    expect(nextStep(ndarray([[1], [2], [3]])).y.toNested()).toEqual([[2], [3]]);
  });

  test('does not call its arrays windows', () => {
    const windows = slidingWindows([1, 2, 3, 4], { length: 3 }).toArrays().x;
    expect(nextStep(windows).x.origin).toBeUndefined();
  });

  test('async rows hold one row back and close their source', async () => {
    const source = asyncRows([1, 2, 3, 4, 5]);
    let count = 0;
    for await (const _ of nextStep(source.open)) {
      expect(source.given).toBe(++count + 1);
      if (count === 2) break;
    }
    expect(source.closed).toBe(1);
  });

  test.each([
    ['SERIES_TOO_SHORT', () => nextStep([1])],
    ['SERIES_TOO_SHORT', () => nextStep(ndarray([[[1]]]))],
    ['SERIES_TOO_SHORT', () => nextStep([series([1, 2]), series([1])])],
    ['SERIES_TOO_SHORT', () => collect(nextStep(asyncRows([1]).open))],
    ['FEATURES_DIFFER', () => collect(nextStep(asyncRows<number | number[]>([1, [2, 3]]).open))],
    [
      'SOURCE_USED_UP',
      async () => {
        const pairs = nextStep(asyncRows([1, 2]).open());
        await collect(pairs);
        await collect(pairs);
      },
    ],
  ])('throws %s', async (code, call) => {
    expect(await codeOf(call)).toBe(code);
  });
});
