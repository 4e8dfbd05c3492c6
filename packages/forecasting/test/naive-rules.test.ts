import { ndarray } from '@cellstate/core';
import { series } from '@cellstate/windowing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drift, isForecast, movingAverage, persistence, seasonalNaive } from '../src/index.ts';
import { codeOf } from './catch-code.ts';

const values = fc.array(fc.float({ min: -100, max: 100, noNaN: true }), { minLength: 6, maxLength: 30 });

describe('naive rules', () => {
  test('say what their equations say, over every feature of every series', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 6 }), (x, steps, k) => {
        const n = x.length;
        const rows = x.map((value) => [value, -2 * value]);
        const two = [series(rows), series(rows.map(([a, b]) => [b, a]))];
        const ahead = Array.from({ length: steps }, (_, h) => h + 1);
        const cases = [
          [persistence, ahead.map(() => x[n - 1])],
          [drift, ahead.map((h) => x[n - 1] + (h * (x[n - 1] - x[0])) / (n - 1))],
          [seasonalNaive({ season: k }), ahead.map((h) => x[n - k + ((h - 1) % k)])],
          [movingAverage({ window: k }), ahead.map(() => x.slice(-k).reduce((sum, value) => sum + value, 0) / k)],
        ] as const;
        for (const [rule, expected] of cases) {
          const result = rule(two, { steps });
          expect(result.shape).toEqual([2, steps, 2]);
          for (const [h, value] of expected.entries()) {
            const received = [result.at(0, h, 0), result.at(0, h, 1), result.at(1, h, 0), result.at(1, h, 1)];
            for (const [i, factor] of [1, -2, -2, 1].entries()) expect(received[i]).toBeCloseTo(factor * value, 3);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  test('say how their forecasts came about', () => {
    const result = seasonalNaive({ season: 2 })(series({ p: [1, 2, 3] }), { steps: 3 });
    expect({ ...result, data: undefined, shape: undefined }).toMatchObject({
      kind: 'naive',
      method: 'seasonal naive 2',
      origins: [3],
      horizon: 3,
      names: ['p'],
    });
    expect(isForecast(result)).toBe(true);
    expect(isForecast(ndarray([1]))).toBe(false);
    expect(
      persistence(
        ndarray([
          [[1], [2]],
          [[3], [4]],
        ]),
        { steps: 1 },
      ).toNested(),
    ).toEqual([[[2]], [[4]]]);
  });

  test.each([
    ['HISTORY_TOO_SHORT', () => persistence([], { steps: 1 })],
    ['HISTORY_TOO_SHORT', () => drift([1], { steps: 1 })],
    ['HISTORY_TOO_SHORT', () => seasonalNaive({ season: 4 })([1, 2, 3], { steps: 1 })],
    ['HISTORY_TOO_SHORT', () => movingAverage({ window: 4 })([1, 2, 3], { steps: 1 })],
    ['INVALID_OPTION', () => persistence([1], { steps: 0 })],
    ['INVALID_OPTION', () => seasonalNaive({ season: 0 })],
    ['INVALID_OPTION', () => movingAverage({} as { window: number })],
    ['UNKNOWN_OPTION', () => persistence([1], { steps: 1, season: 2 } as { steps: number })],
    ['UNKNOWN_OPTION', () => seasonalNaive({ season: 1, period: 2 } as { season: number })],
    ['UNKNOWN_OPTION', () => movingAverage({ window: 1, size: 2 } as { window: number })],
  ])('throw %s', async (code, call) => {
    expect(await codeOf(call)).toBe(code);
  });
});
