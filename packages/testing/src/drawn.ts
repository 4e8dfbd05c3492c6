/**
 * Values in [-1, 1) that Python draws alike (tooling/keras/drawn.py): multiples of 2⁻¹⁹, which float32 holds exactly.
 *
 * FNV-1a of the seed and the key starts a counter, and MurmurHash3's finalizer mixes it.
 *
 * @param key another one for each array.
 * @param shape the sizes of the axes; the result is flat, row-major.
 *
 * @example
 * ```ts
 * import { drawn } from '@cellstate/testing';
 *
 * drawn({ seed: 20261123, key: 'lstm/weight 0', shape: [2, 12] }).length; // → 24
 * ```
 */
export function drawn({
  seed,
  key,
  shape,
}: {
  readonly seed: number;
  readonly key: string;
  readonly shape: readonly number[];
}): Float32Array {
  let start = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${seed}/${key}`)) start = Math.imul(start ^ byte, 0x01000193);
  const length = shape.reduce((product, size) => product * size, 1);
  return Float32Array.from({ length }, (_, k) => {
    let h = (start + Math.imul(k + 1, 0x9e3779b9)) >>> 0;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return ((h ^ (h >>> 16)) >>> 12) / 2 ** 19 - 1;
  });
}
