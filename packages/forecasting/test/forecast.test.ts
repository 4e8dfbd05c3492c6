import { ndarray } from '@cellstate/core';
import { chain, differences, logReturns, series, standardScaler } from '@cellstate/windowing';
import { describe, expect, test } from 'vitest';
import { type ForecastModel, forecast } from '../src/index.ts';
import { codeOf, messageOf } from './catch-code.ts';
import { handRolled, leakyModel } from './leaky-model.ts';

const rows = (k: number, steps: number) => Array.from({ length: steps }, (_, t) => [Math.sin(t / 3 + k), Math.cos(t / 5 - k) / 2]);

function expectNear(received: unknown, expected: unknown, tolerance = 1e-5): void {
  const left = [received].flat(9) as number[];
  const right = [expected].flat(9) as number[];
  expect(left.length).toBe(right.length);
  for (const [i, value] of right.entries()) expect(Math.abs(left[i] - value), `value ${i}`).toBeLessThanOrEqual(tolerance);
}

describe('forecast with a sequence model', () => {
  test.each([{ last: false }, { last: true }])(
    'is the plain loop: warm on the whole history, then feed back (last step only: $last)',
    async ({ last }) => {
      const model = leakyModel({ last });
      const history = rows(0, 20);
      const result = await forecast(model, history, { steps: 6 });
      expect(result.shape).toEqual([1, 6, 2]);
      expectNear(result.toNested(), handRolled(history, 6));
      expect(model.traffic).toMatchObject({ opened: 1, disposed: 1, steps: 25 });
    },
  );

  test('several series of several lengths at once are each alone', async () => {
    const histories = [rows(0, 12), rows(1, 30), rows(2, 1), rows(3, 30)];
    const result = await forecast(
      leakyModel(),
      histories.map((history) => series(history)),
      { steps: 4 },
    );
    expectNear(
      result.toNested(),
      histories.map((history) => handRolled(history, 4)),
    );
    expect(result.origins).toEqual([12, 30, 1, 30]);
    const array = await forecast(leakyModel(), ndarray([rows(1, 30), rows(3, 30)]), { steps: 2 });
    expectNear(array.toNested(), [handRolled(rows(1, 30), 2), handRolled(rows(3, 30), 2)]);
  });

  test('a long history is warmed in chunks, with the same result', async () => {
    const model = leakyModel();
    const histories = [rows(0, 1500), rows(1, 900)];
    const result = await forecast(
      model,
      histories.map((history) => series(history)),
      { steps: 2 },
    );
    expectNear(
      result.toNested(),
      histories.map((history) => handRolled(history, 2)),
    );
    expect(model.traffic.largest).toBeLessThanOrEqual(256);
  });

  test('one step ahead pushes nothing back', async () => {
    const model = leakyModel();
    await forecast(model, rows(0, 10), { steps: 1 });
    expect(model.traffic.steps).toBe(10);
  });

  test('says how it came about', async () => {
    const result = await forecast(leakyModel(), series({ p: [1, 2], t: [3, 4] }), { steps: 3 });
    expect({ kind: result.kind, method: result.method, origins: result.origins, horizon: result.horizon, names: result.names }).toEqual({
      kind: 'recursive',
      method: 'forecast',
      origins: [2],
      horizon: 3,
      names: ['p', 't'],
    });
  });

  test('disposes its stream when a push fails', async () => {
    const model = leakyModel();
    const stream = model.stream?.bind(model);
    const failing: ForecastModel = {
      stream: (options) => ({
        ...(stream as NonNullable<typeof stream>)(options),
        pushAsync: () => Promise.reject(new Error('engine lost')),
      }),
    };
    await expect(forecast(failing, rows(0, 3), { steps: 1 })).rejects.toThrow('engine lost');
    expect(model.traffic).toMatchObject({ opened: 1, disposed: 1 });
  });
});

