import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isNdArray, type NdArray, type NestedNumbers, ndarray } from '../src/ndarray.ts';
import { size } from '../src/shape.ts';

const shapes = fc.array(fc.nat(4), { maxLength: 4 });

/** An array that holds 0, 1, 2, … in row-major order. */
const counting = (shape: readonly number[]): NdArray =>
  ndarray(
    Float32Array.from({ length: size(shape) }, (_, i) => i),
    shape,
  );

/** Every tuple of indices of a shape, in row-major order. */
function indices(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>((tuples, length) => tuples.flatMap((tuple) => Array.from({ length }, (_, i) => [...tuple, i])), [[]]);
}

function pick(nested: NestedNumbers, index: readonly number[]): NestedNumbers {
  return index.reduce<NestedNumbers>((part, i) => (part as NestedNumbers[])[i] as NestedNumbers, nested);
}

describe('ndarray', () => {
  test.each([
    ['a number', 3, [], [3]],
    ['an empty list', [], [0], []],
    [
      'rows',
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      [2, 3],
      [1, 2, 3, 4, 5, 6],
    ],
    ['empty rows', [[], []], [2, 0], []],
    [
      'deeper rows',
      [
        [[1], [2]],
        [[3], [4]],
      ],
      [2, 2, 1],
      [1, 2, 3, 4],
    ],
  ])('takes %s', (_name, nested, shape, values) => {
    const array = ndarray(nested);
    expect(array.shape).toEqual(shape);
    expect(array.data).toEqual(Float32Array.from(values));
  });

  test('makes a mask of booleans alone, and floats of a mixture', () => {
    expect(ndarray([[true, false]]).data).toEqual(Uint8Array.of(1, 0));
    expect(ndarray([true, 0.5]).data).toEqual(Float32Array.of(1, 0.5));
  });

  test('keeps a typed array, under one axis or a shape', () => {
    const data = Int32Array.of(1, 2, 3, 4);
    expect(ndarray(data).shape).toEqual([4]);
    expect(ndarray(data, [2, 2]).data).toBe(data);
  });

  test('gives nested numbers a shape', () => {
    expect(ndarray([1, 2, 3, 4], [2, 2]).toNested()).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test('does not share its shape with the caller', () => {
    const shape = [2, 1];
    const array = ndarray(Float32Array.of(1, 2), shape);
    shape[0] = 7;
    expect(array.shape).toEqual([2, 1]);
  });

  test.each([[[[1, 2], [3]]], [[[1], 2]], [[1, [2]]], [[[1], [2, [3]]]]])('refuses the rows %j', (rows) => {
    expect(() => ndarray(rows)).toThrow(expect.objectContaining({ code: 'RAGGED_ARRAY' }));
  });

  test('tells which row is too short, and what to use', () => {
    expect(() => ndarray([[1, 2], [3]])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: All rows of an array must have one length. [RAGGED_ARRAY]
        expected: a length of 2 along axis 1
        received: a length of 1
        where: ndarray
        hint: Sequences of different lengths: padSequences or lanes in @cellstate/windowing.]
    `);
    expect(() => ndarray([[1], 2])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: All rows of an array must have one length. [RAGGED_ARRAY]
        expected: a length of 1 along axis 1
        received: a number
        where: ndarray
        hint: Sequences of different lengths: padSequences or lanes in @cellstate/windowing.]
    `);
  });

  test('tells what is not a number', () => {
    expect(() => ndarray([1, 'two'] as never)).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: An array holds numbers or booleans. [NOT_A_NUMBER]
        expected: numbers
        received: "two"
        where: ndarray, value 1]
    `);
    expect(() => ndarray([1, null] as never)).toThrow('received: null');
    expect(() => ndarray(Float64Array.of(1) as never)).toThrow('received: a Float64Array');
  });

  test('refuses a shape the values do not fill', () => {
    expect(() => ndarray(Float32Array.of(1, 2, 3), [2, 2])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The values do not fill the shape. [SHAPE_MISMATCH]
        expected: 4 values for [2, 2]
        received: 3 values
        where: ndarray]
    `);
    expect(() => ndarray(Float32Array.of(1, 2, 3), [1.5, 2])).toThrow('whole numbers of values for [1.5, 2]');
  });

  test('is told from what looks like it', () => {
    expect(isNdArray(ndarray([1]))).toBe(true);
    expect([[1], Float32Array.of(1), { data: Float32Array.of(1), shape: [1] }, null].map(isNdArray)).toEqual([false, false, false, false]);
  });
});

