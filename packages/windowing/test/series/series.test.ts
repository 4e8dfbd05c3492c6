import { ndarray, stack } from '@cellstate/core';
import { describe, expect, test } from 'vitest';
import { isSeries, series } from '../../src/index.ts';
import { asyncRows, codeOf, messageOf } from '../async-rows.ts';

describe('series', () => {
  test('reads rows, columns, flat numbers and arrays as the same numbers', () => {
    const rows = [
      [1, 20],
      [2, 30],
      [4, 50],
    ];
    const expected = [1, 20, 2, 30, 4, 50];
    for (const input of [rows, ndarray(rows), { a: [1, 2, 4], b: [20, 30, 50] }]) {
      const s = series(input);
      expect(Array.from(s.values)).toEqual(expected);
      expect([s.steps, s.features]).toEqual([3, 2]);
      expect(s.shape).toEqual([3, 2]);
    }
    expect(series([1, 2, 4]).shape).toEqual([3, 1]);
    expect(series(ndarray([1, 2, 4])).shape).toEqual([3, 1]);
    expect(series(Float64Array.of(1, 2, 4)).toNested()).toEqual([[1], [2], [4]]);
    expect(series(Int32Array.of(1, 2)).values).toBeInstanceOf(Float32Array);
  });

  test('names features: given, by column, or numbered', () => {
    expect(series([[1, 2]], { names: ['p', 't'] }).names).toEqual(['p', 't']);
    expect(series({ p: [1], t: [2] }).names).toEqual(['p', 't']);
    expect(series([[1, 2]]).names).toEqual(['feature 1', 'feature 2']);
    const renamed = series(series([[1, 2]]), { names: ['p', 't'] });
    expect(renamed.names).toEqual(['p', 't']);
    expect(series(renamed)).toBe(renamed);
  });

  test('keeps a Float32Array instead of copying it', () => {
    const values = Float32Array.of(1, 2, 3);
    expect(series(values).values).toBe(values);
    expect(series(values).rows(1).values.buffer).toBe(values.buffer);
  });

  test('is an array: at, slice, stack', () => {
    const s = series([
      [1, 20],
      [2, 30],
    ]);
    expect(s.at(-1, 1)).toBe(30);
    expect(stack([s, s]).shape).toEqual([2, 2, 2]);
    expect(isSeries(s)).toBe(true);
    expect(isSeries(ndarray([[1]]))).toBe(false);
  });

  test('rows and select remember where they come from', () => {
    const s = series({ p: [0, 1, 2, 3, 4], t: [9, 8, 7, 6, 5] });
    const part = s.rows(1, -1);
    expect(part.toNested()).toEqual([
      [1, 8],
      [2, 7],
      [3, 6],
    ]);
    expect(part.part).toEqual({ name: 'rows', start: 1, end: 4 });
    expect(part.rows(-1).part).toEqual({ name: 'rows', start: 3, end: 4 });
    expect(part.select(['t', 0]).toNested()).toEqual([
      [8, 1],
      [7, 2],
      [6, 3],
    ]);
    expect(part.select([1]).part).toEqual(part.part);
    expect(s.rows(4, 2).steps).toBe(0);
  });

  test('collects async rows, also when the source reuses its row', async () => {
    const row = [0, 0];
    async function* reused() {
      for (let i = 0; i < 3; i++) {
        row[0] = i;
        row[1] = 10 * i;
        yield row;
      }
    }
    expect((await series(reused(), { names: ['a', 'b'] })).toNested()).toEqual([
      [0, 0],
      [1, 10],
      [2, 20],
    ]);
    expect((await series(asyncRows([5, 6]).open)).toNested()).toEqual([[5], [6]]);
  });

  test('says where a value is missing', () => {
    expect(
      messageOf(() =>
        series([
          [1, 2],
          [3, Number.NaN],
        ]),
      ),
    ).toMatchInlineSnapshot(`
      "A series holds finite numbers only. [NOT_A_NUMBER]
        expected: a finite number
        received: NaN
        where: series, row 1, feature 1
        hint: Fill gaps first, or put a mask value there that a masking layer skips."
    `);
    expect(messageOf(() => series(Float32Array.of(1, Number.POSITIVE_INFINITY)))).toContain('row 1, feature 0');
  });

  test.each([
    ['FEATURES_DIFFER', () => series([[1, 2], [3]])],
    ['FEATURES_DIFFER', () => series([[1, 2], 3 as unknown as number[]])],
    ['NOT_A_NUMBER', () => series(['1' as unknown as number])],
    ['COLUMNS_DIFFER', () => series({ a: [1, 2], b: [1] })],
    ['NAMES_DIFFER', () => series([[1, 2]], { names: ['one'] })],
    ['NAMES_DIFFER', () => series([[1, 2]], { names: ['one', 'one'] })],
    ['INVALID_SERIES', () => series(7 as unknown as number[])],
    ['INVALID_SERIES', () => series(ndarray([[[1]]]))],
    ['UNKNOWN_OPTION', () => series([1], { name: 'p' } as object)],
    ['UNKNOWN_FEATURE', () => series([1]).select(['p'])],
    ['UNKNOWN_FEATURE', () => series([1]).select([1])],
    ['UNKNOWN_FEATURE', () => series([1]).select([])],
    ['INVALID_SOURCE', () => series((() => 7) as never)],
  ])('throws %s', async (code, call) => {
    expect(await codeOf(call)).toBe(code);
  });
});
