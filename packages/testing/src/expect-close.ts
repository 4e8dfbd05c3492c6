import { compare, type Tolerance, type Values } from './compare.ts';

/**
 * Throws unless every number of `received` is within the tolerance of its twin in `expected`; the message names the
 * worst element with its index, both values, both errors and what was allowed.
 *
 * Both may be a number, nested lists, a typed array, an NdArray or a tensor. Two known shapes must be equal; a flat list
 * or a typed array has none. Default tolerance: 1e-6 + 1e-5 · |expected|.
 *
 * @example
 * ```ts
 * import { expectClose } from '@cellstate/testing';
 *
 * expectClose([[1, 2], [3, 4.0001]], [[1, 2], [3, 4]], { relative: 1e-4 });
 * ```
 */
export function expectClose(received: Values, expected: Values, tolerance: Tolerance = {}): void {
  const { close, report } = compare(received, expected, tolerance);
  if (!close) throw new Error(report);
}
