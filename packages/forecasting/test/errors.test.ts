import { fileURLToPath } from 'node:url';
import { ndarray } from '@cellstate/core';
import { type Refusal, testRefusals } from '@cellstate/testing';
import { differences, series, splitSeries, standardScaler } from '@cellstate/windowing';
import {
  anomalyDetector,
  backtest,
  type ForecastModel,
  type ForecastStream,
  forecast,
  mape,
  mase,
  movingAverage,
  persistence,
  rmse,
  seasonalNaive,
} from '../src/index.ts';
import { leakyModel } from './leaky-model.ts';

const anything = (value: unknown) => value as never;
const ten = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const pairs = series(ten.map((value) => [value, value / 7]));
const zeros = (...shape: number[]) => ndarray(new Float32Array(shape.reduce((product, length) => product * length, 1)), shape);

/** A look-back model that answers every window with zeros of this shape. */
const lookBack = (...shape: number[]): ForecastModel => ({ predict: () => Promise.resolve(zeros(...shape)) });

/** The sequence model with some of its stream changed. */
function streaming(change: object): ForecastModel {
  const model = leakyModel();
  return { stream: (options) => ({ ...(model.stream as (options: { lanes: number }) => ForecastStream)(options), ...change }) };
}

const FORECASTS: readonly Refusal[] = [
  ['no steps to forecast', () => forecast(leakyModel(), pairs, { steps: 0 })],
  ['an unknown option of a forecast', () => forecast(leakyModel(), pairs, anything({ step: 1 }))],
  ['a forecast of other features', () => forecast(leakyModel(), ten, { steps: 1 })],
  [
    'a forecast with two inputs',
    () => forecast({ ...leakyModel(), inputs: [{ shape: [null, 2] }, { shape: [null, 2] }] }, pairs, { steps: 1 }),
  ],
  ['a forecast by a trainer', () => forecast(anything({}), pairs, { steps: 1 })],
  ['a forecast from windows by a stream', () => forecast(streaming({}), pairs, { steps: 1, window: 3 })],
  ['a direct forecast of a sequence model', () => forecast(leakyModel(), pairs, { steps: 1, direct: true })],
  ['a forecast of several arrays', () => forecast(anything({ predict: () => [zeros(1, 1), zeros(1, 1)] }), ten, { steps: 1, window: 3 })],
  ['a forecast of two features for one', () => forecast(lookBack(1, 2), ten, { steps: 1, window: 3 })],
  ['a forecast of other lanes', () => forecast(lookBack(2, 1), ten, { steps: 1, window: 3 })],
  ['a direct forecast without steps', () => forecast(lookBack(1, 1), ten, { steps: 1, window: 3, direct: true })],
  ['a history shorter than the window', () => forecast(lookBack(1, 1), [1, 2], { steps: 1, window: 3 })],
  [
    'a history shorter than the differences',
    () => forecast(leakyModel(), pairs.rows(0, 1), { steps: 1, scaler: differences().fit(pairs) }),
  ],
  ['a season longer than the history', () => seasonalNaive({ season: 3 })([1, 2], { steps: 1 })],
  ['an average of more than there is', () => movingAverage({ window: 3 })([1, 2], { steps: 1 })],
];

const BACKTESTS: readonly Refusal[] = [
  ['a backtest longer than the series', () => backtest(leakyModel(), pairs, { start: 9, horizon: 3 })],
  ['a backtest of series of other lengths', () => backtest(persistence, anything([series(ten), series([1, 2])]), { start: 2, horizon: 1 })],
  ['a window for a function', () => backtest(persistence, ten, { start: 5, horizon: 1, window: 3 })],
  ['a function that gives too little', () => backtest(() => zeros(1, 1, 1), ten, { start: 5, horizon: 2 })],
  [
    'a function that gives nothing',
    () =>
      backtest(
        anything(() => undefined),
        ten,
        { start: 5, horizon: 2 },
      ),
  ],
  ['a scaler that saw the future', () => backtest(leakyModel(), pairs, { start: 5, horizon: 1, scaler: standardScaler().fit(pairs) })],
  [
    'a start within the differences',
    () => backtest(leakyModel(), pairs, { start: 2, horizon: 1, scaler: differences({ lag: 2 }).fit(pairs.rows(0, 2)) }),
  ],
  ['a stream that cannot go back', () => backtest(streaming({ snapshot: undefined }), pairs, { start: 5, horizon: 2 })],
  ['an origin that is not there', async () => (await backtest(persistence, ten, { start: 5, horizon: 1 })).at(9)],
];

const MEASURES: readonly Refusal[] = [
  ['a forecast for the truth', () => rmse(anything(persistence(ten, { steps: 2 })), [1, 2])],
  ['shapes that differ', () => rmse([1, 2], [1, 2, 3])],
  ['nothing to measure', () => rmse([], [])],
  ['a gap to measure', () => rmse([1, Number.NaN], [1, 2])],
  ['a score per colour', () => rmse([1], [2], { per: anything('colour') })],
  ['a percentage of nought', () => mape([0], [1])],
  ['a training part of other features', () => mase([1], [2], { train: pairs })],
  ['a training part of one step', () => mase([1], [2], { train: [1] })],
  ['a training part that does not change', () => mase([1], [2], { train: [3, 3, 3] })],
  ['a quantile above one', () => anomalyDetector({ quantile: 2 })],
  ['a margin of nought', () => anomalyDetector({ margin: 0 })],
  ['half an item in a row', () => anomalyDetector({ consecutive: 0.5 })],
  ['a threshold from the training part', () => anomalyDetector().fit(splitSeries(ten).train, ten.slice(0, 7))],
  ['fewer items than must alarm', () => anomalyDetector({ consecutive: 5 }).fit([1, 2], [1, 3])],
  ['a detector on other features', () => anomalyDetector().fit([1, 2], [1, 3]).score(pairs, pairs)],
];

testRefusals([...FORECASTS, ...BACKTESTS, ...MEASURES], {
  sources: fileURLToPath(new URL('../src', import.meta.url)),
  texts: 'errors.txt',
});
