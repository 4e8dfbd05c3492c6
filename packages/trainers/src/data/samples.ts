import { type Arrays, type Batch, CellstateError, describe, type NdArray, ndarray, nearest, size } from '@cellstate/core';
import { counted } from '../counted.ts';
import type { TrainableModel } from '../trainable-model.ts';
import type { SampleData } from './array-input.ts';
import { listArrays, mapArrays } from './map-arrays.ts';
import { toArrays } from './to-arrays.ts';

/** Samples with as many rows in every array. */
export interface Samples {
  readonly arrays: SampleArrays;
  readonly rows: number;
}

interface SampleArrays {
  readonly x: Arrays;
  readonly y?: Arrays;
  readonly sampleWeight?: Arrays;
  readonly mask?: Arrays;
}

const KEYS = ['x', 'y', 'sampleWeight', 'mask'] as const;
type Key = (typeof KEYS)[number];

/**
 * Reads the caller's samples and checks that every array has as many rows.
 *
 * @throws CellstateError `ROWS_DIFFER`, `NO_SAMPLES`; `INVALID_DATA` without x, for keys that nothing reads, and for those of a Batch,
 * which come in a list.
 */
export async function readSamples(data: SampleData, { model, where }: { model: TrainableModel; where: string }): Promise<Samples> {
  const ofBatch = (['starts', 'lengths'] as const).filter((key) => (data as Batch)[key] !== undefined);
  if (ofBatch.length > 0) {
    throw new CellstateError('INVALID_DATA', 'One batch was given where samples are expected.', {
      expected: '{ x, y?, sampleWeight?, mask? }',
      received: `${ofBatch.join(' and ')} beside x`,
      where,
      hint: 'Give a list of batches: [batch].',
    });
  }
  if (data.x === undefined) {
    throw new CellstateError('INVALID_DATA', 'There is no x.', {
      expected: '{ x, y }, batches, or a function that gives batches',
      received: `an object with ${Object.keys(data).join(', ') || 'nothing in it'}`,
      where,
      hint: 'Windows make batches by .batches({ batchSize }).',
    });
  }
  const unread = Object.keys(data).find((key) => key !== 'origin' && !(KEYS as readonly string[]).includes(key));
  if (unread !== undefined) {
    const near = nearest(unread, KEYS);
    throw new CellstateError('INVALID_DATA', `Nothing reads '${unread}'.`, {
      expected: '{ x, y?, sampleWeight?, mask? }',
      received: `an object with ${Object.keys(data).join(', ')}`,
      where,
      ...(near === undefined ? {} : { hint: `Did you mean '${near}'?` }),
    });
  }
  const several = { x: (model.inputs?.length ?? 1) > 1, y: (model.outputs?.length ?? 1) > 1 };
  const arrays: Partial<Record<Key, Arrays>> = {};
  for (const key of KEYS) {
    const given = data[key];
    if (given === undefined) continue;
    const origin = (data as Batch).origin;
    const read = await toArrays(given, key === 'x' || key === 'mask' ? several.x : several.y);
    arrays[key] =
      origin === undefined || key !== 'x' ? read : (mapArrays(read, (array) => ndarray(array.data, array.shape, origin)) as Arrays);
  }
  return checked(arrays as SampleArrays, where);
}

function checked(arrays: SampleArrays, where: string): Samples {
  let rows: number | undefined;
  for (const key of KEYS) {
    for (const array of arrays[key] === undefined ? [] : listArrays(arrays[key])) {
      rows ??= array.shape[0] ?? 0;
      if (array.shape[0] === rows) continue;
      throw new CellstateError('ROWS_DIFFER', 'All arrays must have one row for each sample.', {
        expected: `${counted(rows, 'row', 'rows')}, as in x`,
        received: `${key} of shape ${describe(array.shape)}`,
        where,
      });
    }
  }
  if (rows === undefined || rows === 0) {
    throw new CellstateError('NO_SAMPLES', 'There are no samples.', { expected: 'at least one row', received: '0 rows', where });
  }
  return { arrays, rows };
}

/**
 * Cuts the last `fraction` of the samples off for validation, as Keras does: the first ⌊rows · (1 − fraction)⌋ stay.
 *
 * @throws CellstateError `VALIDATION_SPLIT` when one of the parts would be empty.
 */
export function splitTail({ arrays, rows }: Samples, fraction: number): { readonly head: Samples; readonly tail: Samples } {
  const at = Math.floor(rows * (1 - fraction));
  if (!(fraction > 0 && fraction < 1) || at === 0 || at === rows) {
    throw new CellstateError('VALIDATION_SPLIT', 'The samples cannot be split so that both parts have some.', {
      expected: 'a fraction in (0, 1) that leaves at least one sample on either side',
      received: `${fraction} of ${rows} samples`,
      where: 'fit, option validationSplit',
    });
  }
  const part = (start: number, end: number): Samples => ({
    arrays: eachArray(arrays, (array) => rowRange(array, start, end)),
    rows: end - start,
  });
  return { head: part(0, at), tail: part(at, rows) };
}

/** Batches of consecutive rows, or of the rows that `order` lists, from the batch with number `from`. */
export function* sampleBatches(
  { arrays, rows }: Samples,
  { batchSize, order, from }: { batchSize: number; order?: Int32Array | undefined; from: number },
): Generator<Batch, void, void> {
  for (let start = from * batchSize; start < rows; start += batchSize) {
    const end = Math.min(start + batchSize, rows);
    yield eachArray(arrays, (array) => (order === undefined ? rowRange(array, start, end) : gatherRows(array, order.subarray(start, end))));
  }
}

function eachArray(arrays: SampleArrays, f: (array: NdArray) => NdArray): SampleArrays {
  const changed: Partial<Record<Key, Arrays>> = {};
  for (const key of KEYS) {
    if (arrays[key] !== undefined) changed[key] = mapArrays(arrays[key], f) as Arrays;
  }
  return changed as SampleArrays;
}

/** Rows [start, end) without a copy. */
function rowRange(array: NdArray, start: number, end: number): NdArray {
  const rest = array.shape.slice(1);
  const row = size(rest);
  return ndarray(array.data.subarray(start * row, end * row), [end - start, ...rest], array.origin);
}

function gatherRows(array: NdArray, order: Int32Array): NdArray {
  const rest = array.shape.slice(1);
  const row = size(rest);
  const data = array.data.slice(0, order.length * row);
  for (const [i, from] of order.entries()) data.set(array.data.subarray(from * row, (from + 1) * row), i * row);
  return ndarray(data, [order.length, ...rest], array.origin);
}
