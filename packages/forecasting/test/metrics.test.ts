import { ndarray } from '@cellstate/core';
import { series } from '@cellstate/windowing';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { type Forecast, type Metric, mae, mape, mase, persistence, rmse, skill, smape } from '../src/index.ts';
import { codeOf, messageOf } from './catch-code.ts';

/** [N, steps, features] of distinct errors. */
const actual = [
  [
    [10, 1],
    [20, 2],
    [30, 4],
  ],
  [
    [12, 3],
    [18, 5],
    [33, 6],
  ],
];
const forecast = [
  [
    [11, 3],
    [17, 2],
    [35, 3],
  ],
  [
    [10, 3],
    [24, 4],
    [26, 8],
  ],
];

const terms: [string, Metric, (a: number, f: number) => number, (mean: number) => number][] = [
  ['rmse', rmse, (a, f) => (a - f) ** 2, Math.sqrt],
  ['mae', mae, (a, f) => Math.abs(a - f), (mean) => mean],
  ['smape', smape, (a, f) => (200 * Math.abs(a - f)) / (a + f), (mean) => mean],
  ['mape', mape, (a, f) => (100 * Math.abs(a - f)) / a, (mean) => mean],
];

describe.each(terms)('%s', (_, metric, term, finish) => {
  const mean = (pick: (step: number, feature: number) => boolean): number => {
    const picked = actual.flatMap((rows, n) =>
      rows.flatMap((row, h) => row.flatMap((a, f) => (pick(h, f) ? [term(a, forecast[n][h][f])] : []))),
    );
    return finish(picked.reduce((sum, one) => sum + one, 0) / picked.length);
  };

  test('is its equation over all, by step, by feature, and by both', () => {
    expect(metric(ndarray(actual), ndarray(forecast))).toBeCloseTo(
      mean(() => true),
      6,
    );
    const perStep = metric(actual, forecast, { per: 'step' });
    for (const h of [0, 1, 2])
      expect(perStep[h]).toBeCloseTo(
        mean((step) => step === h),
        6,
      );
    const perFeature = metric(actual, forecast, { per: 'feature' });
    for (const f of [0, 1])
      expect(perFeature[f]).toBeCloseTo(
        mean((_step, feature) => feature === f),
        6,
      );
    const both = metric(actual, forecast, { per: 'both' });
    expect([both.length, both[0].length]).toEqual([3, 2]);
    for (const h of [0, 1, 2])
      for (const f of [0, 1])
        expect(both[h][f]).toBeCloseTo(
          mean((step, feature) => step === h && feature === f),
          6,
        );
  });

  test('reads plain numbers, typed arrays, series and a forecast of one series alike', () => {
    const a = [3, 5, 8];
    const f = [2, 7, 4];
    const expected = finish(a.reduce((sum, value, i) => sum + term(value, f[i]), 0) / 3);
    expect(metric(a, f)).toBeCloseTo(expected, 6);
    expect(metric(Float64Array.from(a), Float32Array.from(f))).toBeCloseTo(expected, 6);
    expect(metric(series(a), ndarray(f).reshape([1, 3, 1]))).toBeCloseTo(expected, 6);
    expect(metric(a, f, { per: 'step' }).length).toBe(3);
  });

  test('is 0 for a perfect forecast and never below', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: -50, max: 50 })), { minLength: 1 }), (pairs) => {
        const a = pairs.map(([value]) => value);
        expect(metric(a, a)).toBe(0);
        expect(
          metric(
            a,
            pairs.map(([, value]) => value),
          ),
        ).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test.each([
    ['SHAPE_MISMATCH', () => metric([1, 2], [1])],
    ['SHAPE_MISMATCH', () => metric([[1, 2]], [[1], [2]])],
    ['NOT_A_NUMBER', () => metric([1, 2], [1, Number.NaN])],
    ['NO_STEPS', () => metric([], [])],
    ['ARGUMENTS_SWAPPED', () => metric(persistence([1], { steps: 2 }) as never, [1, 2])],
    ['INVALID_OPTION', () => metric([1], [1], { per: 'horizon' as 'step' })],
    ['UNKNOWN_OPTION', () => metric([1], [1], { by: 'step' } as object)],
  ])('throws %s', async (code, call) => {
    expect(await codeOf(call)).toBe(code);
  });
});

describe('mape and smape', () => {
  test('mape refuses zeros, smape counts 0 against 0 as no error', async () => {
    expect(
      await messageOf(() =>
        mape(
          [
            [1, 2],
            [3, 0],
          ],
          [
            [1, 2],
            [3, 4],
          ],
        ),
      ),
    ).toMatchInlineSnapshot(`
      "A percentage of zero does not exist. [ZERO_ACTUAL]
        expected: actual values other than 0
        received: 0
        where: mape, actual, step 1, feature 1
        hint: Use mase, mae or smape."
    `);
    expect(smape([0, 1], [0, 1])).toBe(0);
    expect(smape([0], [3])).toBe(200);
    expect(smape([-1], [1])).toBe(100 * 2);
  });
});

