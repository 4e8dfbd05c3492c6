import { type Batch, CellstateError, describe, type NdArray } from '@cellstate/core';
import { listArrays } from '../data/map-arrays.ts';

/** 1 for what is real, 0 for what is not. */
export interface ByteMask {
  readonly data: Uint8Array;
  readonly shape: readonly number[];
}

/** What a batch says about its steps. */
export interface BatchMasks {
  /** Of each input, from `mask` and `lengths`; null where all of its steps are real. */
  readonly inputs: readonly (ByteMask | null)[];
  /** The first of them, for outputs over the same steps that come without one. */
  readonly steps: ByteMask | null;
  /** `[batch]`, 0 for lanes whose sequences have ended; null when all are live. */
  readonly rows: ByteMask | null;
}

/**
 * Reads the masks of a batch with these inputs.
 *
 * @throws CellstateError `WRONG_COUNT`, `LENGTHS`, `MASK_SHAPE`.
 */
export function batchMasks({ mask, lengths }: Batch, { list, rows }: { list: readonly NdArray[]; rows: number }): BatchMasks {
  const given = mask === undefined ? undefined : listArrays(mask);
  if (given !== undefined && given.length !== list.length) {
    throw new CellstateError('WRONG_COUNT', 'A batch needs a mask for each input, or none.', {
      expected: String(list.length),
      received: String(given.length),
      where: 'batch.mask',
    });
  }
  const time = list.find(({ shape }) => shape.length > 1)?.shape[1] ?? 0;
  const ofLengths = lengthMask(lengths, { rows, time });
  const inputs = list.map(({ shape }, i) => {
    const own = given?.[i] === undefined ? null : bytes(given[i]);
    if (ofLengths === null || shape.length < 2 || shape[1] !== time) return own;
    return own === null ? ofLengths : both(own, ofLengths);
  });
  const ended = lengths?.includes(0) === true;
  return {
    inputs,
    steps: inputs.find((one) => one !== null) ?? null,
    rows: ended ? { data: Uint8Array.from(lengths, (length) => (length > 0 ? 1 : 0)), shape: [rows] } : null,
  };
}

function lengthMask(lengths: Int32Array | undefined, { rows, time }: { rows: number; time: number }): ByteMask | null {
  if (lengths === undefined) return null;
  if (lengths.length !== rows || lengths.some((length) => length < 0 || length > time)) {
    throw new CellstateError('LENGTHS', 'A batch must say for each of its lanes how many steps are real.', {
      expected: `${rows} lengths in [0, ${time}]`,
      received: `[${lengths.join(', ')}]`,
      where: 'batch.lengths',
    });
  }
  if (lengths.every((length) => length === time)) return null;
  const data = new Uint8Array(rows * time);
  for (const [lane, length] of lengths.entries()) data.fill(1, lane * time, lane * time + length);
  return { data, shape: [rows, time] };
}

function bytes({ data, shape }: NdArray): ByteMask {
  return { data: Uint8Array.from(data, (value) => (value === 0 ? 0 : 1)), shape };
}

/** A mask without the steps beyond the lengths; of what is within a step, nothing is real there either. */
function both({ data, shape }: ByteMask, { data: steps, shape: stepShape }: ByteMask): ByteMask {
  const [rows, time] = stepShape;
  if (shape[0] !== rows || shape[1] !== time) {
    throw new CellstateError('MASK_SHAPE', 'A mask beside lengths must tell of every step.', {
      expected: describe(stepShape),
      received: describe(shape),
      where: 'batch.mask',
    });
  }
  const within = data.length / steps.length;
  return { data: data.map((real, i) => real * (steps[Math.floor(i / within)] as number)), shape };
}
