import type { Arena } from './arena.ts';
import { SEQUENCE_FIELDS, type SequenceField } from './sequence-fields.ts';

/** Sizes of one recurrent layer over one sequence. */
export interface SequenceSizes {
  readonly batch: number;
  readonly time: number;
  readonly features: number;
  readonly units: number;
  /** Numbers a unit has among the gates. */
  readonly parts: number;
}

/** Strides in bytes, as `assembly/sequence.ts` explains them. */
export interface SequenceStrides {
  readonly zTile: number;
  readonly zStep: number;
  readonly gateTile: number;
  readonly gateStep: number;
  readonly cellTile: number;
  readonly cellStep: number;
}

export function sequenceStrides({ batch, features, units, parts }: SequenceSizes): SequenceStrides {
  const tiles = Math.ceil(batch / 8);
  const whole = wholeQuads(units);
  const zTile = (features + 1 + whole) * 32;
  const cellTile = whole * 32;
  const gateTile = cellTile * parts;
  return { zTile, zStep: tiles * zTile, gateTile, gateStep: tiles * gateTile, cellTile, cellStep: tiles * cellTile };
}

/** Rounded up to a multiple of four. */
export function wholeQuads(count: number): number {
  return Math.ceil(count / 4) * 4;
}

/** Fields of a sequence that are set; the others are 0. */
export type SequenceValues = Partial<Record<SequenceField, number>>;

/** Arrays laid out one behind the other in one block. */
export interface Layout {
  /** Room for that many bytes; returns its place within the block. */
  add(size: number): number;
  readonly size: number;
}

export function createLayout(): Layout {
  let size = 0;
  return {
    add(bytes) {
      const place = size;
      size += Math.ceil(bytes / 16) * 16;
      return place;
    },
    get size() {
      return size;
    },
  };
}

/** Bytes of a sequence's fields. */
export const SEQUENCE_BYTES: number = SEQUENCE_FIELDS.length * 4;

/** Writes the fields at an address. */
export function writeSequence(arena: Arena, address: number, values: SequenceValues): void {
  const { integers } = arena;
  let at = address >> 2;
  for (const field of SEQUENCE_FIELDS) integers[at++] = values[field] ?? 0;
}
