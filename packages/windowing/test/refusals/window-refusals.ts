import type { Refusal } from '@cellstate/testing';
import {
  createDataset,
  lanes,
  series,
  slidingWindows,
  type TimeseriesOptions,
  timeseriesDatasetFromArray,
  timeseriesGenerator,
} from '../../src/index.ts';
import { rowsOnce } from './rows-once.ts';

const anything = (value: unknown) => value as never;
const ten = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const dataset = (options: Partial<TimeseriesOptions>) => timeseriesDatasetFromArray(ten, null, { sequenceLength: 3, ...options });
const asyncDataset = (options: Partial<TimeseriesOptions>) =>
  drain(timeseriesDatasetFromArray(rowsOnce(ten), null, { sequenceLength: 3, ...options }));

async function drain(source: unknown): Promise<void> {
  for await (const _ of source as AsyncIterable<unknown>);
}

async function drainTwice(source: unknown): Promise<void> {
  await drain(source);
  await drain(source);
}

/** What windows refuse. */
export const WINDOW_REFUSALS: readonly Refusal[] = [
  ['an unknown option of windows', () => slidingWindows(ten, anything({ length: 3, strides: 2 }))],
  ['windows without a length', () => slidingWindows(ten, anything({}))],
  ['a window longer than the series', () => slidingWindows([1, 2], { length: 3 })],
  ['an async series shorter than a window', () => drain(slidingWindows(rowsOnce([1, 2]), { length: 3 }).batches({ batchSize: 1 }))],
  ['async windows read twice', () => drainTwice(slidingWindows(rowsOnce(ten), { length: 3 }).batches({ batchSize: 1 }))],
  ['a window behind the last', () => slidingWindows(ten, { length: 3 }).at(7)],
  ['a shuffle without seed', () => slidingWindows(ten, { length: 3 }).batches({ batchSize: 2, shuffle: anything(true) })],
  ['a shuffle by half a seed', () => slidingWindows(ten, { length: 3 }).batches({ batchSize: 2, shuffle: { seed: 0.5 } })],
  ['a batch of nothing', () => slidingWindows(ten, { length: 3 }).batches({ batchSize: 0 })],
  ['a data set longer than the series', () => createDataset([1, 2], { lookBack: 2 })],
  ['a data set of no sample', () => createDataset([1, 2, 3], { lookBack: 2, tutorialOffByOne: true })],
  ['a first row behind the end', () => dataset({ startIndex: 10 })],
  ['a last row behind the end', () => dataset({ endIndex: 10 })],
  ['a sampling rate as long as the series', () => dataset({ samplingRate: 10 })],
  ['a stride as long as the series', () => dataset({ sequenceStride: 10 })],
  ['half a stride', () => dataset({ sequenceStride: 0.5 })],
  ['a first row before the first', () => dataset({ startIndex: -1 })],
  ['a last row before the first', () => dataset({ endIndex: -1 })],
  ['an end before the start', () => dataset({ startIndex: 4, endIndex: 4 })],
  ['an order for a shuffle', () => dataset({ shuffle: anything('random') })],
  ['a data set shuffled without seed', () => dataset({ shuffle: true })],
  ['a range behind async rows', () => asyncDataset({ startIndex: 10 })],
  ['async data, and targets at once', () => timeseriesDatasetFromArray(rowsOnce(ten), anything(ten), { sequenceLength: 3 })],
  ['data at once, and async targets', () => timeseriesDatasetFromArray(ten, anything(rowsOnce(ten)), { sequenceLength: 3 })],
  ['targets that end too early', () => timeseriesDatasetFromArray(ten, [1, 2], { sequenceLength: 3, startIndex: 4 })],
  [
    'async targets that end too early',
    () => drain(timeseriesDatasetFromArray(rowsOnce(ten), rowsOnce([1, 2]), { sequenceLength: 3, startIndex: 4 })),
  ],
  ['an async data set read twice', () => drainTwice(timeseriesDatasetFromArray(rowsOnce(ten), null, { sequenceLength: 3 }))],
  ['a generator with too few targets', () => timeseriesGenerator(ten, [1, 2], { length: 3 })],
  ['a generator with no row left', () => timeseriesGenerator(ten, ten, { length: 3, startIndex: 9 })],
  ['a generator shuffled without seed', () => timeseriesGenerator(ten, ten, { length: 3, shuffle: true })],
  ['a batch behind the last', () => timeseriesGenerator(ten, ten, { length: 3 }).at(7)],
  ['data that are no array', () => timeseriesGenerator(anything(7), ten, { length: 3 })],
];

const pair = { x: [1, 2, 3], y: [4, 5, 6] };

/** What lanes refuse. */
export const LANE_REFUSALS: readonly Refusal[] = [
  ['lanes without steps', () => lanes([ten], anything({}))],
  ['lanes of no steps', () => lanes([ten], { steps: [] })],
  ['lanes of half a step', () => lanes([ten], { steps: [2, 0.5] })],
  ['targets that are none', () => lanes([ten], { steps: 2, targets: anything('last') })],
  ['targets beside targets', () => lanes([pair], { steps: 2, targets: 'next' })],
  ['a target that is no feature', () => lanes([series({ wind: ten })], { steps: 2, targets: ['rain'] })],
  ['targets of another length', () => lanes([{ x: [1, 2, 3], y: [4] }], { steps: 2 })],
  ['sequences of other features', () => lanes([ten, [[1, 2]]], { steps: 2 })],
  ['sequences without a step', () => lanes([[]], { steps: 2 })],
  ['async sequences without a step', () => drain(lanes(rowsOnce([]), { steps: 2 }))],
  ['async lanes read twice', () => drainTwice(lanes(rowsOnce(ten), { steps: 2 }))],
  ['async pairs beside targets', () => drain(lanes(rowsOnce([{ x: 1, y: 2 }]), { steps: 2, targets: 'next' }))],
];
