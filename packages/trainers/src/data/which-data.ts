import type { Batch } from '@cellstate/core';
import type { TrainableModel } from '../trainable-model.ts';
import type { ArraysInput, BatchSource, SampleData, TrainingData } from './array-input.ts';
import { readSamples } from './samples.ts';
import { isOneArray } from './to-arrays.ts';

const SAMPLE_KEYS: readonly string[] = ['x', 'y', 'sampleWeight', 'mask'];
const BATCH_KEYS: readonly string[] = [...SAMPLE_KEYS, 'lengths', 'starts', 'origin'];

/** Whether a value is an object with `x` rather than an array, a tensor, or inputs by name. */
function hasX(value: unknown, keys: readonly string[]): value is Batch {
  if (value === null || isOneArray(value) || Array.isArray(value)) return false;
  return 'x' in (value as object) && Object.keys(value as object).every((key) => keys.includes(key));
}

/** What `predict` was given, as data: inputs alone, samples, or batches. */
export function predictData(x: ArraysInput | SampleData | BatchSource): TrainingData {
  if (isSource(x)) return x;
  return hasX(x, SAMPLE_KEYS) ? (x as SampleData) : { x: x as ArraysInput };
}

/** Batches in a list or any other iterable; nested numbers, NdArrays and tensors in a list are none. */
function isSource(x: ArraysInput | SampleData | BatchSource): x is BatchSource {
  if (isOneArray(x)) return false;
  if (Array.isArray(x)) return hasX(x[0], BATCH_KEYS);
  return Symbol.iterator in x || Symbol.asyncIterator in x;
}

/** One batch from what `trainOnBatch` was given: a Batch, or inputs and targets. */
export async function batchFrom(
  model: TrainableModel,
  { x, y, sampleWeight }: { x: ArraysInput | Batch | SampleData; y: ArraysInput | undefined; sampleWeight: ArraysInput | undefined },
): Promise<Batch> {
  const given: Batch | SampleData = y === undefined && hasX(x, BATCH_KEYS) ? x : { x: x as ArraysInput, ...(y === undefined ? {} : { y }) };
  const { lengths, starts, ...samples } = given as Batch;
  const weighted = sampleWeight === undefined ? samples : { ...samples, sampleWeight };
  const { arrays } = await readSamples(weighted as SampleData, { model, where: 'trainOnBatch' });
  return { ...arrays, ...(lengths === undefined ? {} : { lengths }), ...(starts === undefined ? {} : { starts }) };
}
