/**
 * Values of which no two are alike, so that a swapped gate or a transposed kernel cannot pass a test:
 * element k (row-major) is 0.5 · sin(a + b · k), rounded to float32.
 *
 * @param shape the sizes of the axes; the result is flat.
 * @param a the phase; give each array of one test its own.
 * @param b the step; not a multiple of π.
 *
 * @example
 * ```ts
 * import { asymmetric } from '@cellstate/testing';
 *
 * asymmetric([2, 2], 0, 0.9).length; // → 4
 * ```
 */
export function asymmetric(shape: readonly number[], a = 0.1, b = 0.37): Float32Array {
  const length = shape.reduce((product, size) => product * size, 1);
  return Float32Array.from({ length }, (_, k) => 0.5 * Math.sin(a + b * k));
}
