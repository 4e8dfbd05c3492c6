import type { NumericArray } from '@cellstate/core';
import { type Row, rowFeatures, writeRow } from '../series/row-source.ts';
import { defaultNames, featureIndices } from '../series/series.ts';
import type { LaneForm } from './lane-batch.ts';
import { isPair, type LaneTargets, pairWithTargets, type Sequence } from './sequences.ts';

/** One step with the target that belongs to it. */
export interface RowPair {
  readonly x: Row;
  readonly y: Row;
}

/** Where a reader puts steps: row `lane` of a batch of `steps` steps. */
export interface ReadInto {
  readonly batch: { readonly x: NumericArray; readonly y: NumericArray | undefined };
  readonly lane: number;
  readonly steps: number;
}

/** Reads a sequence piece by piece. */
export interface SequenceReader {
  /** Form of the steps; known once opened. */
  readonly x: LaneForm;
  readonly y: LaneForm | undefined;
  /** Whether all steps have been read. */
  readonly ended: boolean;
  /** Makes ready; false when the sequence holds no step. */
  open(): Promise<boolean>;
  /** Reads up to `steps` steps and returns how many there were. */
  read(into: ReadInto): Promise<number>;
  /** Lets go of the source. */
  close(): Promise<void>;
}

/** A reader of the steps `start` to `end` of a sequence in memory. */
export function sequenceReader({ x, y }: Sequence, { start, end }: { readonly start: number; readonly end: number }): SequenceReader {
  let next = start;
  return {
    x,
    y,
    get ended() {
      return next >= end;
    },
    open: async () => end > start,
    async read({ batch, lane, steps }) {
      const until = Math.min(end, next + steps);
      batch.x.set(x.data.subarray(next * x.width, until * x.width), lane * steps * x.width);
      if (y !== undefined) batch.y?.set(y.data.subarray(next * y.width, until * y.width), lane * steps * y.width);
      const count = until - next;
      next = until;
      return count;
    },
    close: async () => {},
  };
}

/** A reader of rows that arrive one by one; it holds one row, with targets 'next' two. */
export function rowReader(
  rows: AsyncIterable<Row | RowPair>,
  { targets, where }: { readonly targets: LaneTargets; readonly where: string },
): SequenceReader {
  const items = rows[Symbol.asyncIterator]();
  const fromNext = targets !== 'none';
  let x: LaneForm = formOf(0);
  let y: LaneForm | undefined;
  let chosen: readonly number[] = [];
  let current = new Float32Array(0);
  let following = new Float32Array(0);
  let currentTarget = new Float32Array(0);
  let taken = 0;
  let ended = false;
  let done = false;

  /** Takes what the source gave into `following`, or for pairs and rows without target into `current`; false at its end. */
  function take(item: IteratorResult<Row | RowPair>): boolean {
    if (item.done === true) {
      done = true;
      return false;
    }
    const row = item.value;
    const paired = typeof row === 'object' && isPair<Row>(row);
    if (taken === 0) prepare(row, paired);
    const index = taken++;
    const into = fromNext ? following : current;
    writeRow(paired ? row.x : (row as Row), { into, offset: 0, features: x.width, index, where });
    if (paired && y !== undefined) writeRow(row.y, { into: currentTarget, offset: 0, features: y.width, index, where: `${where}, y` });
    return true;
  }

  function prepare(row: Row | RowPair, paired: boolean): void {
    if (paired && fromNext) throw pairWithTargets(where);
    x = formOf(rowFeatures(paired ? (row as RowPair).x : (row as Row)));
    const names = defaultNames(x.width);
    if (paired) y = formOf(rowFeatures((row as RowPair).y));
    else if (fromNext) {
      chosen = featureIndices(targets === 'next' ? names : targets, names, `${where}, targets`);
      y = formOf(chosen.length);
    }
    current = new Float32Array(x.width);
    following = new Float32Array(x.width);
    currentTarget = new Float32Array(y?.width ?? 0);
  }

  function swap(): void {
    const kept = current;
    current = following;
    following = kept;
  }

  return {
    get x() {
      return x;
    },
    get y() {
      return y;
    },
    get ended() {
      return ended;
    },
    async open() {
      if (taken > 0) return !ended;
      ended = !take(await items.next());
      if (fromNext && !ended) {
        swap();
        ended = !take(await items.next());
      }
      return !ended;
    },
    async read({ batch, lane, steps }) {
      let count = 0;
      while (count < steps && !ended) {
        const at = lane * steps + count++;
        copy(current, batch.x, at * x.width);
        if (fromNext && batch.y !== undefined) {
          const offset = at * chosen.length;
          for (let slot = 0; slot < chosen.length; slot++) batch.y[offset + slot] = following[chosen[slot] as number] as number;
          swap();
        } else if (batch.y !== undefined) copy(currentTarget, batch.y, at * currentTarget.length);
        if (!take(await items.next())) ended = true;
      }
      return count;
    },
    async close() {
      if (!done) await items.return?.();
    },
  };
}

function formOf(width: number): LaneForm {
  return { data: new Float32Array(0), tail: [width], width };
}

function copy(from: Float32Array, into: NumericArray, offset: number): void {
  for (let i = 0; i < from.length; i++) into[offset + i] = from[i] as number;
}
