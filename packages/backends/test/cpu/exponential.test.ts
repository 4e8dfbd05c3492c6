import { describe, expect, test } from 'vitest';
import { exponential, sigmoid, tanh } from '../../src/cpu/exponential.ts';

const points = Array.from({ length: 40_001 }, (_, i) => (i - 20_000) * 0.0043);

const worst = (received: (x: number) => number, exact: (x: number) => number) =>
  Math.max(...points.filter((x) => x !== 0).map((x) => Math.abs(received(x) / exact(x) - 1)));

describe('exponential, sigmoid and tanh', () => {
  test('are right to 2e-9 relative, far beyond float32, from -86 to 86', () => {
    expect(worst(exponential, Math.exp)).toBeLessThan(1e-10);
    expect(worst(sigmoid, (x) => 1 / (1 + Math.exp(-x)))).toBeLessThan(1e-10);
    expect(worst(tanh, Math.tanh)).toBeLessThan(2e-9);
  });

  test('are right near zero', () => {
    expect(exponential(0)).toBe(1);
    expect(tanh(0)).toBe(0);
    expect(tanh(1e-6) / 1e-6).toBeCloseTo(1, 9);
  });

  test('saturate instead of overflowing', () => {
    expect([sigmoid(1e4), sigmoid(-1e4), tanh(1e4), tanh(-1e4)]).toEqual([1, 0, 1, -1]);
    const [infinity, minusInfinity] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    expect([sigmoid(infinity), sigmoid(minusInfinity), tanh(infinity), tanh(minusInfinity)]).toEqual([1, 0, 1, -1]);
  });

  test('keep what is no number', () => {
    expect([exponential(Number.NaN), sigmoid(Number.NaN), tanh(Number.NaN)]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });
});
