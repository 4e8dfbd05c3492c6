import { ndarray } from '@cellstate/core';
import { beside, type OptionSubject, testOptions } from '@cellstate/testing';
import * as doors from '../src/index.ts';

type Options = Readonly<Record<string, unknown>>;

const rows = Array.from({ length: 24 }, (_, step) => [step + 1, (step + 1) ** 2 / 7]);
const whole = () => doors.series(rows, { names: ['level', 'flow'] });

/** A function whose whole result is plain data once it is read to its end. */
function subject(run: (options: Options) => unknown, changes: () => Options): OptionSubject {
  return { make: run, observe: (options) => JSON.stringify(plain(run(options))), changes };
}

/** Series and arrays as numbers; what can be iterated as a list. */
function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return [value.constructor.name, ...(value as Float32Array)];
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? 'function' : value;
  if (Array.isArray(value)) return value.map(plain);
  if ('toNested' in value) return tableOf(value as doors.Series);
  if (Symbol.iterator in value) return Array.from(value as Iterable<unknown>, plain);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

function tableOf(table: doors.Series): unknown {
  return [table.names, table.toNested(), table.data.constructor.name];
}

const scaled = (make: (options: Options) => doors.Scaler, changes: () => Options): OptionSubject => ({
  make,
  observe: (options) => JSON.stringify(plain(make(options).fit(whole()).transform(whole()))),
  changes,
});
const ranges = { startIndex: 3, endIndex: 12, batchSize: 2 };

testOptions(doors, {
  subjects: {
    series: subject(
      (options) => doors.series(rows, options),
      () => ({ names: ['level', 'flow'] }),
    ),
    padSequences: subject(
      (options) => doors.padSequences([[1, 2, 3], [4]], options),
      () => ({ maxLength: 2, padding: 'post', truncating: beside({ maxLength: 2 }, 'post'), value: 9, dtype: 'float32' }),
    ),
    splitSeries: subject(
      (options) => doors.splitSeries(whole(), options),
      () => ({ train: 0.5, validation: 0.25, gap: 1 }),
    ),
    createDataset: subject(
      (options) => doors.createDataset(whole(), options),
      () => ({ lookBack: 3, tutorialOffByOne: true }),
    ),
    slidingWindows: subject(
      (options) => doors.slidingWindows(whole(), { length: 3, ...options }).toArrays(),
      () => ({ length: 4, horizon: 2, stride: 2, samplingRate: 2, gap: 1, targets: ['flow'] }),
    ),
    'windows.batches': subject(
      (options) => doors.slidingWindows(whole(), { length: 3 }).batches(options),
      () => ({ batchSize: 5, shuffle: { seed: 3 } }),
    ),
    'windows.batches, shuffle': subject(
      (options) => doors.slidingWindows(whole(), { length: 3 }).batches({ shuffle: { seed: 3, ...options } }),
      () => ({ seed: 4 }),
    ),
    timeseriesDatasetFromArray: subject(
      (options) => doors.timeseriesDatasetFromArray(whole(), whole(), { sequenceLength: 3, ...options }),
      () => ({
        sequenceLength: 4,
        sequenceStride: 2,
        samplingRate: 2,
        ...ranges,
        shuffle: beside({ seed: 3 }, true),
        seed: beside({ shuffle: true, seed: 3 }, 4),
      }),
    ),
    timeseriesGenerator: subject(
      (options) => {
        const generator = doors.timeseriesGenerator(whole(), whole(), { length: 3, ...options });
        return Array.from(generator);
      },
      () => ({
        length: 4,
        stride: 2,
        samplingRate: 3,
        ...ranges,
        shuffle: beside({ seed: 3 }, true),
        seed: beside({ shuffle: true, seed: 3 }, 4),
        reverse: true,
      }),
    ),
    lanes: subject(
      (options) => doors.lanes([whole(), whole().rows(0, 7)], { steps: 2, ...options }),
      () => ({ lanes: 3, steps: [2, 3], targets: 'next', sectionSteps: 5 }),
    ),
    'lanes.explain': subject(
      (options) => doors.lanes([whole()], { steps: 2 }).explain(options),
      () => ({ label: 'tank', batches: 1 }),
    ),
    standardScaler: scaled(doors.standardScaler as (options: Options) => doors.Scaler, () => ({})),
    minMaxScaler: scaled(doors.minMaxScaler, () => ({ range: [-1, 1] })),
    differences: scaled(doors.differences, () => ({ lag: 2 })),
    logReturns: scaled(doors.logReturns, () => ({ lag: 2 })),
    'scaler.transform': subject(
      (options) => doors.differences().fit(whole()).transform(whole(), options),
      () => ({ after: ndarray([[5, 5]]) }),
    ),
    'scaler.inverse': subject(
      (options) =>
        doors
          .differences()
          .fit(whole())
          .inverse(whole(), { after: ndarray([[1, 1]]), ...options }),
      () => ({ after: ndarray([[5, 5]]) }),
    ),
  },
  without: ['chain', 'isSeries', 'nextStep', 'perFeature', 'scalerFromJson', 'toSeriesList'],
});
