import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, stack } from '../src/join.ts';
import { ndarray } from '../src/ndarray.ts';
import { size } from '../src/shape.ts';

describe('concat', () => {
  const cases = fc
    .record({ shape: fc.array(fc.nat(3), { minLength: 1, maxLength: 3 }), lengths: fc.array(fc.nat(3), { minLength: 1, maxLength: 4 }) })
    .chain(({ shape, lengths }) => fc.record({ shape: fc.constant(shape), lengths: fc.constant(lengths), axis: fc.nat(shape.length - 1) }));

  test('lays the parts one after the other, along any axis', () => {
    fc.assert(
      fc.property(cases, ({ shape, lengths, axis }) => {
        let next = 0;
        const parts = lengths.map((length) => {
          const partShape = shape.with(axis, length);
          return ndarray(
            Float32Array.from({ length: size(partShape) }, () => next++),
            partShape,
          );
        });
        const joined = concat(parts, axis);
        expect(joined.shape).toEqual(
          shape.with(
            axis,
            lengths.reduce((sum, length) => sum + length, 0),
          ),
        );
        // Cutting the parts out again gives every value back, so none is lost or moved.
        let start = 0;
        for (const part of parts) {
          const end = start + (part.shape[axis] as number);
          const ranges = shape.map((_, i): [number, number] | null => (i === axis ? [start, end] : null));
          expect(joined.slice(ranges).toNested()).toEqual(part.toNested());
          start = end;
        }
        expect(concat(parts, axis - shape.length).toNested()).toEqual(joined.toNested());
      }),
    );
  });

  test('keeps the kind of number, and copies', () => {
    const part = ndarray(Int32Array.of(1, 2));
    const joined = concat([part]);
    joined.data[0] = 9;
    expect(joined.data).toEqual(Int32Array.of(9, 2));
    expect(part.data).toEqual(Int32Array.of(1, 2));
  });

  test('refuses arrays that differ in another axis', () => {
    expect(() => concat([ndarray([[1, 2]]), ndarray([[3]])])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: Arrays to join must agree in every other axis. [SHAPE_MISMATCH]
        expected: [null, 2]
        received: [1, 1]
        where: concat, array 1]
    `);
    expect(() => concat([ndarray([1]), ndarray([[1]])])).toThrow('where: concat, array 1');
  });

  test('refuses numbers of several kinds', () => {
    expect(() => concat([ndarray([1]), ndarray(Int32Array.of(2))])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: Arrays to join must hold numbers of one kind. [DTYPE_MISMATCH]
        expected: Float32Array
        received: Int32Array
        where: concat, array 1
        hint: Convert it: ndarray(Float32Array.from(array.data), array.shape).]
    `);
  });

  test('refuses no arrays, and an axis that is not there', () => {
    expect(() => concat([])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: Nothing to join. [SHAPE_MISMATCH]
        expected: at least one array
        received: none
        where: concat]
    `);
    expect(() => concat([ndarray([1])], 1)).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: No such axis. [SHAPE_MISMATCH]
        expected: an axis in [-1, 0]
        received: 1
        where: concat]
    `);
    expect(() => concat([ndarray([1])], -2)).toThrow('received: -2');
    expect(() => concat([ndarray(1)])).toThrow('expected: arrays with an axis');
  });
});

describe('stack', () => {
  test('lays arrays along a new first axis', () => {
    expect(stack([ndarray([[1], [2]]), ndarray([[3], [4]]), ndarray([[5], [6]])]).toNested()).toEqual([
      [[1], [2]],
      [[3], [4]],
      [[5], [6]],
    ]);
    expect(stack([ndarray(1), ndarray(2)]).toNested()).toEqual([1, 2]);
  });

  test('takes series', () => {
    const tank = { values: Float32Array.of(1, 10, 2, 20), steps: 2, features: 2 };
    expect(stack([tank, tank]).toNested()).toEqual([
      [
        [1, 10],
        [2, 20],
      ],
      [
        [1, 10],
        [2, 20],
      ],
    ]);
  });

  test('refuses items of several shapes', () => {
    const short = { values: Float32Array.of(1, 10), steps: 1, features: 2 };
    const long = { values: Float32Array.of(1, 10, 2, 20), steps: 2, features: 2 };
    expect(() => stack([short, long])).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
  });
});
