import { type Batch, CellstateError, isNdArray, random, splitSeed } from '@cellstate/core';
import type { BatchSource, SampleData, TrainingData } from '../data/array-input.ts';
import { listArrays } from '../data/map-arrays.ts';
import { readSamples, type Samples, sampleBatches, splitTail } from '../data/samples.ts';
import { batchSizeOf, checkDivides, isStateful } from '../state/check-batch-size.ts';
import type { TrainableModel } from '../trainable-model.ts';
import { rowsOf } from './feed.ts';

/** Where batches come from, epoch after epoch. */
export interface BatchPlan {
  /** Batches of an epoch; null when unknown beforehand. */
  readonly steps: number | null;
  batches(which: Epoch): BatchSource;
}

export interface Epoch {
  /** The number the caller counts by. */
  readonly epoch: number;
  /** How many epochs the trainer has seen before, which numbers the permutations. */
  readonly ordinal: number;
  /** Batches at the beginning to leave out. Default 0. */
  readonly from?: number;
}

export interface PlanOptions {
  readonly model: TrainableModel;
  readonly batchSize: number | undefined;
  /** The batch size when neither the caller nor the model has one. */
  readonly fallback: (rows: number) => number;
  /** Looks at a batch before it is used; throws for misuse. */
  readonly check: (batch: Batch, size: { readonly rows: number; readonly several: boolean }) => void;
  readonly where: string;
}

export interface FitPlanOptions extends PlanOptions {
  readonly shuffle: boolean | 'batch' | undefined;
  readonly validationSplit: number | undefined;
  readonly resetStates: 'epoch' | 'never';
  readonly seed: number;
}

interface Order {
  readonly shuffle: boolean | 'batch';
  readonly seed: number;
}

const IN_ORDER: Order = { shuffle: false, seed: 0 };

/** The plan for data that is never shuffled: evaluation, prediction, validation. */
export async function planBatches(data: TrainingData, options: PlanOptions): Promise<BatchPlan> {
  if (isSamples(data)) return planSamples(await readSamples(data, options), options, IN_ORDER);
  refuse({ batchSize: options.batchSize }, options.where);
  return planSource(data, options);
}

/** The plan for training, and for validation when it is cut off from the same samples. */
export async function planFit(data: TrainingData, options: FitPlanOptions): Promise<{ training: BatchPlan; validation: BatchPlan | null }> {
  const { batchSize, shuffle, validationSplit, seed, where } = options;
  if (!isSamples(data)) {
    refuse({ batchSize, shuffle: shuffle === false ? undefined : shuffle, validationSplit }, where);
    return { training: planSource(data, options), validation: null };
  }
  const samples = await readSamples(data, options);
  const { head, tail } = validationSplit === undefined ? { head: samples, tail: null } : splitTail(samples, validationSplit);
  const chosen = shuffle ?? !isStateful(options.model);
  const training = planSamples(head, options, { shuffle: chosen, seed });
  if (chosen !== false) checkShuffle(chosen, head.rows, options);
  return {
    training,
    validation: tail === null ? null : planSamples(tail, { ...options, where: `${where}, the part cut off by validationSplit` }, IN_ORDER),
  };
}

function planSamples(samples: Samples, { model, check, ...options }: PlanOptions, { shuffle, seed }: Order): BatchPlan {
  const { rows } = samples;
  const { where } = options;
  const wanted = batchSizeOf(model, { asked: options.batchSize, fallback: options.fallback(rows), where });
  // Fewer rows than that are one batch of their own, unless the model insists.
  const batchSize = (model.batchSize ?? null) === null ? Math.min(wanted, rows) : wanted;
  checkDivides(model, { rows, batchSize, where });
  const steps = Math.ceil(rows / batchSize);
  check(samples.arrays, { rows: batchSize, several: steps > 1 });
  return {
    steps,
    batches: ({ ordinal, from = 0 }) =>
      sampleBatches(samples, {
        batchSize,
        from,
        order: shuffle === false ? undefined : permutation(shuffle, { rows, batchSize, seed: splitSeed(seed, `epoch ${ordinal}`) }),
      }),
  };
}

function planSource(data: Exclude<TrainingData, SampleData>, { check, where }: PlanOptions): BatchPlan {
  return {
    steps: countOf(data),
    async *batches({ epoch, ordinal, from = 0 }) {
      let index = 0;
      for await (const batch of typeof data === 'function' ? await data(epoch) : (data.pass?.(ordinal) ?? data)) {
        if (index++ < from) continue;
        checkBatch(batch, where);
        check(batch, { rows: rowsOf(batch), several: true });
        yield batch;
      }
    },
  };
}

/** The number of batches, where the source says it. */
function countOf(data: Exclude<TrainingData, SampleData>): number | null {
  if (Array.isArray(data)) return data.length;
  return 'count' in data && typeof data.count === 'number' ? data.count : null;
}

function checkBatch(batch: Batch, where: string): void {
  const sound = typeof batch === 'object' && batch !== null && batch.x !== undefined && listArrays(batch.x).every(isNdArray);
  if (sound) return;
  throw new CellstateError('INVALID_DATA', 'What came is no batch.', {
    expected: '{ x, y } with NdArrays in them',
    received: typeof batch === 'object' && batch !== null ? `an object with ${Object.keys(batch).join(', ')}` : typeof batch,
    where,
    hint: 'Windows make batches by .batches({ batchSize }); nested arrays become an NdArray by ndarray().',
  });
}

function isSamples(data: TrainingData): data is SampleData {
  return typeof data === 'object' && !(Symbol.iterator in data) && !(Symbol.asyncIterator in data);
}

/** A new permutation each epoch, over all samples or within each batch. */
function permutation(shuffle: true | 'batch', { rows, batchSize, seed }: { rows: number; batchSize: number; seed: number }): Int32Array {
  const stream = random(seed);
  if (shuffle === true) return stream.permutation(rows);
  const order = new Int32Array(rows);
  for (let start = 0; start < rows; start += batchSize) {
    const inner = stream.permutation(Math.min(batchSize, rows - start));
    for (const [i, row] of inner.entries()) order[start + i] = start + row;
  }
  return order;
}

/** Lanes must keep their places; only when all are in one batch and start anew each epoch does their order not matter. */
function checkShuffle(shuffle: true | 'batch', rows: number, { model, batchSize, fallback, resetStates, where }: FitPlanOptions): void {
  const size = batchSizeOf(model, { asked: batchSize, fallback: fallback(rows), where });
  if (!isStateful(model) || rows === 1 || (rows <= size && resetStates === 'epoch')) return;
  throw new CellstateError('SHUFFLE_UNDER_STATE', 'Shuffled rows would continue each other at random under a stateful layer.', {
    expected: 'shuffle: false, the default of a stateful model',
    received: `shuffle: ${shuffle === true ? 'true' : "'batch'"} over ${rows} rows in batches of ${size}`,
    where,
    hint: 'Leave shuffle out, or use a stateless model.',
  });
}

function refuse(given: Readonly<Record<string, unknown>>, where: string): void {
  const option = Object.keys(given).find((key) => given[key] !== undefined);
  if (option === undefined) return;
  throw new CellstateError('OPTION_NEEDS_SAMPLES', `Option '${option}' has no meaning for batches that are made already.`, {
    expected: 'samples { x, y }',
    received: 'batches',
    where,
  });
}
