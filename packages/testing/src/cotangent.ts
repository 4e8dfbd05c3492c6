import { asymmetric } from './asymmetric.ts';

/**
 * The weights w of output number `i` in the scalar Σ w · y whose gradient a test takes: uneven, between 0.2 and 1.2, so that
 * no two elements of an output can be confused.
 */
export function cotangent(shape: readonly number[], i: number): Float32Array {
  return asymmetric(shape, 0.9 + 0.5 * i, 1.3).map((value) => value + 0.7);
}
