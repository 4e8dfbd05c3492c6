import { ndarray, random, splitSeed, type WindowOrigin } from '@cellstate/core';
import { openSource, type RowSource, usedUp } from '../series/row-source.ts';
import { defaultNames, featureIndices } from '../series/series.ts';
import { plural } from '../text-table.ts';
import { type BufferedShuffleOptions, windowBatchOptions } from './batch-options.ts';
import { type AsyncBatchPasses, asyncBatchPasses } from './batch-passes.ts';
import type { WindowBatch } from './window-batch.ts';
import { windowBuffer } from './window-buffer.ts';
import { seriesTooShort, type WindowLayout } from './window-layout.ts';

/** Windows over rows that arrive one by one. */
export interface AsyncWindows {
  readonly layout: WindowLayout;
  /**
   * Batches of `batchSize` windows (default 32; the last may be smaller), in order; or shuffled: each window is drawn
   * by the seed from a buffer of waiting ones (default 1024). Pass p over one `batches(…)` value has its own order;
   * `.pass(p)` reads that pass.
   */
  batches(options?: { readonly batchSize?: number; readonly shuffle?: BufferedShuffleOptions }): AsyncBatchPasses<WindowBatch>;
  /** All windows as one batch; this holds them all. */
  toArrays(): Promise<WindowBatch>;
  /** Which rows the windows hold and what is kept in memory, as text for 80 columns. */
  explain(): string;
}

/** One window: input values and target values, flat. */
interface Sample {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** Windows over an async source; targets are feature numbers, since rows have no names. */
export function asyncWindows(
  source: RowSource,
  options: { readonly layout: WindowLayout; readonly targets: readonly (string | number)[] | undefined; readonly where: string },
): AsyncWindows {
  const { layout, where } = options;
  const { length, horizon, samplingRate, span, gap, reach, stride } = layout;
  const origin: WindowOrigin = { source: where, length: span, stride };
  let passes = 0;

  async function* samples(): AsyncGenerator<Sample> {
    const pass = passes++;
    const buffer = windowBuffer({ reach, stride, where });
    let targets: readonly number[] = [];
    let count = 0;
    for await (const row of openSource(source, where)) {
      const complete = buffer.push(row);
      if (buffer.taken === 1) {
        const names = defaultNames(buffer.features);
        targets = featureIndices(options.targets ?? names, names, `${where}, targets`);
      }
      if (!complete) continue;
      count++;
      const { features } = buffer;
      const x = new Float32Array(length * features);
      const y = new Float32Array(horizon * targets.length);
      for (let i = 0; i < x.length; i++) x[i] = buffer.value(Math.floor(i / features) * samplingRate, i % features);
      for (let i = 0; i < y.length; i++)
        y[i] = buffer.value(span + gap + Math.floor(i / targets.length), targets[i % targets.length] as number);
      yield { x, y };
    }
    if (count > 0) return;
    if (buffer.taken === 0 && pass > 0) throw usedUp(where);
    throw seriesTooShort(buffer.taken, reach, where);
  }

  function batch(waiting: readonly Sample[]): WindowBatch {
    const size = waiting.length;
    const features = (waiting[0] as Sample).x.length / length;
    const targets = (waiting[0] as Sample).y.length / horizon;
    const x = new Float32Array(size * length * features);
    const y = new Float32Array(size * horizon * targets);
    for (const [row, sample] of waiting.entries()) {
      x.set(sample.x, row * length * features);
      y.set(sample.y, row * horizon * targets);
    }
    const tail = horizon === 1 ? [targets] : [horizon, targets];
    return { x: ndarray(x, [size, length, features], origin), y: ndarray(y, [size, ...tail]), origin };
  }

  return {
    layout,
    batches(batchOptions = {}) {
      const { batchSize, shuffle } = windowBatchOptions(batchOptions, { where: `${where}.batches`, buffered: true });
      return asyncBatchPasses(async function* (pass) {
        const ordered =
          shuffle === undefined ? samples() : shuffled(samples(), { seed: splitSeed(shuffle.seed, pass), buffer: shuffle.buffer });
        let waiting: Sample[] = [];
        for await (const sample of ordered) {
          waiting.push(sample);
          if (waiting.length < batchSize) continue;
          yield batch(waiting);
          waiting = [];
        }
        if (waiting.length > 0) yield batch(waiting);
      });
    },
    async toArrays() {
      const all: Sample[] = [];
      for await (const sample of samples()) all.push(sample);
      return batch(all);
    },
    explain: () =>
      [
        `${where}: windows over rows that arrive one by one`,
        `  x: ${plural(length, 'step')}, rows ${samplingRate === 1 ? `p to p+${length - 1}` : `p, p+${samplingRate}, … p+${span - 1}`}`,
        `  y: ${plural(horizon, 'step')}, rows p+${span + gap} to p+${reach - 1}`,
        `  p = 0, ${stride}, ${2 * stride}, …   n rows give floor((n - ${reach}) / ${stride}) + 1 windows`,
        `  At most ${plural(2 * reach, 'row')} are held, beside the batch being filled.`,
      ].join('\n'),
  };
}

/** Draws each item from a buffer of waiting ones. */
async function* shuffled(
  items: AsyncIterable<Sample>,
  { seed, buffer }: { readonly seed: number; readonly buffer: number },
): AsyncGenerator<Sample> {
  const draw = random(seed);
  const waiting: Sample[] = [];
  for await (const item of items) {
    if (waiting.length < buffer) {
      waiting.push(item);
      continue;
    }
    const chosen = draw.integer(buffer);
    const next = waiting[chosen] as Sample;
    waiting[chosen] = item;
    yield next;
  }
  for (const index of draw.permutation(waiting.length)) yield waiting[index] as Sample;
}
