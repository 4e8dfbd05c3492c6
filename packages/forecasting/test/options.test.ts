import { type NdArray, ndarray } from '@cellstate/core';
import { beside, type OptionSubject, testOptions } from '@cellstate/testing';
import { series, standardScaler } from '@cellstate/windowing';
import * as doors from '../src/index.ts';
import { leakyModel } from './leaky-model.ts';

type Options = Readonly<Record<string, unknown>>;

const pairs = () => series(Array.from({ length: 24 }, (_, step) => [Math.sin(step), Math.cos(step / 3) + step / 9]));
const [actual, predicted] = [1, 2].map((salt) =>
  ndarray([0, 1, 2].map((step) => [0, 1].map((feature) => 1 + Math.sin(salt + step * 3 + feature)))),
);

function subject(run: (options: Options) => unknown, changes: () => Options): OptionSubject {
  const make = async (options: Options) => JSON.stringify(await run(options));
  return { make, observe: make, changes };
}

/** Answers each window with two steps of it: the first two, or both of two. */
const directModel: doors.ForecastModel = {
  predict: (x) => Promise.resolve((x as NdArray).slice([null, [0, 2]])),
};
/** The last step of the window, doubled. */
const lookBackModel: doors.ForecastModel = {
  predict(x) {
    const { shape, data } = x as NdArray;
    const [lanes, , features] = shape as [number, number, number];
    return Promise.resolve(
      ndarray(
        data.map((value) => 2 * value),
        shape,
      )
        .slice([null, [0, 1]])
        .reshape([lanes, features]),
    );
  },
};
const windowed = ({ direct }: Options) => (direct === true ? directModel : lookBackModel);

const pick = (model: doors.ForecastModel, options: Options) => ('window' in options || 'direct' in options ? windowed(options) : model);
const measured = (run: (options: Options) => unknown) => subject(run, () => ({ per: 'step' }));
const naive = (make: (options: Options) => doors.NaiveRule, changes: () => Options, base: Options = {}): OptionSubject =>
  subject((options) => make({ ...base, ...options })(pairs(), { steps: 5 }).toNested(), changes);
const run = (rule: doors.NaiveRule) =>
  subject(
    (options) => rule(pairs(), { steps: 2, ...options } as never).toNested(),
    () => ({ steps: 3 }),
  );

testOptions(doors, {
  subjects: {
    forecast: subject(
      async (options) => (await doors.forecast(pick(leakyModel(), options), pairs(), { steps: 2, ...options })).toNested(),
      () => ({
        steps: 3,
        scaler: standardScaler().fit(pairs()),
        window: beside({ window: 3 }, 4),
        direct: beside({ window: 3 }, true),
      }),
    ),
    backtest: subject(
      async (options) => {
        const result = await doors.backtest(pick(leakyModel(), options), pairs(), { start: 12, horizon: 2, ...options });
        return [result, String(result.explain())];
      },
      () => ({
        start: 14,
        horizon: 3,
        stride: 2,
        season: 3,
        scaler: standardScaler().fit(pairs().rows(0, 12)),
        window: beside({ window: 3 }, 4),
        direct: beside({ window: 3 }, true),
      }),
    ),
    'backtest.explain': subject(
      async (options) => (await doors.backtest(doors.persistence, pairs(), { start: 12, horizon: 2 })).explain(options),
      () => ({ metric: doors.mae, metricName: 'off by' }),
    ),
    rmse: measured((options) => doors.rmse(actual, predicted, options)),
    mae: measured((options) => doors.mae(actual, predicted, options)),
    mape: measured((options) => doors.mape(actual, predicted, options)),
    smape: measured((options) => doors.smape(actual, predicted, options)),
    mase: subject(
      (options) => doors.mase(actual, predicted, { train: pairs(), ...options }),
      () => ({ per: 'step', train: pairs().rows(0, 9), season: 2 }),
    ),
    skill: subject(
      (options) =>
        doors.skill(actual, predicted, {
          naive: ndarray([
            [2, 1],
            [0, 4],
            [3, 3],
          ]),
          ...options,
        } as never),
      () => ({
        per: 'step',
        naive: ndarray([
          [1, 2],
          [3, 4],
          [5, 6],
        ]),
        metric: doors.mae,
      }),
    ),
    seasonalNaive: naive(
      (options) => doors.seasonalNaive(options as never),
      () => ({ season: 3 }),
      { season: 2 },
    ),
    movingAverage: naive(
      (options) => doors.movingAverage(options as never),
      () => ({ window: 3 }),
      { window: 2 },
    ),
    'a naive rule': run(doors.persistence),
    persistence: run(doors.persistence),
    drift: run(doors.drift),
    anomalyDetector: subject(
      (options) => doors.anomalyDetector(options).fit(actual, predicted).toJSON(),
      () => ({ quantile: 0.5, margin: 2, consecutive: 2 }),
    ),
  },
  without: ['isForecast'],
});