describe('mase', () => {
  test('divides by the error of the seasonal naive rule on the training part', () => {
    // |5-1| |2-4| |9-5| |6-2| over season 2: mean 3.5
    const train = [1, 4, 5, 2, 9, 6];
    expect(mase([10, 8], [12, 3], { train, season: 2 })).toBeCloseTo((2 + 5) / 2 / 3.5, 6);
    expect(mase([10, 8], [12, 3], { train })).toBeCloseTo((2 + 5) / 2 / ((3 + 1 + 3 + 7 + 3) / 5), 6);
  });

  test('gives every series and feature its own scale', () => {
    const train = [
      series([
        [0, 0],
        [1, 10],
      ]),
      series([
        [0, 0],
        [2, 40],
      ]),
    ];
    const a = [[[0, 0]], [[0, 0]]];
    const f = [[[3, 20]], [[4, 20]]];
    expect(mase(a, f, { train })).toBeCloseTo((3 + 2 + 2 + 0.5) / 4, 6);
    expect(mase(a, f, { train, per: 'feature' })[1]).toBeCloseTo(1.25, 6);
    // [N, origins, steps, features]: both origins of a series share its scale.
    const origins = (values: number[][][]) => values.map((rows) => [rows, rows]);
    expect(mase(origins(a), origins(f), { train, per: 'both' })[0][0]).toBeCloseTo(2.5, 6);
  });

  test.each([
    ['CONSTANT_TRAIN', () => mase([1], [2], { train: [3, 3, 3] })],
    ['HISTORY_TOO_SHORT', () => mase([1], [2], { train: [3] })],
    [
      'SHAPE_MISMATCH',
      () =>
        mase([1], [2], {
          train: [
            [1, 2],
            [3, 4],
          ],
        }),
    ],
    ['SHAPE_MISMATCH', () => mase([[[1]], [[1]], [[1]]], [[[1]], [[1]], [[1]]], { train: [series([1, 2]), series([1, 2])] })],
    ['INVALID_OPTION', () => mase([1], [2], { train: [1, 2], season: 0 })],
    ['UNKNOWN_OPTION', () => mase([1], [2], { train: [1, 2], lag: 1 } as never)],
  ])('throws %s', async (code, call) => {
    expect(await codeOf(call)).toBe(code);
  });
});

describe('skill', () => {
  test('compares errors, number by number', () => {
    const naive = [
      [
        [12, 1],
        [14, 3],
        [40, 0],
      ],
      [
        [8, 7],
        [15, 5],
        [30, 7],
      ],
    ];
    expect(skill(actual, forecast, { naive })).toBeCloseTo(1 - rmse(actual, forecast) / rmse(actual, naive), 6);
    expect(skill(actual, forecast, { naive, metric: mae })).toBeCloseTo(1 - mae(actual, forecast) / mae(actual, naive), 6);
    const perStep = skill(actual, forecast, { naive, per: 'step' });
    expect(perStep[1]).toBeCloseTo(1 - rmse(actual, forecast, { per: 'step' })[1] / rmse(actual, naive, { per: 'step' })[1], 6);
    const both = skill(actual, forecast, { naive, per: 'both' });
    expect(both[2][1]).toBeCloseTo(1 - rmse(actual, forecast, { per: 'both' })[2][1] / rmse(actual, naive, { per: 'both' })[2][1], 6);
  });

  test('a rule without error: 0 against no error, else minus infinity', () => {
    expect(skill([1], [1], { naive: [1] })).toBe(0);
    expect(skill([1], [2], { naive: [1] })).toBe(Number.NEGATIVE_INFINITY);
  });

  test('throws UNKNOWN_OPTION', async () => {
    expect(await codeOf(() => skill([1], [1], { naive: [1], rule: 1 } as never))).toBe('UNKNOWN_OPTION');
  });
});

describe('types', () => {
  test('a forecast does not fit in as actual values, and per decides the result', () => {
    expectTypeOf(rmse([1], [1])).toEqualTypeOf<number>();
    expectTypeOf(rmse([1], [1], { per: 'feature' })).toEqualTypeOf<number[]>();
    expectTypeOf(mase([1], [1], { train: [1, 2], per: 'both' })).toEqualTypeOf<number[][]>();
    const made: Forecast = persistence([1], { steps: 1 });
    // @ts-expect-error: the forecast comes second
    expect(() => rmse(made, [1])).toThrow('The forecast was given first.');
  });
});
