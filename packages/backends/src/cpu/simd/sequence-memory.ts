import { SEQUENCE_FIELDS, type SequenceField } from './sequence-fields.ts';
import type { SequenceKind } from './sequence-kind.ts';

/** Fields of a sequence that are set; the others are 0. */
export type SequenceValues = { readonly [field in SequenceField]?: number | undefined };

/** Sizes of one recurrent layer over one sequence. */
export interface SequenceSizes {
  readonly batch: number;
  readonly time: number;
  readonly features: number;
  readonly units: number;
}

/** Which of the optional arrays a pass has, and whether a backward pass will follow. */
export interface SequenceFlags {
  readonly hasMask: boolean;
  readonly hasInputDropout: boolean;
  readonly hasRecurrentDropout: boolean;
  readonly keepReserve: boolean;
}

/** Arrays one behind the other in one block. */
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

/** Rounded up to a multiple of four. */
export function wholeQuads(count: number): number {
  return Math.ceil(count / 4) * 4;
}

/** Bytes of the arrays of one step, as `assembly/sequence.ts` explains them: of a tile, and of all. */
export interface StepBytes {
  readonly tiles: number;
  readonly zTile: number;
  readonly zStep: number;
  readonly gateTile: number;
  readonly gateStep: number;
  readonly cellTile: number;
  readonly cellStep: number;
}

export function stepBytes({ parts }: SequenceKind, { batch, features, units }: SequenceSizes): StepBytes {
  const tiles = Math.ceil(batch / 8);
  const isRow = batch === 1;
  const cellTile = (isRow ? wholeQuads(Math.ceil(units / 8)) : wholeQuads(units)) * 32;
  const zTile = isRow ? wholeQuads(features + 1) * 4 + cellTile : (features + 1) * 32 + cellTile;
  const gateTile = cellTile * parts;
  return { tiles, zTile, zStep: tiles * zTile, gateTile, gateStep: tiles * gateTile, cellTile, cellStep: tiles * cellTile };
}

/** Multiplications of a forward pass, of a backward pass through the steps, and of the gradients of the weights. */
export function multiplications({ parts }: SequenceKind, { batch, time, features, units }: SequenceSizes): number {
  return batch * time * (features + units) * parts * units;
}

/** Bytes of the gates of a batch of one row as its products give them: see `assembly/row-products.ts`. */
export function gateRowBytes({ gates, biasRows }: SequenceKind, { batch, units }: SequenceSizes): number {
  return batch === 1 ? biasRows * gates * units * 4 + 32 : 0;
}

/** Whether the parts of a unit see inputs and hidden states of their own. */
export function dropsOut({ sees }: SequenceKind, { hasInputDropout, hasRecurrentDropout }: SequenceFlags): boolean {
  return hasInputDropout || hasRecurrentDropout || sees === 'each';
}

/** What the steps give, laid out: every step's when a backward pass will ask for them, else room for one. */
export function layOutSteps(
  layout: Layout,
  kind: SequenceKind,
  given: { sizes: SequenceSizes; flags: SequenceFlags },
): { readonly places: SequenceValues; readonly strides: SequenceValues } {
  const { sizes, flags } = given;
  const { tiles, zTile, zStep, gateTile, gateStep, cellTile, cellStep } = stepBytes(kind, sizes);
  const keep = flags.keepReserve;
  const steps = keep ? sizes.time : 1;
  const places = {
    z: layout.add((keep ? steps + 1 : 2) * zStep),
    gates: layout.add(steps * gateStep),
    cells: kind.states === 2 ? layout.add((keep ? steps + 1 : 1) * cellStep) : undefined,
    kept: kind.keeps ? layout.add(steps * cellStep) : undefined,
    lanes: flags.hasMask || (sizes.batch > 1 && sizes.batch % 8 > 0) ? layout.add(sizes.time * tiles * 32) : undefined,
    factors: dropsOut(kind, flags) ? layout.add(kind.parts * zStep) : undefined,
  };
  const strides = {
    stepMask: keep ? -1 : 1,
    zTile,
    zStep,
    gateTile,
    gateStep: keep ? gateStep : 0,
    cellTile,
    cellStep: keep ? cellStep : 0,
    keptStep: keep ? cellStep : 0,
    factorPart: zStep,
  };
  return { places, strides };
}

/** Bytes of a sequence's fields. */
export const SEQUENCE_BYTES: number = SEQUENCE_FIELDS.length * 4;
