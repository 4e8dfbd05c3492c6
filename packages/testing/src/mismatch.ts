interface Numbered {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

/**
 * How two arrays differ, if they do: in shape, or by more than `tolerance · max(floor, largest |expected|)` somewhere. NaN agrees with
 * NaN, an infinity with itself.
 *
 * @param floor what counts as the largest where all are smaller. Default 1.
 *
 * @example
 * ```ts
 * import { mismatch } from '@cellstate/testing';
 *
 * mismatch({ data: [100.0005, 0], shape: [2] }, { data: [100, 0], shape: [2] }, 1e-5); // → undefined
 * mismatch({ data: [1], shape: [1] }, { data: [1], shape: [1, 1] }, 1e-5); // → 'expected shape [1,1], received [1]'
 * ```
 */
export function mismatch(received: Numbered, expected: Numbered, tolerance: number, floor = 1): string | undefined {
  if (received.shape.join() !== expected.shape.join()) return `expected shape [${expected.shape}], received [${received.shape}]`;
  let largest = floor;
  for (const value of Array.from(expected.data)) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  let worst = -1;
  let distance = 0;
  for (let i = 0; i < expected.data.length; i++) {
    const [a, b] = [received.data[i] as number, expected.data[i] as number];
    if (Object.is(a, b) || a === b) continue;
    const apart = Number.isFinite(a - b) ? Math.abs(a - b) : Number.POSITIVE_INFINITY;
    if (apart <= distance) continue;
    [worst, distance] = [i, apart];
  }
  if (distance <= tolerance * largest) return undefined;
  const relative = (distance / largest).toExponential(2);
  return `element ${worst} of [${expected.shape}]: expected ${expected.data[worst]}, received ${received.data[worst]}; ${relative} of the largest`;
}