describe('forecast with a scaler', () => {
  const history = Array.from({ length: 30 }, (_, t) => [20 + t + Math.sin(t), 5 + 0.2 * Math.cos(t)]);

  test('works in scaled values and answers in original ones', async () => {
    const scaler = standardScaler().fit(history);
    const result = await forecast(leakyModel(), history, { steps: 5, scaler });
    const scaledHistory = scaler.transform(history).toNested() as number[][];
    expectNear(result.toNested(), scaler.inverse(handRolled(scaledHistory, 5)).toNested(), 1e-4);
  });

  test.each([
    ['differences', () => differences()],
    ['seasonal differences', () => differences({ lag: 4 })],
    ['standardised log returns', () => chain([logReturns(), standardScaler()])],
  ])('%s are added to the end of each history', async (_, make) => {
    const scaler = make().fit(history);
    const other = history.slice(0, 17).map(([a, b]) => [2 * a, b + 1]);
    const result = await forecast(leakyModel(), [series(history), series(other)], { steps: 6, scaler });
    const expected = [history, other].map((part) => {
      const changes = handRolled(scaler.transform(part).toNested() as number[][], 6);
      return scaler.inverse(changes, { after: part }).toNested();
    });
    expectNear(result.toNested(), expected, 1e-3);
  });
});

describe('forecast with a look-back model', () => {
  /** y = 0.5 a + 0.3 b - 0.1 c over a window a b c of one feature. */
  const weights = [0.5, 0.3, -0.1];
  const lookBack: ForecastModel = {
    predict: async (x) =>
      ndarray((x.toNested() as number[][][]).map((window) => [window.reduce((sum, [value], i) => sum + weights[i] * value, 0)])),
  };

  function slid(history: readonly number[], steps: number): number[] {
    const values = [...history];
    for (let i = 0; i < steps; i++) values.push(values.slice(-3).reduce((sum, value, j) => sum + weights[j] * value, 0));
    return values.slice(history.length);
  }

  test('slides its window over its own outputs', async () => {
    const result = await forecast(lookBack, [3, 1, 4, 1, 5], { steps: 5, window: 3 });
    expectNear(result.toNested(), slid([3, 1, 4, 1, 5], 5));
    expect(result.kind).toBe('recursive');
    const two = await forecast(lookBack, [series([3, 1, 4]), series([2, 7, 1, 8])], { steps: 4, window: 3 });
    expectNear(two.toNested(), [...slid([3, 1, 4], 4), ...slid([2, 7, 1, 8], 4)]);
  });

  test('takes the window the model declares, and the last step of a sequence', async () => {
    const declared: ForecastModel = { ...lookBack, inputs: [{ shape: [null, 3, 1] }], outputs: [{ shape: [null, 1] }] };
    expectNear((await forecast(declared, [3, 1, 4, 1, 5], { steps: 3 })).toNested(), slid([3, 1, 4, 1, 5], 3));
    const manyToMany: ForecastModel = {
      predict: async (x) =>
        ndarray(
          x.data.map((value) => 2 * value),
          x.shape,
        ),
    };
    expect((await forecast(manyToMany, [1, 3], { steps: 3, window: 2 })).toNested()).toEqual([[[6], [12], [24]]]);
  });

  test('starts windows of a stateful model from zero state', async () => {
    const asked: unknown[] = [];
    const stateful: ForecastModel = {
      statefulCalls: ['lstm#0'],
      predict: async (x, options) => {
        asked.push(options);
        return ndarray(new Float32Array(x.shape[0]), [x.shape[0], 1]);
      },
    };
    await forecast(stateful, [1, 2], { steps: 2, window: 2 });
    expect(asked).toEqual([{ state: 'zero' }, { state: 'zero' }]);
  });

  test('direct: one pass gives all steps, or blocks of them', async () => {
    const block: ForecastModel = {
      predict: async (x) =>
        ndarray((x.toNested() as number[][][]).map((window) => [1, 2, 3].map((ahead) => [(window.at(-1) as number[])[0] + ahead]))),
    };
    const once = await forecast(block, [7, 9], { steps: 3, window: 2, direct: true });
    expect([once.toNested(), once.kind]).toEqual([[[[10], [11], [12]]], 'direct']);
    const blocks = await forecast(block, [7, 9], { steps: 5, window: 2, direct: true });
    expect([blocks.toNested(), blocks.kind]).toEqual([[[[10], [11], [12], [13], [14]]], 'recursive']);
    expect((await forecast(block, [7, 9], { steps: 2, window: 2, direct: true })).toNested()).toEqual([[[10], [11]]]);
    const wide = await forecast(block, [5, 6, 7, 8, 9], { steps: 4, window: 5, direct: true });
    expect(wide.toNested()).toEqual([[[10], [11], [12], [13]]]);
  });
});

