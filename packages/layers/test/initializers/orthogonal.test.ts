import { random } from '@cellstate/core';
import { describe, expect, it } from 'vitest';
import { householderQ } from '../../src/initializers/householder-qr.ts';
import { orthogonal } from '../../src/initializers/orthogonal.ts';

/** The largest deviation of X Xᵀ from gain² · I, for rows of length `columns`. */
function deviation(values: Float32Array, { rows, columns, gain = 1 }: { rows: number; columns: number; gain?: number }): number {
  let worst = 0;
  for (let a = 0; a < rows; a++) {
    for (let b = 0; b <= a; b++) {
      let product = 0;
      for (let j = 0; j < columns; j++) product += values[a * columns + j] * values[b * columns + j];
      worst = Math.max(worst, Math.abs(product - (a === b ? gain * gain : 0)));
    }
  }
  return worst;
}

function transposed(values: Float32Array, { rows, columns }: { rows: number; columns: number }): Float32Array {
  return Float32Array.from({ length: values.length }, (_, k) => values[(k % rows) * columns + Math.floor(k / rows)]);
}

/** Q by modified Gram and Schmidt, applied twice: R's diagonal is positive by construction. Columns of m values. */
function gramSchmidt(matrix: Float64Array, m: number, n: number): Float64Array {
  const q = Float64Array.from(matrix);
  for (let k = 0; k < n; k++) {
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < k; j++) {
        let product = 0;
        for (let i = 0; i < m; i++) product += q[j * m + i] * q[k * m + i];
        for (let i = 0; i < m; i++) q[k * m + i] -= product * q[j * m + i];
      }
    }
    let norm = 0;
    for (let i = 0; i < m; i++) norm += q[k * m + i] ** 2;
    for (let i = 0; i < m; i++) q[k * m + i] /= Math.sqrt(norm);
  }
  return q;
}

function normals(count: number, seed: number): Float64Array {
  const stream = random(seed);
  return Float64Array.from({ length: count }, () => stream.normal());
}

describe('householderQ', () => {
  it.each([
    [1, 1],
    [5, 1],
    [5, 5],
    [9, 4],
    [40, 23],
    [6, 6],
    [30, 14],
  ])('equals Gram and Schmidt for %i × %i', (m, n) => {
    const matrix = normals(m * n, m * 100 + n);
    const expected = gramSchmidt(matrix, m, n);
    const q = householderQ(matrix, m, n);
    q.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 10);
    });
  });

  it('keeps the sign rule for a column that needs no reflection', () => {
    expect(Array.from(householderQ(Float64Array.from([-2, 0, 0, 3, 0, 5]), 3, 2)).map((value) => value + 0)).toEqual([-1, 0, 0, 0, 0, 1]);
  });
});

describe('orthogonal', () => {
  it('has orthonormal rows when wide: an LSTM of 32 units', () => {
    expect(deviation(orthogonal()([32, 128], 5), { rows: 32, columns: 128 })).toBeLessThan(1e-6);
  });

  it('has orthonormal columns when tall, its leading axes taken as one', () => {
    const values = orthogonal({ gain: 2 })([3, 5, 4], 5);
    expect(deviation(transposed(values, { rows: 15, columns: 4 }), { rows: 4, columns: 15, gain: 2 })).toBeLessThan(4e-6);
  });

  it('is the Q of normal draws [longer, shorter], transposed when wide', () => {
    const [rows, columns] = [3, 5];
    const draws = normals(15, 21);
    const byColumn = Float64Array.from({ length: 15 }, (_, k) => draws[(k % columns) * rows + Math.floor(k / columns)]);
    const expected = gramSchmidt(byColumn, columns, rows);
    orthogonal()([rows, columns], 21).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 6);
    });
  });

  it('is uniform among rotations: the determinant of 2 × 2 draws takes both signs, entries have mean 0 and variance 1 / 2', () => {
    const draws = Array.from({ length: 2000 }, (_, seed) => orthogonal()([2, 2], seed));
    const positive = draws.filter(([a, b, c, d]) => a * d - b * c > 0).length;
    expect(positive).toBeGreaterThan(850);
    expect(positive).toBeLessThan(1150);
    for (let entry = 0; entry < 4; entry++) {
      const values = draws.map((draw) => draw[entry]);
      expect(Math.abs(values.reduce((sum, value) => sum + value, 0) / 2000)).toBeLessThan(0.08);
      expect(values.reduce((sum, value) => sum + value * value, 0) / 2000).toBeCloseTo(0.5, 1);
    }
  });

  it('serves 256 units of an LSTM', () => {
    const values = orthogonal()([256, 1024], 3);
    expect(values).toHaveLength(256 * 1024);
    expect(deviation(values.subarray(0, 20 * 1024), { rows: 20, columns: 1024 })).toBeLessThan(1e-6);
  });

  it('needs two axes', () => {
    expect(() => orthogonal()([4], 1)).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: An orthogonal array needs two axes. [SHAPE_MISMATCH]
        expected: [rows, columns] or more axes
        received: [4]
        where: orthogonal]
    `);
  });
});
