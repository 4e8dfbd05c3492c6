import { ndarray } from '@cellstate/core';
import { chain, differences, logReturns, series, splitSeries, standardScaler } from '@cellstate/windowing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backtest, drift, type ForecastModel, forecast, mae, persistence, rmse, seasonalNaive } from '../src/index.ts';
import { codeOf, messageOf } from './catch-code.ts';
import { handRolled, leakyModel } from './leaky-model.ts';

const wave = (k: number, steps: number) => Array.from({ length: steps }, (_, t) => [20 + t / 4 + Math.sin(t + k), 9 + Math.cos(t / 3 - k)]);

function expectNear(received: unknown, expected: unknown, tolerance: number): void {
  const left = [received].flat(9) as number[];
  const right = [expected].flat(9) as number[];
  expect(left.length).toBe(right.length);
  for (const [i, value] of right.entries()) expect(Math.abs(left[i] - value), `value ${i}`).toBeLessThanOrEqual(tolerance);
}

describe('backtest', () => {
  test('origins and what came lie where the definition says', async () => {
    const cases = fc.record({
      start: fc.integer({ min: 2, max: 20 }),
      horizon: fc.integer({ min: 1, max: 6 }),
      stride: fc.integer({ min: 1, max: 5 }),
      extra: fc.integer({ min: 0, max: 20 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ start, horizon, stride, extra }) => {
        const steps = start + horizon + extra;
        const result = await backtest(
          persistence,
          Array.from({ length: steps }, (_, t) => t),
          { start, horizon, stride },
        );
        expect(result.origins.length).toBe(Math.floor((steps - start - horizon) / stride) + 1);
        expect(result.actual.shape).toEqual([1, result.origins.length, horizon, 1]);
        for (const [i, origin] of result.origins.entries()) {
          expect(origin).toBe(start + i * stride);
          for (let h = 0; h < horizon; h++) {
            expect(result.actual.at(0, i, h, 0)).toBe(origin + h);
            expect(result.forecast.at(0, i, h, 0)).toBe(origin - 1);
            expect(result.naive.drift.at(0, i, h, 0)).toBeCloseTo(origin + h, 3);
          }
        }
        expect((result.origins.at(-1) as number) + horizon).toBeLessThanOrEqual(steps);
      }),
    );
  });

  test('a sequence model at each origin is the model warmed on the whole history before it', async () => {
    const model = leakyModel();
    const rows = wave(0, 40);
    const result = await backtest(model, rows, { start: 10, horizon: 4, stride: 3 });
    expectNear(
      result.forecast.toNested(),
      result.origins.map((origin) => handRolled(rows.slice(0, origin), 4)),
      1e-3,
    );
    expect(result.kind).toBe('recursive');
    // 34 known steps walked once; 9 origins rolled 3 pushes at once.
    expect(model.traffic).toEqual({ opened: 2, disposed: 2, steps: (result.origins.at(-1) as number) + 3, largest: 10 });
  });

  test('several series, and more origins than are rolled at once', async () => {
    const model = leakyModel();
    const list = [0, 1, 2].map((k) => series(wave(k, 320)));
    const result = await backtest(model, list, { start: 5, horizon: 2, stride: 2 });
    expect(result.forecast.shape).toEqual([3, 157, 2, 2]);
    for (const [k, item] of list.entries()) {
      for (const i of [0, 84, 85, 86, 156]) {
        const known = item.rows(0, result.origins[i]).toNested() as number[][];
        expectNear(result.at(i, k).forecast.toNested(), handRolled(known, 2), 2e-3);
        expect(result.at(i, k).actual.toNested()).toEqual([item.rows(result.origins[i], result.origins[i] + 2).toNested()]);
      }
    }
    expect(model.traffic.disposed).toBe(model.traffic.opened);
    const array = await backtest(leakyModel(), ndarray(list.map((item) => item.toNested() as number[][])), {
      start: 5,
      horizon: 2,
      stride: 2,
    });
    expect(Array.from(array.forecast.data)).toEqual(Array.from(result.forecast.data));
  });

  test.each([
    ['standardised', () => standardScaler()],
    ['log returns', () => chain([logReturns(), standardScaler()])],
    ['seasonal differences', () => differences({ lag: 3 })],
  ])('with a scaler (%s) is forecast from each origin', async (_, make) => {
    const s = series(wave(1, 30));
    const scaler = make().fit(s.rows(0, 12));
    const result = await backtest(leakyModel(), s, { start: 12, horizon: 5, stride: 4, scaler });
    for (const [i, origin] of result.origins.entries()) {
      const single = await forecast(leakyModel(), s.rows(0, origin), { steps: 5, scaler });
      expectNear(result.at(i).forecast.toNested(), single.toNested(), 1e-3);
    }
  });

  test('a look-back model is forecast from each origin', async () => {
    const model: ForecastModel = {
      predict: async (x) => ndarray((x.toNested() as number[][][]).map(([[a], [b], [c]]) => [a / 2 - b / 4 + c])),
    };
    const list = [0, 1].map((k) => series(wave(k, 25)).select([0]));
    const result = await backtest(model, list, { start: 8, horizon: 4, stride: 2, window: 3 });
    for (const [i, origin] of result.origins.entries()) {
      for (const [k, item] of list.entries()) {
        const single = await forecast(model, item.rows(0, origin), { steps: 4, window: 3 });
        expectNear(result.at(i, k).forecast.toNested(), single.toNested(), 1e-4);
      }
    }
    const block: ForecastModel = {
      predict: async (x) => ndarray((x.toNested() as number[][][]).map((window) => [[window[0][0]], [window[1][0]]])),
    };
    const direct = await backtest(block, list, { start: 8, horizon: 2, window: 2, direct: true });
    expect(direct.kind).toBe('direct');
    expect(direct.forecast.at(1, 0, 1, 0)).toBe(list[1].at(7, 0));
  });

  test('says one-step when each step is predicted from true values', async () => {
    expect((await backtest(leakyModel(), wave(0, 20), { start: 10, horizon: 1 })).kind).toBe('one-step');
    expect((await backtest(drift, wave(0, 20), { start: 10, horizon: 1 })).kind).toBe('naive');
  });

  test('takes a function of the known part of each series', async () => {
    const seen: number[] = [];
    const twice = await backtest(
      async function lastTwice(history, { steps }) {
        seen.push(history[0].steps);
        return ndarray(history.map((item) => Array.from({ length: steps }, () => [2 * item.at(-1, 0)])));
      },
      [1, 2, 3, 4, 5],
      { start: 2, horizon: 2 },
    );
    expect(twice.forecast.toNested()).toEqual([
      [
        [[4], [4]],
        [[6], [6]],
      ],
    ]);
    expect([twice.kind, twice.method, seen]).toEqual(['custom', 'lastTwice', [2, 3]]);
  });

  test('scores are the errors of its arrays, and skill is against the best rule of each number', async () => {
    const rows = Array.from({ length: 60 }, (_, t) => [Math.sin((2 * Math.PI * t) / 12) * 5 + Math.sin(t * t), t + Math.cos(t)]);
    const result = await backtest(leakyModel(), rows, { start: 24, horizon: 3, season: 12 });
    const names = ['persistence', 'drift', 'seasonal naive 12'];
    expect(Object.keys(result.naive)).toEqual(names);
    for (const metric of [rmse, mae]) {
      const { forecast: own, naive, skill } = result.scores(metric);
      expect(own.all).toBe(metric(result.actual, result.forecast));
      expect(own.perStepAndFeature).toEqual(metric(result.actual, result.forecast, { per: 'both' }));
      expect(naive.drift.perFeature).toEqual(metric(result.actual, result.naive.drift, { per: 'feature' }));
      const best = (pick: (name: string) => number) => Math.min(...names.map(pick));
      expect(skill.all).toBeCloseTo(1 - own.all / best((name) => naive[name].all), 9);
      expect(skill.perStep[1]).toBeCloseTo(1 - own.perStep[1] / best((name) => naive[name].perStep[1]), 9);
      expect(skill.perStepAndFeature[2][0]).toBeCloseTo(
        1 - own.perStepAndFeature[2][0] / best((name) => naive[name].perStepAndFeature[2][0]),
        9,
      );
    }
    const { naive } = result.scores();
    expect(naive['seasonal naive 12'].perFeature[0]).toBeLessThan(naive.persistence.perFeature[0]);
    expect(naive.drift.perFeature[1]).toBeLessThan(naive['seasonal naive 12'].perFeature[1]);
  });

  test('explains itself, and says where a rule is better', async () => {
    const rows = series({
      pressure: Array.from({ length: 40 }, (_, t) => (t % 4) * 2),
      temperature: Array.from({ length: 40 }, (_, t) => 20 + t),
    });
    const seasonal = await backtest(seasonalNaive({ season: 4 }), rows, { start: 12, horizon: 6, stride: 2 });
    expect(seasonal.explain()).toMatchInlineSnapshot(`
      "backtest of seasonal naive 4: 12 origins every 2 steps from step 12, naive
        rmse, skill against the best naive rule

        feature      ahead  seasonal n…  persistence  drift  skill
        pressure         1        0.000        4.472  4.670  1.000
        pressure         2        0.000        4.000  4.251  1.000
        pressure         4        0.000        0.000  1.016  0.000
        pressure         6        0.000        4.000  4.875  1.000
        temperature      1        4.000        1.000  0.000     -∞
        temperature      2        4.000        2.000  0.000     -∞
        temperature      4        4.000        4.000  0.000     -∞
        temperature      6        8.000        6.000  0.000     -∞

        pressure: no better than the best rule at step 4 ahead.
        temperature: no better than the best rule at steps 1–6 ahead."
    `);
    const better = await backtest(
      drift,
      Array.from({ length: 20 }, (_, t) => t ** 2),
      { start: 5, horizon: 2 },
    );
    expect(better.explain({ metric: mae, metricName: 'mae' })).toContain('no better than the best rule at steps 1–2 ahead.');
    for (const line of seasonal.explain().split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('a scaler that saw the test steps is refused', async () => {
    const s = series(wave(0, 40));
    const { train, test: last } = splitSeries(s, { train: 0.5, validation: 0 });
    const options = { start: 20, horizon: 2 };
    expect(await messageOf(() => backtest(leakyModel(), s, { ...options, scaler: standardScaler().fit(s) }))).toMatchInlineSnapshot(`
      "The scaler was fitted on steps behind the first origin. [SCALER_SEES_FUTURE]
        expected: a scaler fitted on the first 20 of 40 steps
        received: fitted on all 40
        where: backtest
        hint: Fit it on series.rows(0, start), or on the train part of splitSeries."
    `);
    expect(await codeOf(() => backtest(leakyModel(), s, { ...options, scaler: standardScaler().fit(s.rows(0, 21)) }))).toBe(
      'SCALER_SEES_FUTURE',
    );
    expect(await codeOf(() => backtest(leakyModel(), s, { ...options, scaler: standardScaler().fit(train) }))).toBe('nothing thrown');
    expect(await codeOf(() => backtest(leakyModel(), last, { start: 1, horizon: 2, scaler: standardScaler().fit(train) }))).toBe(
      'nothing thrown',
    );
  });

  const rows = wave(0, 12);
  test.each([
    ['SERIES_TOO_SHORT', () => backtest(persistence, rows, { start: 11, horizon: 2 })],
    ['LENGTHS_DIFFER', () => backtest(persistence, [series([1, 2, 3]), series([1, 2])], { start: 1, horizon: 1 })],
    ['HISTORY_TOO_SHORT', () => backtest(seasonalNaive({ season: 4 }), rows, { start: 3, horizon: 1 })],
    [
      'HISTORY_TOO_SHORT',
      () => backtest(leakyModel(), rows, { start: 3, horizon: 1, scaler: differences({ lag: 3 }).fit(rows.slice(0, 4)) }),
    ],
    ['HISTORY_TOO_SHORT', () => backtest({ predict: async () => ndarray([1]) }, rows, { start: 3, horizon: 1, window: 4 })],
    ['CONTRADICTORY_OPTIONS', () => backtest(persistence, rows, { start: 3, horizon: 1, window: 4 })],
    ['FEATURES_NOT_FED_BACK', () => backtest(leakyModel(), [1, 2, 3], { start: 1, horizon: 1 })],
    ['NOT_A_SEQUENCE_MODEL', () => backtest({}, rows, { start: 3, horizon: 1 })],
    [
      'NO_SNAPSHOT',
      () =>
        backtest({ stream: (options) => ({ ...leakyModel().stream?.(options), snapshot: undefined }) as never }, rows, {
          start: 3,
          horizon: 1,
        }),
    ],
    ['SHAPE_MISMATCH', () => backtest(() => ndarray([1]), rows, { start: 3, horizon: 1 })],
    ['SHAPE_MISMATCH', () => backtest((() => 7) as never, rows, { start: 3, horizon: 1 })],
    ['INDEX_OUT_OF_RANGE', async () => (await backtest(persistence, rows, { start: 11, horizon: 1 })).at(1)],
    ['INDEX_OUT_OF_RANGE', async () => (await backtest(persistence, rows, { start: 11, horizon: 1 })).at(0, 1)],
    ['INVALID_OPTION', () => backtest(persistence, rows, { start: 0, horizon: 1 })],
    ['INVALID_OPTION', () => backtest(persistence, rows, { start: 3, horizon: 1, stride: 0 })],
    ['INVALID_OPTION', () => backtest(persistence, rows, { start: 3 } as never)],
    ['UNKNOWN_OPTION', () => backtest(persistence, rows, { start: 3, horizon: 1, refit: true } as never)],
  ])('throws %s', async (code, call) => {
    expect(await codeOf(call)).toBe(code);
  });
});
