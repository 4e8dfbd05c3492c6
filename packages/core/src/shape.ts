/**
 * A shape as text for people, `null` for any length.
 *
 * @example
 * ```ts
 * import { describe } from '@cellstate/core';
 *
 * describe([null, 3, 1]); // → '[null, 3, 1]'
 * ```
 */
export function describe(shape: readonly (number | null)[]): string {
  return `[${shape.map((length) => (length === null ? 'null' : length)).join(', ')}]`;
}

/**
 * The number of values an array of this shape holds; 1 for the empty shape of a single number.
 *
 * @example
 * ```ts
 * import { size } from '@cellstate/core';
 *
 * size([2, 3, 4]); // → 24
 * size([]); // → 1
 * ```
 */
export function size(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/**
 * Whether two shapes have the same lengths.
 *
 * @example
 * ```ts
 * import { sameShape } from '@cellstate/core';
 *
 * sameShape([2, 3], [2, 3]); // → true
 * sameShape([2, 3], [2, 3, 1]); // → false
 * ```
 */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}
