import { ndarray } from '@cellstate/core';
import { describe, expect, test } from 'vitest';
import { type TimeseriesGeneratorOptions, timeseriesGenerator } from '../../src/index.ts';
import { codeOf } from '../async-rows.ts';

const data = Array.from({ length: 10 }, (_, i) => i);
const targets = data.map((value) => 10 * value);
const read = (options: TimeseriesGeneratorOptions) =>
  [...timeseriesGenerator(data, targets, options)].map(({ x, y }) => [x.toNested(), y?.toNested()]);

describe("timeseriesGenerator, Keras' checked tables", () => {
  test('length 3, batches of 4', () => {
    expect(read({ length: 3, batchSize: 4 })).toEqual([
      [
        [
          [0, 1, 2],
          [1, 2, 3],
          [2, 3, 4],
          [3, 4, 5],
        ],
        [30, 40, 50, 60],
      ],
      [
        [
          [4, 5, 6],
          [5, 6, 7],
          [6, 7, 8],
        ],
        [70, 80, 90],
      ],
    ]);
  });
  test('length 3, batches of 2, stride 2', () => {
    expect(read({ length: 3, batchSize: 2, stride: 2 })).toEqual([
      [
        [
          [0, 1, 2],
          [2, 3, 4],
        ],
        [30, 50],
      ],
      [
        [
          [4, 5, 6],
          [6, 7, 8],
        ],
        [70, 90],
      ],
    ]);
  });
  test('length 4, rate 2, batches of 3', () => {
    expect(read({ length: 4, samplingRate: 2, batchSize: 3 })).toEqual([
      [
        [
          [0, 2],
          [1, 3],
          [2, 4],
        ],
        [40, 50, 60],
      ],
      [
        [
          [3, 5],
          [4, 6],
          [5, 7],
        ],
        [70, 80, 90],
      ],
    ]);
  });
  test('length 5, rate 2', () => {
    const [[x, y]] = read({ length: 5, samplingRate: 2 });
    expect((x as number[][])[0]).toEqual([0, 2, 4]);
    expect((x as number[][]).at(-1)).toEqual([4, 6, 8]);
    expect(y).toEqual([50, 60, 70, 80, 90]);
  });
  test('length 3, batches of 10, start 2, end 7', () => {
    expect(read({ length: 3, batchSize: 10, startIndex: 2, endIndex: 7 })).toEqual([
      [
        [
          [2, 3, 4],
          [3, 4, 5],
          [4, 5, 6],
        ],
        [50, 60, 70],
      ],
    ]);
  });
});

describe('timeseriesGenerator', () => {
  test('turns windows around, keeps row axes, says how they lie', () => {
    const { x, y } = timeseriesGenerator(
      ndarray([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
      [7, 8, 9],
      { length: 2, reverse: true },
    ).at(0);
    expect(x.toNested()).toEqual([
      [
        [3, 4],
        [1, 2],
      ],
    ]);
    expect(y?.toNested()).toEqual([9]);
    expect(x.origin).toEqual({ source: 'timeseriesGenerator', length: 2, stride: 1 });
  });

  test('shuffles with replacement in full batches', () => {
    const generator = timeseriesGenerator(data, data, { length: 3, batchSize: 50, shuffle: true, seed: 2 });
    expect(generator.count).toBe(1);
    const rows = Array.from(generator.at(0).y?.data ?? []);
    expect(rows.length).toBe(50);
    expect(new Set(rows)).toEqual(new Set([3, 4, 5, 6, 7, 8, 9]));
    expect(Array.from(generator.at(0).y?.data ?? [])).toEqual(rows);
  });

  test.each([
    ['LENGTHS_DIFFER', () => timeseriesGenerator(data, [1], { length: 2 })],
    ['INVALID_INDEX_RANGE', () => timeseriesGenerator(data, data, { length: 10 })],
    ['INVALID_INDEX_RANGE', () => timeseriesGenerator(data, data, { length: 2, endIndex: 10 })],
    ['INDEX_OUT_OF_RANGE', () => timeseriesGenerator(data, data, { length: 2 }).at(1)],
    ['SEED_REQUIRED', () => timeseriesGenerator(data, data, { length: 2, shuffle: true })],
    ['INVALID_OPTION', () => timeseriesGenerator(data, data, { length: 0 })],
    ['UNKNOWN_OPTION', () => timeseriesGenerator(data, data, { length: 2, lookBack: 3 } as TimeseriesGeneratorOptions)],
  ])('throws %s', async (code, call) => {
    expect(await codeOf(call)).toBe(code);
  });
});