describe('at', () => {
  test('counts in row-major order, from either end', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const array = counting(shape);
        for (const [position, index] of indices(shape).entries()) {
          expect(array.at(...index)).toBe(position);
          expect(array.at(...index.map((i, axis) => i - (shape[axis] as number)))).toBe(position);
        }
      }),
    );
  });

  test.each([[[2, 0]], [[0, -4]], [[0]], [[0, 0, 0]], [[0.5, 0]], [[Number.NaN, 0]]])('has nothing at %j of [2, 3]', (index) => {
    expect(() => counting([2, 3]).at(...index)).toThrow(expect.objectContaining({ code: 'INDEX_OUT_OF_RANGE' }));
  });

  test('says where it looked', () => {
    expect(() => counting([2, 3]).at(1, 3)).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: No value at these indices. [INDEX_OUT_OF_RANGE]
        expected: 2 indices within [2, 3]
        received: (1, 3)
        where: at]
    `);
  });
});

describe('toNested', () => {
  test('is undone by ndarray', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }), (shape) => {
        const array = counting(shape);
        const again = ndarray(array.toNested());
        expect(again.shape).toEqual(array.shape);
        expect(again.data).toEqual(array.data);
      }),
    );
  });
});

test('JSON has the shape and the values in order', () => {
  expect(
    JSON.stringify(
      ndarray([
        [1, 2.5],
        [3, 4],
      ]),
    ),
  ).toBe('{"shape":[2,2],"data":[1,2.5,3,4]}');
});

describe('slice', () => {
  const bound = fc.integer({ min: -6, max: 6 });
  const range = fc.option(fc.oneof(fc.tuple(bound), fc.tuple(bound, bound)), { nil: null });

  test('takes what the same slices of nested arrays take', () => {
    fc.assert(
      fc.property(
        shapes.chain((shape) => fc.tuple(fc.constant(shape), fc.array(range, { maxLength: shape.length }))),
        ([shape, ranges]) => {
          const array = counting(shape);
          const cut = array.slice(ranges as ([number, number?] | null)[]);
          // JavaScript's own Array.slice has the same bounds: an axis of positions, cut.
          const kept = shape.map((length, axis) => {
            const positions = Array.from({ length }, (_, i) => i);
            const [start, end] = ranges[axis] ?? [0];
            return positions.slice(start, end);
          });
          expect(cut.shape).toEqual(kept.map((positions) => positions.length));
          const nested = array.toNested();
          for (const index of indices(cut.shape)) {
            const origin = index.map((i, axis) => (kept[axis] as number[])[i] as number);
            expect(cut.at(...index)).toBe(pick(nested, origin));
          }
        },
      ),
    );
  });

  test('copies, and keeps the kind of number', () => {
    const array = ndarray(Int32Array.of(1, 2, 3));
    const cut = array.slice([[1]]);
    cut.data[0] = 9;
    expect(array.data).toEqual(Int32Array.of(1, 2, 3));
    expect(cut.data).toEqual(Int32Array.of(9, 3));
  });

  test('takes a single number as it is', () => {
    expect(ndarray(3).slice([]).toNested()).toBe(3);
  });

  test('refuses more ranges than axes, and bounds that are not whole', () => {
    expect(() => counting([2]).slice([null, [0, 1]])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: More ranges than axes. [SHAPE_MISMATCH]
        expected: at most 1 for shape [2]
        received: 2
        where: slice]
    `);
    expect(() => counting([2, 4]).slice([null, [0.5, 2]])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: A range has whole bounds. [INDEX_OUT_OF_RANGE]
        expected: [start, end] of integers
        received: [0.5, 2]
        where: slice, axis 1]
    `);
  });
});

describe('reshape', () => {
  test('keeps the order of the values, and the values themselves', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const array = counting(shape);
        const flat = array.reshape([-1]);
        expect(flat.shape).toEqual([size(shape)]);
        expect(flat.data).toBe(array.data);
        expect(flat.reshape(shape).toNested()).toEqual(array.toNested());
      }),
    );
  });

  test('finds the open axis', () => {
    expect(counting([4, 6]).reshape([3, -1, 2]).shape).toEqual([3, 4, 2]);
  });

  test.each([[[5]], [[-1, -1]], [[4, -1]], [[-2, -3]], [[1.5, 4]], [[0, -1]]])('refuses %j for six values', (shape) => {
    expect(() => counting([2, 3]).reshape(shape)).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH', where: 'reshape' }));
  });

  test('says how many values there are', () => {
    expect(() => counting([2, 3]).reshape([4, -1])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The values do not fill the new shape. [SHAPE_MISMATCH]
        expected: 6 values, as in [2, 3]
        received: [4, -1]
        where: reshape]
    `);
  });
});

test('where an array was cut from stays with its slices and shapes', () => {
  const origin = { source: 'tank', length: 3, stride: 1 };
  const windows = ndarray(new Float32Array(12), [2, 3, 2], origin);
  expect(windows.origin).toEqual(origin);
  expect(windows.slice([[0, 1]]).origin).toEqual(origin);
  expect(windows.reshape([2, 6]).origin).toEqual(origin);
  expect('origin' in ndarray([1])).toBe(false);
});
