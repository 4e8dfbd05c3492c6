import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDataset, series } from '../../src/index.ts';
import { asyncRows, codeOf, messageOf } from '../async-rows.ts';

/** The loop of the Python tutorials, with their `- 1`. */
function tutorial(values: readonly number[], lookBack: number): { x: number[][]; y: number[] } {
  const x: number[][] = [];
  const y: number[] = [];
  for (let i = 0; i < values.length - lookBack - 1; i++) {
    x.push(values.slice(i, i + lookBack));
    y.push(values[i + lookBack]);
  }
  return { x, y };
}

describe('createDataset', () => {
  test('gives the checked samples of six values, the last one only without the tutorial flag', () => {
    const values = [0, 1, 2, 3, 4, 5];
    const one = createDataset(values, { lookBack: 1, tutorialOffByOne: true });
    expect(one.x.reshape([-1]).toNested()).toEqual([0, 1, 2, 3]);
    expect(one.y.reshape([-1]).toNested()).toEqual([1, 2, 3, 4]);
    const three = createDataset(values, { lookBack: 3, tutorialOffByOne: true });
    expect(three.x.reshape([2, 3]).toNested()).toEqual([
      [0, 1, 2],
      [1, 2, 3],
    ]);
    expect(three.y.toNested()).toEqual([[3], [4]]);
    expect(createDataset(values, { lookBack: 3 }).y.toNested()).toEqual([[3], [4], [5]]);
    expect(createDataset(values).x.shape).toEqual([5, 1, 1]);
  });

  test('is the tutorial loop for any series', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -99, max: 99 }), { minLength: 3, maxLength: 40 }),
        fc.integer({ min: 1, max: 10 }),
        (values, lookBack) => {
          fc.pre(values.length >= lookBack + 2);
          const expected = tutorial(values, lookBack);
          const { x, y } = createDataset(values, { lookBack, tutorialOffByOne: true });
          expect(x.reshape([-1, lookBack]).toNested()).toEqual(expected.x);
          expect(y.reshape([-1]).toNested()).toEqual(expected.y);
          expect(createDataset(values, { lookBack }).x.shape).toEqual([values.length - lookBack, lookBack, 1]);
        },
      ),
    );
  });

  test('keeps every feature, in x and y', () => {
    const { x, y } = createDataset(series({ p: [1, 2, 3], t: [10, 20, 30] }), { lookBack: 2 });
    expect(x.toNested()).toEqual([
      [
        [1, 10],
        [2, 20],
      ],
    ]);
    expect(y.toNested()).toEqual([[3, 30]]);
  });

  test('says that its samples overlap, also after a reshape', () => {
    const { x } = createDataset([1, 2, 3, 4], { lookBack: 2 });
    expect(x.origin).toEqual({ source: 'createDataset', length: 2, stride: 1 });
    expect(x.reshape([-1, 1, 2]).origin).toEqual(x.origin);
    const tutorialX = createDataset([1, 2, 3, 4], { lookBack: 2, tutorialOffByOne: true }).x;
    expect(tutorialX.origin).toEqual(x.origin);
  });

  test('gives the same from async rows', async () => {
    const rows = [1, 4, 9, 16, 25];
    for (const tutorialOffByOne of [false, true]) {
      const expected = createDataset(rows, { lookBack: 2, tutorialOffByOne });
      const { x, y } = await createDataset(asyncRows(rows).open, { lookBack: 2, tutorialOffByOne });
      expect(x.toNested()).toEqual(expected.x.toNested());
      expect(y.toNested()).toEqual(expected.y.toNested());
      expect(x.origin).toEqual(expected.x.origin);
    }
  });

  test('names the length a series must have', () => {
    expect(messageOf(() => createDataset([1, 2, 3], { lookBack: 3 }))).toMatchInlineSnapshot(`
      "Not one window fits into the series. [SERIES_TOO_SHORT]
        expected: at least 4 steps
        received: 3 steps
        where: createDataset
        hint: Shorten the window, its horizon or its gap, or supply a longer series."
    `);
  });

  test.each([
    ['SERIES_TOO_SHORT', () => createDataset([1, 2, 3, 4], { lookBack: 3, tutorialOffByOne: true })],
    ['SERIES_TOO_SHORT', () => createDataset(asyncRows([1]).open)],
    ['INVALID_OPTION', () => createDataset([1, 2], { lookBack: 0 })],
    ['INVALID_OPTION', () => createDataset([1, 2], { lookBack: 1.5 })],
    ['UNKNOWN_OPTION', () => createDataset([1, 2], { look_back: 1 } as object)],
  ])('throws %s', async (code, call) => {
    expect(await codeOf(call)).toBe(code);
  });
});
