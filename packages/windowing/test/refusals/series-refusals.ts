import { ndarray } from '@cellstate/core';
import type { Refusal } from '@cellstate/testing';
import {
  chain,
  differences,
  logReturns,
  minMaxScaler,
  nextStep,
  padSequences,
  perFeature,
  scalerFromJson,
  series,
  splitSeries,
  standardScaler,
  toSeriesList,
} from '../../src/index.ts';
import { rowsOnce } from './rows-once.ts';

const anything = (value: unknown) => value as never;
const ten = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const weather = () => series({ wind: [1, 2, 3], rain: [4, 5, 6] });
const changes = () => differences().fit([1, 2, 4]);

/** Reads an async source to its end. */
async function drain(source: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of source);
}

/** What series, splits and padding refuse. */
export const SERIES_REFUSALS: readonly Refusal[] = [
  ['a text for a series', () => series(anything('1 2 3'))],
  ['nothing for a series', () => series(anything(null))],
  ['a cube for a series', () => series(ndarray([[[1]]]))],
  ['rows of different widths', () => series([[1, 2], [3]])],
  ['a number among rows', () => series(anything([[1, 2], 3]))],
  ['a row among numbers', () => series(anything([1, [2, 3]]))],
  ['a gap among numbers', () => series([1, Number.NaN])],
  ['a gap in a row', () => series([[1, Number.POSITIVE_INFINITY]])],
  ['a text among numbers', () => series(anything([1, 'two']))],
  ['columns of different lengths', () => series({ wind: [1, 2], rain: [3] })],
  ['one name for two features', () => series([[1, 2]], { names: ['wind'] })],
  ['one name twice', () => series([[1, 2]], { names: ['wind', 'wind'] })],
  ['an unknown option of series', () => series([1], anything({ name: ['wind'] }))],
  ['a feature that is not there', () => weather().select(['snow'])],
  ['no feature', () => weather().select([])],
  ['a function that opens nothing', () => series(anything(() => [1, 2]))],
  ['async rows where a whole series is needed', () => splitSeries(anything(rowsOnce(ten)))],
  ['series of other features in a list', () => toSeriesList([weather(), series([1])], 'forecast')],
  ['one step with no next', () => nextStep([1])],
  ['one step with no next in an array', () => nextStep(ndarray([[[1]], [[2]]]))],
  ['one async row with no next', async () => drain(anything(nextStep(rowsOnce([1]))))],
  [
    'async steps read twice',
    async () => {
      const pairs = nextStep(rowsOnce(ten)) as unknown as AsyncIterable<unknown>;
      await drain(pairs);
      await drain(pairs);
    },
  ],
  ['a text to pad', () => padSequences(anything(['abc', 1]))],
  ['rows of other shapes to pad', () => padSequences(anything([[[1, 2]], [[1, 2, 3]]]))],
  ['a fraction in whole numbers', () => padSequences([[1.5]])],
  ['a padding that is none', () => padSequences([[1]], { padding: anything('front') })],
  ['a length that is no number', () => padSequences([[1]], { maxLength: anything('3') })],
  ['parts longer than the series', () => splitSeries(ten, { train: 0.8, validation: 0.4 })],
  ['a part of minus one', () => splitSeries(ten, { train: -1 })],
  ['no training part', () => splitSeries(ten, { train: 0.05 })],
  ['a validation part that the gap swallows', () => splitSeries(ten, { train: 0.5, validation: 0.2, gap: 2 })],
  ['a test part that the gap swallows', () => splitSeries(ten, { train: 0.5, validation: 0.4, gap: 1 })],
];

/** What scalers refuse. */
export const SCALER_REFUSALS: readonly Refusal[] = [
  ['a range that descends', () => minMaxScaler({ range: [1, 0] })],
  ['a chain of nothing', () => chain([])],
  ['a scaler for a feature that is not there', () => perFeature({ snow: standardScaler() }).fit(weather())],
  ['log returns of nought', () => logReturns().fit([1, 0]).transform([1, 0])],
  ['a scaler fitted on the future', () => standardScaler().fit(splitSeries(ten).test)],
  ['a scaler fitted on nothing', () => standardScaler().fit([])],
  ['a scaler fitted on no rows', () => standardScaler().fit(rowsOnce([]))],
  [
    'an array of other features',
    () =>
      standardScaler()
        .fit(weather())
        .transform(ndarray([[1, 2, 3]])),
  ],
  [
    'a series of other features',
    () =>
      standardScaler()
        .fit(weather())
        .transform(series([1])),
  ],
  [
    'features in another order',
    () =>
      standardScaler()
        .fit(weather())
        .transform(weather().select(['rain', 'wind'])),
  ],
  ['changes of one step', () => changes().transform([1])],
  ['changes taken back to nowhere', () => changes().inverse(ndarray([[1]]))],
  [
    'changes taken back with too few rows',
    () =>
      differences({ lag: 2 })
        .fit([1, 2, 4])
        .inverse(ndarray([[1]]), { after: [1] }),
  ],
  [
    'async changes with too few rows',
    async () =>
      drain(
        anything(
          differences({ lag: 2 })
            .fit([1, 2, 4])
            .transform(rowsOnce([1]), { after: [1] }),
        ),
      ),
  ],
  ['a scaler from an empty object', () => scalerFromJson(anything({}))],
  [
    'a scaler from an unknown column',
    () => scalerFromJson(anything({ names: ['wind'], columns: [{ kind: 'cubic' }], fittedOn: { steps: 1 } })),
  ],
];
