import { CellstateError, checkOptions, describe, random, size } from '@cellstate/core';
import { checkSeed } from '../check-option-types.ts';
import { householderQ } from './householder-qr.ts';
import type { NamedInitializer, SeededOptions } from './initializer.ts';
import { withConfig } from './initializer.ts';

export interface OrthogonalOptions extends SeededOptions {
  /** Factor on the orthonormal matrix; default 1. */
  readonly gain?: number;
}

/**
 * A random matrix with orthonormal rows (wide) or columns (tall), uniformly among all such: recurrent products then keep the
 * hidden state's length (Saxe et al., 2014).
 *
 * Axes before the last are taken as one. The matrix is the Q of a QR decomposition of normal draws `[longer, shorter]`
 * with R's diagonal positive, transposed when wide, as in Keras. An LSTM's recurrent kernel `[units, 4 · units]` thus has
 * orthonormal rows.
 *
 * @throws CellstateError `SHAPE_MISMATCH` at the call, for fewer than two axes.
 *
 * @example
 * ```ts
 * import { orthogonal } from '@cellstate/layers';
 *
 * const [a, b, c, d] = orthogonal()([2, 2], 7);
 * Math.abs(a * c + b * d) < 1e-6; // → true
 * ```
 */
export function orthogonal(options: OrthogonalOptions = {}): NamedInitializer {
  checkOptions(options, ['gain', 'seed'], 'orthogonal');
  checkSeed(options.seed, 'orthogonal');
  const { gain = 1, seed = null } = options;
  return withConfig({ name: 'orthogonal', gain, seed }, (shape, from) => {
    if (shape.length < 2) {
      throw new CellstateError('SHAPE_MISMATCH', 'An orthogonal array needs two axes.', {
        expected: '[rows, columns] or more axes',
        received: describe(shape),
        where: 'orthogonal',
      });
    }
    const rows = size(shape.slice(0, -1));
    const columns = shape.at(-1) as number;
    const [longer, shorter] = rows < columns ? [columns, rows] : [rows, columns];
    const q = householderQ(normalColumns({ longer, shorter, seed: from }), longer, shorter);
    const values = new Float32Array(rows * columns);
    // Columns of Q lie one after another: as they are for a wide matrix, transposed for a tall one.
    if (rows < columns) for (let i = 0; i < values.length; i++) values[i] = gain * (q[i] as number);
    else for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) values[i * columns + j] = gain * (q[j * rows + i] as number);
    return values;
  });
}

function normalColumns({
  longer,
  shorter,
  seed,
}: {
  readonly longer: number;
  readonly shorter: number;
  readonly seed: number;
}): Float64Array {
  const stream = random(seed);
  const columns = new Float64Array(longer * shorter);
  for (let i = 0; i < longer; i++) for (let j = 0; j < shorter; j++) columns[j * longer + i] = stream.normal();
  return columns;
}
