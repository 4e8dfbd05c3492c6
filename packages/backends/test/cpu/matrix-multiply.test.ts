import { asymmetric, expectClose } from '@cellstate/testing';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { type Matrix, transposed } from '../../src/cpu/matrix.ts';
import { multiplyAdd } from '../../src/cpu/matrix-multiply.ts';

/** A rows × columns view within a larger array, in either order of storage. */
function view(rows: number, columns: number, { phase, pad, byColumns }: { phase: number; pad: number; byColumns: boolean }): Matrix {
  const stride = (byColumns ? rows : columns) + pad;
  const data = asymmetric([pad + stride * (byColumns ? columns : rows)], phase, 0.71);
  return { data, at: pad, rowStride: byColumns ? 1 : stride, columnStride: byColumns ? stride : 1 };
}

const element = ({ data, at, rowStride, columnStride }: Matrix, i: number, j: number) =>
  data[at + i * rowStride + j * columnStride] as number;

function check(rows: number, columns: number, depth: number, layout: { pad: number; a: boolean; b: boolean; c: boolean }): void {
  const a = view(rows, depth, { phase: 0.1, pad: layout.pad, byColumns: layout.a });
  const b = view(depth, columns, { phase: 0.5, pad: layout.pad, byColumns: layout.b });
  const c = view(rows, columns, { phase: 0.9, pad: layout.pad, byColumns: layout.c });
  const expected = Float64Array.from(c.data);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let k = 0; k < depth; k++) sum += element(a, i, k) * element(b, k, j);
      expected[c.at + i * c.rowStride + j * c.columnStride] += sum;
    }
  }
  multiplyAdd(c, a, b, { rows, columns, depth });
  expectClose(c.data, expected, { absolute: 1e-5, relative: 1e-6 });
}

const size = (max: number) => fc.integer({ min: 1, max });

describe('multiplyAdd agrees with three loops in float64, and touches nothing outside C', () => {
  test('any sizes and layouts', () => {
    const layout = fc.record({ pad: fc.integer({ min: 0, max: 3 }), a: fc.boolean(), b: fc.boolean(), c: fc.boolean() });
    fc.assert(fc.property(size(9), size(11), size(13), layout, check), { numRuns: 300 });
  });

  test.each([
    [1, 1, 1],
    [1, 4, 300],
    [1, 5, 7],
    [2, 4, 128],
    [3, 5, 129],
    [32, 4, 256],
    [33, 6, 257],
    [65, 9, 130],
  ])('%i × %i, depth %i: at and beyond the edges of blocks', (rows, columns, depth) => {
    check(rows, columns, depth, { pad: 0, a: false, b: false, c: false });
    check(rows, columns, depth, { pad: 1, a: true, b: true, c: true });
  });

  test('a transposed view reads the same numbers the other way', () => {
    const a = view(2, 3, { phase: 0, pad: 1, byColumns: false });
    expectClose([element(transposed(a), 2, 1)], [element(a, 1, 2)], { absolute: 0, relative: 0 });
  });
});
