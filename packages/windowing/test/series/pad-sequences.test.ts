import { ndarray } from '@cellstate/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PadOptions, padSequences } from '../../src/index.ts';
import { codeOf, messageOf } from '../async-rows.ts';

describe('padSequences', () => {
  test.each([
    [
      {},
      [
        [0, 0, 1],
        [0, 2, 3],
        [4, 5, 6],
      ],
    ],
    [
      { maxLength: 2 },
      [
        [0, 1],
        [2, 3],
        [5, 6],
      ],
    ],
    [
      { maxLength: 2, truncating: 'post' },
      [
        [0, 1],
        [2, 3],
        [4, 5],
      ],
    ],
    [
      { maxLength: 2, padding: 'post', truncating: 'post', value: 9 },
      [
        [1, 9],
        [2, 3],
        [4, 5],
      ],
    ],
    [
      { maxLength: null, padding: 'post' },
      [
        [1, 0, 0],
        [2, 3, 0],
        [4, 5, 6],
      ],
    ],
  ] as [PadOptions, number[][]][])("%o gives Keras' table", (options, expected) => {
    const padded = padSequences([[1], [2, 3], [4, 5, 6]], options);
    expect(padded.toNested()).toEqual(expected);
    expect(padded.data).toBeInstanceOf(Int32Array);
  });

  test('empty sequences are all value; rows keep their axes', () => {
    expect(padSequences([[], [1]], { value: 7 }).toNested()).toEqual([[7], [1]]);
    expect(
      padSequences([
        [[1, 2]],
        [
          [3, 4],
          [5, 6],
        ],
      ]).toNested(),
    ).toEqual([
      [
        [0, 0],
        [1, 2],
      ],
      [
        [3, 4],
        [5, 6],
      ],
    ]);
    expect(padSequences([]).shape).toEqual([0, 0]);
    expect(padSequences([Int32Array.of(1, 2), ndarray([3])], { maxLength: 3 }).toNested()).toEqual([
      [0, 1, 2],
      [0, 0, 3],
    ]);
    expect(padSequences([[1], [2]], { maxLength: 0 }).shape).toEqual([2, 0]);
  });

  test('every kept value is where the options say', () => {
    const options = fc.record({
      maxLength: fc.integer({ min: 0, max: 8 }),
      padding: fc.constantFrom('pre' as const, 'post' as const),
      truncating: fc.constantFrom('pre' as const, 'post' as const),
    });
    fc.assert(
      fc.property(fc.array(fc.array(fc.integer({ min: 1, max: 99 }), { maxLength: 10 }), { minLength: 1 }), options, (sequences, given) => {
        const { maxLength, padding, truncating } = given;
        const expected = sequences.map((sequence) => {
          const kept = truncating === 'pre' ? sequence.slice(Math.max(0, sequence.length - maxLength)) : sequence.slice(0, maxLength);
          const fill = new Array(maxLength - kept.length).fill(-1);
          return padding === 'pre' ? [...fill, ...kept] : [...kept, ...fill];
        });
        expect(padSequences(sequences, { ...given, value: -1 }).toNested()).toEqual(expected);
      }),
    );
  });

  test('does not cut off fractions in silence', () => {
    expect(messageOf(() => padSequences([[1], [0.5]]))).toMatchInlineSnapshot(`
      "An int32 array cannot hold this number. [NOT_A_WHOLE_NUMBER]
        expected: a whole number
        received: 0.5
        where: padSequences, sequence 1
        hint: Keras would cut it off. Pass dtype: 'float32' to keep it."
    `);
    expect(padSequences([[1], [0.5]], { dtype: 'float32' }).toNested()).toEqual([[1], [0.5]]);
  });

  test.each([
    ['INVALID_OPTION', () => padSequences([[1]], { padding: 'left' as 'pre' })],
    ['INVALID_OPTION', () => padSequences([[1]], { truncating: 'left' as 'pre' })],
    ['INVALID_OPTION', () => padSequences([[1]], { dtype: 'float64' as 'float32' })],
    ['INVALID_OPTION', () => padSequences([[1]], { maxLength: -1 })],
    ['NOT_A_WHOLE_NUMBER', () => padSequences([[1]], { value: 0.5 })],
    ['SHAPE_MISMATCH', () => padSequences([[[1, 2]], [[3]]])],
    ['INVALID_ARRAY', () => padSequences([[1], 2 as never])],
    ['UNKNOWN_OPTION', () => padSequences([[1]], { maxlen: 3 } as PadOptions)],
  ])('throws %s', async (code, call) => {
    expect(await codeOf(call)).toBe(code);
  });
});
