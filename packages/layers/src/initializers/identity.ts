import { CellstateError, checkOptions, describe } from '@cellstate/core';
import type { NamedInitializer } from './initializer.ts';
import { withConfig } from './initializer.ts';

export interface IdentityOptions {
  /** The value on the diagonal. Default 1. */
  readonly gain?: number;
}

/**
 * `gain` on the diagonal of a matrix, 0 elsewhere; the matrix need not be square.
 *
 * @throws CellstateError `SHAPE_MISMATCH` at the call, when the shape is not a matrix.
 *
 * @example
 * ```ts
 * import { identity } from '@cellstate/layers';
 *
 * Array.from(identity({ gain: 2 })([2, 3], 1)); // → [2, 0, 0, 0, 2, 0]
 * ```
 */
export function identity(options: IdentityOptions = {}): NamedInitializer {
  checkOptions(options, ['gain'], 'identity');
  const { gain = 1 } = options;
  return withConfig({ name: 'identity', gain }, (shape) => {
    const [rows, columns] = shape;
    if (shape.length !== 2 || rows === undefined || columns === undefined) {
      throw new CellstateError('SHAPE_MISMATCH', 'Only a matrix can start as the identity.', {
        expected: '[rows, columns]',
        received: describe(shape),
        where: 'identity',
      });
    }
    const values = new Float32Array(rows * columns);
    for (let i = 0; i < Math.min(rows, columns); i++) values[i * columns + i] = gain;
    return values;
  });
}
