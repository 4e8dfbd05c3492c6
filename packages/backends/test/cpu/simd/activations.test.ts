import { describe, expect, test } from 'vitest';
import { simdEngine } from '../../../src/cpu/simd/simd-engine.ts';

const points = Float32Array.from({ length: 40_000 }, (_, i) => (i - 20_000) * 0.0043);

function sigmoid(x: ArrayLike<number>): Float32Array {
  const { arena, sigmoidInPlace } = simdEngine();
  const at = arena.allocate(x.length * 4);
  arena.floats.set(x, at >> 2);
  sigmoidInPlace(at, x.length / 4, 0, 1);
  const values = arena.floats.slice(at >> 2, (at >> 2) + x.length);
  arena.free(at);
  return values;
}

function tanh(x: ArrayLike<number>): Float32Array {
  const { arena, tanhOf } = simdEngine();
  const at = arena.allocate(x.length * 4);
  arena.floats.set(x, at >> 2);
  tanhOf(at, at, x.length / 4, 0, 0, 1);
  const values = arena.floats.slice(at >> 2, (at >> 2) + x.length);
  arena.free(at);
  return values;
}

/** The largest relative error, exact values too small for float32 left out. */
function worst(received: Float32Array, exact: (x: number) => number): number {
  return points.reduce((most, x, i) => {
    const expected = exact(x);
    return Math.abs(expected) < 1.2e-38 ? most : Math.max(most, Math.abs((received[i] as number) / expected - 1));
  }, 0);
}

describe('sigmoid and tanh in vectors', () => {
  test('are right to 3e-7 relative, which is the rounding of a handful of float32 operations, from -86 to 86', () => {
    expect(worst(sigmoid(points), (x) => 1 / (1 + Math.exp(-x)))).toBeLessThan(3e-7);
    const nonzero = points.map((x) => (x === 0 ? 1 : x));
    expect(worst(tanh(nonzero), (x) => Math.tanh(x === 0 ? 1 : x))).toBeLessThan(3e-7);
  });

  test('keep their digits near zero', () => {
    const small = Float32Array.of(1e-3, -1e-5, 1e-8, -1e-20);
    for (const [i, value] of tanh(small).entries()) expect(value / Math.tanh(small[i] as number)).toBeCloseTo(1, 6);
    expect(tanh([0, 0, 0, 0])).toEqual(Float32Array.of(0, 0, 0, 0));
  });

  test('saturate exactly, also at the infinities', () => {
    const far = [100, Number.POSITIVE_INFINITY, -100, Number.NEGATIVE_INFINITY];
    expect(sigmoid(far)).toEqual(Float32Array.of(1, 1, 0, 0));
    expect(tanh(far)).toEqual(Float32Array.of(1, 1, -1, -1));
  });

  test('keep what is no number, in its own lane', () => {
    expect(sigmoid([0, Number.NaN, 0, 0])).toEqual(Float32Array.of(0.5, Number.NaN, 0.5, 0.5));
    expect(tanh([0, Number.NaN, 0, 0])).toEqual(Float32Array.of(0, Number.NaN, 0, 0));
  });

  test('a stride leaves what lies between alone', () => {
    const { arena, sigmoidInPlace } = simdEngine();
    const at = arena.allocate(96);
    arena.floats.fill(0, at >> 2, (at >> 2) + 24);
    sigmoidInPlace(at, 1, 48, 2);
    const values = Array.from(arena.floats.slice(at >> 2, (at >> 2) + 24));
    arena.free(at);
    expect(values).toEqual(Array.from({ length: 24 }, (_, i) => (i % 12 < 4 ? 0.5 : 0)));
  });
});
