import { ndarray } from '@cellstate/core';
import { dense, gru, input, lstm, type Model, model, sequential } from '@cellstate/layers';
import { differences, series, slidingWindows, standardScaler } from '@cellstate/windowing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { anomalyDetector, backtest, type ForecastModel, forecast } from '../src/index.ts';
import { codeOf, messageOf } from './catch-code.ts';

const rows = (k: number, steps: number) => Array.from({ length: steps }, (_, t) => [Math.sin(t / 3 + k), Math.cos(t / 5 - k) / 2]);
const history = series(rows(0, 24), { names: ['pressure', 'temperature'] });

const manyToMany = (): Model =>
  sequential([
    lstm({
      units: 5,
      returnSequences: true,
      inputShape: [null, 2],
      kernelInitializer: { name: 'glorotUniform', seed: 3 },
      recurrentInitializer: { name: 'orthogonal', seed: 4 },
    }),
    dense({ units: 2, kernelInitializer: { name: 'glorotUniform', seed: 5 } }),
  ]);

/** Calls the model on ever longer sequences: no state is carried, so nothing can be carried wrongly. */
async function growing(m: Model, known: readonly (readonly number[])[], steps: number): Promise<number[][]> {
  const values = known.map((row) => [...row]);
  for (let step = 0; step < steps; step++) {
    const output = await m.predict(ndarray([values]), { state: 'zero' });
    const all = (output as ReturnType<typeof ndarray>).toNested() as number[][] | number[][][];
    const last = all[0].at(-1);
    values.push(Array.isArray(last) ? last : (all[0] as number[]));
  }
  return values.slice(known.length);
}

function expectNear(received: unknown, expected: unknown, tolerance = 1e-5): void {
  const left = [received].flat(9) as number[];
  const right = [expected].flat(9) as number[];
  expect(left.length).toBe(right.length);
  for (const [i, value] of right.entries()) expect(Math.abs(left[i] - value), `value ${i}`).toBeLessThanOrEqual(tolerance);
}

describe('models of @cellstate/layers', () => {
  test('fit the contract', () => {
    expectTypeOf<Model>().toExtend<ForecastModel>();
  });

  test.each([
    ['many to many', manyToMany],
    ['many to one', () => sequential([lstm({ units: 3, returnSequences: true, inputShape: [null, 2] }), gru({ units: 2 })])],
    ['stateful', () => sequential([lstm({ units: 2, stateful: true, returnSequences: true, batchInputShape: [1, null, 2] })])],
  ] as [string, () => Model][])('%s: forecast is the model on ever longer sequences', async (_, make) => {
    const m = make();
    const result = await forecast(m, history, { steps: 5 });
    expectNear(result.toNested(), await growing(m, rows(0, 24), 5));
    m.dispose();
  });

  test('series of several lengths at once are each alone', async () => {
    const m = manyToMany();
    const lengths = [24, 7, 300];
    const result = await forecast(
      m,
      lengths.map((steps, k) => series(rows(k, steps))),
      { steps: 3 },
    );
    for (const [k, steps] of lengths.entries()) expectNear(result.slice([[k, k + 1]]).toNested(), await growing(m, rows(k, steps), 3));
    m.dispose();
  });

  test('a look-back model slides the window its input declares', async () => {
    const m = sequential([lstm({ units: 4, inputShape: [3, 2] }), dense({ units: 2 })]);
    const result = await forecast(m, history, { steps: 4 });
    const values = rows(0, 24);
    for (let step = 0; step < 4; step++) values.push(((await m.predict(ndarray([values.slice(-3)]))).toNested() as number[][])[0]);
    expectNear(result.toNested(), values.slice(24));
    m.dispose();
  });

  test("the tutorials' stateful model is run on its windows from zero state when told its window", async () => {
    const m = sequential([lstm({ units: 4, stateful: true, batchInputShape: [1, 3, 2] }), dense({ units: 2 })]);
    const result = await forecast(m, history, { steps: 2, window: 3 });
    const first = (await m.predict(ndarray([rows(0, 24).slice(-3)]), { state: 'zero' })).toNested() as number[][];
    expectNear(result.slice([null, [0, 1]]).toNested(), first);
    m.dispose();
  });

  test('a backtest is the forecast from each origin', async () => {
    const m = manyToMany();
    const list = [series(rows(0, 40)), series(rows(1, 40))];
    const scaler = standardScaler().fit(list.map((item) => item.rows(0, 20)));
    const result = await backtest(m, list, { start: 20, horizon: 4, stride: 5, scaler });
    for (const [i, origin] of result.origins.entries()) {
      const single = await forecast(
        m,
        list.map((item) => item.rows(0, origin)),
        { steps: 4, scaler },
      );
      for (const k of list.keys()) expectNear(result.at(i, k).forecast.toNested(), single.slice([[k, k + 1]]).toNested());
    }
    m.dispose();
  });

  test('refuses, naming features or the layer', async () => {
    const narrow = sequential([lstm({ units: 3, returnSequences: true, inputShape: [null, 2] }), dense({ units: 1 })]);
    expect(await messageOf(() => forecast(narrow, history, { steps: 1 }))).toContain('expected: 2 features: pressure, temperature');
    const x = input({ shape: [null, 2] });
    const two = model({ inputs: x, outputs: [dense({ units: 2 }).apply(x), dense({ units: 2 }).apply(x)] });
    expect(await codeOf(() => forecast(two as unknown as ForecastModel, history, { steps: 1 }))).toBe('NOT_ONE_ARRAY');
    const backwards = sequential([lstm({ units: 2, returnSequences: true, goBackwards: true, inputShape: [null, 2] })]);
    expect(await codeOf(() => forecast(backwards, history, { steps: 1 }))).toBe('NOT_STREAMABLE');
    for (const m of [narrow, two, backwards]) m.dispose();
  });

  test('forecasts and backtests leave no tensor, also when they fail', async () => {
    const m = manyToMany();
    const window = sequential([lstm({ units: 2, inputShape: [3, 2] })]);
    const scaler = differences().fit(history.rows(0, 15));
    const before = tf.memory().numTensors;
    await forecast(m, history, { steps: 3, scaler });
    await forecast(window, history, { steps: 3 });
    await backtest(m, history, { start: 15, horizon: 2, scaler });
    await backtest(window, history, { start: 15, horizon: 2 });
    expect(await codeOf(() => forecast(m, [1, 2, 3], { steps: 1 }))).toBe('FEATURES_NOT_FED_BACK');
    const failing: ForecastModel = {
      stream: (options) => {
        const stream = m.stream(options);
        let pushes = 0;
        return { ...stream, pushAsync: (x) => (++pushes > 1 ? Promise.reject(new Error('engine lost')) : stream.pushAsync(x)) };
      },
    };
    await expect(forecast(failing, history, { steps: 3 })).rejects.toThrow('engine lost');
    await expect(backtest(failing, history, { start: 15, horizon: 2 })).rejects.toThrow('engine lost');
    expect(tf.memory().numTensors).toBe(before);
    m.dispose();
    window.dispose();
  });

  test('the detector reads what predict gives', async () => {
    const m = manyToMany();
    const windows = slidingWindows(history, { length: 6 }).toArrays().x;
    const predicted = await m.predict(windows);
    const detector = anomalyDetector({ quantile: 1 }).fit(windows.reshape([1, -1, 6, 2]), predicted.reshape([1, -1, 6, 2]));
    expect(detector.items).toBe(18);
    expect(detector.score(windows.reshape([1, -1, 6, 2]), predicted.reshape([1, -1, 6, 2])).ranking[0].alarms).toBe(0);
    m.dispose();
  });
});
