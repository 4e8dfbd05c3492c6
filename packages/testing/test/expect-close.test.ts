import { describe, expect, test } from 'vitest';
import { expectClose } from '../src/index.ts';

describe('expectClose', () => {
  test('accepts numbers, lists, typed arrays and anything with shape and data', () => {
    expectClose(1 + 1e-7, 1);
    expectClose(new Float32Array([1, 2]), [1, 2]);
    expectClose(
      [
        [1, 2],
        [3, 4],
      ],
      { shape: [2, 2], data: [1, 2, 3, 4] },
    );
    expectClose({ shape: [2, 2], dataSync: () => [1, 2, 3, 4] }, new Float64Array([1, 2, 3, 4]));
    expectClose([], []);
  });

  test('reports the worst element, not the first', () => {
    expect(() =>
      expectClose(
        [
          [1, 2.1],
          [3, 5],
        ],
        [
          [1, 2],
          [3, 4],
        ],
        { absolute: 0.01, relative: 0.001 },
      ),
    ).toThrowErrorMatchingInlineSnapshot(`
      [Error: 2 of 4 elements differ by more than the tolerance; the worst:
        index:    [1, 1] of [2,2]
        expected: 4
        received: 5
        error:    1.000e+0 absolute, 2.500e-1 relative
        allowed:  0.01 + 0.001 · |expected| = 1.400e-2]
    `);
  });

  test('allows absolute + relative · |expected|, and not a hair more', () => {
    expectClose(100.9, 100, { absolute: 0, relative: 0.01 });
    expect(() => expectClose(101.1, 100, { absolute: 0, relative: 0.01 })).toThrow('1 of 1 elements');
    expectClose(101.1, 100, { absolute: 0.2, relative: 0.01 });
  });

  test('NaN agrees with NaN alone, an infinity with itself alone', () => {
    expectClose([Number.NaN, Number.POSITIVE_INFINITY], [Number.NaN, Number.POSITIVE_INFINITY]);
    expect(() => expectClose(Number.NaN, 1)).toThrow('received: NaN');
    expect(() => expectClose(1, Number.NaN)).toThrow('expected: NaN');
    expect(() => expectClose(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)).toThrow('received: -Infinity');
  });

  test('refuses different shapes, lengths and ragged lists', () => {
    expect(() => expectClose([[1, 2]], [[1], [2]])).toThrow('Shapes differ: expected [2,1], received [1,2].');
    expect(() => expectClose([1, 2], [1])).toThrow('Lengths differ: expected 1 elements, received 2.');
    expect(() => expectClose([[1, 2], [3]], [1, 2, 3])).toThrow('Ragged');
  });
});
