import { ndarray, random, splitSeed } from '@cellstate/core';
import { openSource, type Row, type RowSource, rowFeatures, usedUp, writeRow } from '../series/row-source.ts';
import { type AsyncBatchPasses, asyncBatchPasses } from './batch-passes.ts';
import { checkRange, type TimeseriesBatch, type TimeseriesLayout, targetsTooShort, timeseriesOrigin } from './timeseries-layout.ts';
import { windowBuffer } from './window-buffer.ts';

interface AsyncTimeseries {
  readonly data: RowSource;
  readonly targets: RowSource | null;
  readonly layout: TimeseriesLayout;
  readonly where: string;
}

interface Sample {
  readonly x: Float32Array;
  readonly y: Float32Array | undefined;
  /** Axes of a data row and of a target: none for bare numbers. */
  readonly xTail: readonly number[];
  readonly yTail: readonly number[];
}

/**
 * The windows of `timeseriesDatasetFromArray` over rows that arrive one by one, as batches of float32.
 *
 * Shuffling draws from a buffer of 8 batches (1024 single windows), as Keras' does.
 */
export function asyncTimeseries(from: AsyncTimeseries): AsyncBatchPasses<TimeseriesBatch> {
  return asyncBatchPasses(async function* (pass) {
    const { batchSize, seed } = from.layout;
    const buffer = batchSize === null ? 1024 : 8 * batchSize;
    const draw = seed === undefined ? undefined : random(splitSeed(seed, pass));
    let waiting: Sample[] = [];
    let batch: Sample[] = [];
    for await (const sample of samples(from, pass)) {
      if (draw === undefined) batch.push(sample);
      else if (waiting.push(sample) > buffer) batch.push(...waiting.splice(draw.integer(waiting.length), 1));
      if (batch.length < (batchSize ?? 1)) continue;
      yield join(batch, from);
      batch = [];
    }
    if (draw !== undefined) waiting = Array.from(draw.permutation(waiting.length), (index) => waiting[index] as Sample);
    for (const sample of waiting) {
      batch.push(sample);
      if (batch.length < (batchSize ?? 1)) continue;
      yield join(batch, from);
      batch = [];
    }
    if (batch.length > 0) yield join(batch, from);
  });
}

async function* samples({ data, targets, layout, where }: AsyncTimeseries, pass: number): AsyncGenerator<Sample> {
  const { start, end, length, rate, stride } = layout;
  const reach = (length - 1) * rate + 1;
  const buffer = windowBuffer({ reach, stride, where });
  const wanted = targets === null ? undefined : openSource(targets, where)[Symbol.asyncIterator]();
  let taken = 0;
  let nextTarget = 0;
  let targetTail: readonly number[] | undefined;
  let windowStart = start;
  let xTail: readonly number[] | undefined;
  let open = true;

  /** The target at `row`, which lies ahead; undefined behind the last one. */
  async function target(row: number): Promise<Float32Array | undefined> {
    let found: Row | undefined;
    while (nextTarget <= row) {
      const result = await (wanted as AsyncIterator<Row>).next();
      if (result.done === true) return undefined;
      found = result.value;
      nextTarget++;
    }
    targetTail ??= tail(found as Row);
    const y = new Float32Array(targetTail[0] ?? 1);
    writeRow(found as Row, { into: y, offset: 0, features: y.length, index: row, where: `${where}, targets` });
    return y;
  }

  try {
    for await (const row of openSource(data, where)) {
      const index = taken++;
      if (index < start || (end !== undefined && index >= end)) {
        // One row behind the end proves that endIndex lies below the number of rows.
        if (end !== undefined && index >= end) break;
        continue;
      }
      xTail ??= tail(row);
      if (!buffer.push(row) || !open) continue;
      let y: Float32Array | undefined;
      if (wanted !== undefined) {
        y = await target(windowStart);
        if (y === undefined) {
          // As in Keras, targets end the windows; but a window that Keras counts must have one.
          if (windowStart - start < nextTarget) throw targetsTooShort(windowStart, nextTarget);
          open = false;
          continue;
        }
      }
      windowStart += stride;
      const x = new Float32Array(length * buffer.features);
      for (let i = 0; i < x.length; i++) x[i] = buffer.value(Math.floor(i / buffer.features) * rate, i % buffer.features);
      yield { x, y, xTail, yTail: targetTail ?? [] };
    }
  } finally {
    await wanted?.return?.();
  }
  if (taken === 0 && pass > 0) throw usedUp(where);
  if (end === undefined || taken <= end) checkRange(layout, taken);
}

function join(batch: readonly Sample[], { layout }: AsyncTimeseries): TimeseriesBatch {
  const { length, batchSize } = layout;
  const origin = timeseriesOrigin(layout);
  const lead = batchSize === null ? [] : [batch.length];
  const first = batch[0] as Sample;
  const x = new Float32Array(batch.length * first.x.length);
  for (const [row, sample] of batch.entries()) x.set(sample.x, row * first.x.length);
  const inputs = ndarray(x, [...lead, length, ...first.xTail], origin);
  if (first.y === undefined) return { x: inputs, origin };
  const y = new Float32Array(batch.length * first.y.length);
  for (const [row, sample] of batch.entries()) {
    y.set(sample.y as Float32Array, row * first.y.length);
  }
  return { x: inputs, y: ndarray(y, [...lead, ...first.yTail]), origin };
}

function tail(row: Row): readonly number[] {
  return typeof row === 'number' ? [] : [rowFeatures(row)];
}