describe('forecast refuses', () => {
  test('a model that does not predict all it reads, naming the features', async () => {
    const history = series({ pressure: [1, 2], temperature: [3, 4] });
    const model: ForecastModel = { ...leakyModel(), outputs: [{ shape: [null, null, 1] }] };
    expect(await messageOf(() => forecast(model, history, { steps: 1 }))).toMatchInlineSnapshot(`
      "The outputs of the model are not the features of the history. [FEATURES_NOT_FED_BACK]
        expected: 2 features: pressure, temperature
        received: 1 feature among the outputs
        where: forecast
        hint: A forecast feeds each output back as the next input: the model must predict every feature it reads, or the history be cut to what it predicts with series.select([…])."
    `);
    const undeclared: ForecastModel = { predict: async () => ndarray([[1]]) };
    expect(await codeOf(() => forecast(undeclared, history, { steps: 1, window: 1 }))).toBe('FEATURES_NOT_FED_BACK');
    expect(await codeOf(() => forecast(leakyModel(), [1, 2, 3], { steps: 1 }))).toBe('FEATURES_NOT_FED_BACK');
  });

  const two = [
    [1, 2],
    [3, 4],
  ];
  const answer = (output: unknown): ForecastModel => ({ predict: async () => output });
  test.each([
    ['NOT_A_SEQUENCE_MODEL', () => forecast(answer(1), two, { steps: 1 })],
    ['NOT_A_LOOK_BACK_MODEL', () => forecast({ stream: leakyModel().stream } as ForecastModel, two, { steps: 1, window: 2 })],
    ['NOT_ONE_ARRAY', () => forecast(answer([ndarray(two), ndarray(two)]), two, { steps: 1, window: 1 })],
    ['NOT_ONE_ARRAY', () => forecast({ ...leakyModel(), inputs: [{ shape: [null, 2] }, { shape: [null, 2] }] }, two, { steps: 1 })],
    ['SHAPE_MISMATCH', () => forecast(answer(ndarray(two)), two, { steps: 1, window: 1 })],
    ['SHAPE_MISMATCH', () => forecast(answer(ndarray([[1, 2]])), two, { steps: 1, window: 1, direct: true })],
    ['HISTORY_TOO_SHORT', () => forecast(answer(1), two, { steps: 1, window: 3 })],
    ['HISTORY_TOO_SHORT', () => forecast(leakyModel(), two, { steps: 1, scaler: differences({ lag: 2 }).fit(two) })],
    ['HISTORY_TOO_SHORT', () => forecast(leakyModel(), series(two).rows(2), { steps: 1 })],
    ['CONTRADICTORY_OPTIONS', () => forecast(leakyModel(), two, { steps: 1, direct: true })],
    ['INVALID_OPTION', () => forecast(leakyModel(), two, { steps: 0 })],
    ['INVALID_OPTION', () => forecast(leakyModel(), two, {} as { steps: number })],
    ['INVALID_OPTION', () => forecast(answer(1), two, { steps: 1, window: 0 })],
    ['UNKNOWN_OPTION', () => forecast(leakyModel(), two, { steps: 1, horizon: 1 } as { steps: number })],
  ])('with %s', async (code, call) => {
    expect(await codeOf(call)).toBe(code);
  });
});
