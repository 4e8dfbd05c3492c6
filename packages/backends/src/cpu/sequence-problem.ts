import type { CellStructure, GateGroup, RecurrentPart } from './cell-structure.ts';
import type { Matrix } from './matrix.ts';
import type { SequenceReserve, SequenceSizes } from './sequence-reserve.ts';

/** What the forward and the backward pass are both given, as plain arrays; absent inputs are undefined. */
export interface SequenceArrays {
  /** `[batch, time, features]` */
  readonly x: Float32Array;
  /** `[features, G · units]` */
  readonly kernel: Float32Array;
  /** `[units, G · units]` */
  readonly recurrentKernel: Float32Array;
  /** `[batch, time]`, nonzero for a real step. */
  readonly mask: Float32Array | Uint8Array | undefined;
  /** `[G, batch, features]` */
  readonly inputDropout: Float32Array | undefined;
  /** `[G, batch, units]` */
  readonly recurrentDropout: Float32Array | undefined;
  readonly goBackwards: boolean;
  readonly zeroOutputForMask: boolean;
  readonly layout: SequenceReserve;
}

/** One recurrent layer over one sequence. Nothing in it is written to. */
export interface SequenceProblem extends SequenceSizes, SequenceArrays {
  /** Columns of the gates, `G · units`. */
  readonly width: number;
  /** Gates that see the same input: all, or each alone when each has its own dropout. */
  readonly inputGroups: readonly GateGroup[];
  /** The cell's recurrent products, likewise gate by gate under dropout. */
  readonly recurrentParts: readonly RecurrentPart[];
}

export function sequenceProblem(cell: CellStructure, sizes: SequenceSizes, arrays: SequenceArrays): SequenceProblem {
  const all = { gate: 0, gates: cell.gates };
  const { batch, time, features, units } = sizes;
  // Field by field: two objects spread into one cost a small step as much as all its arithmetic.
  return {
    batch,
    time,
    features,
    units,
    x: arrays.x,
    kernel: arrays.kernel,
    recurrentKernel: arrays.recurrentKernel,
    mask: arrays.mask,
    inputDropout: arrays.inputDropout,
    recurrentDropout: arrays.recurrentDropout,
    goBackwards: arrays.goBackwards,
    zeroOutputForMask: arrays.zeroOutputForMask,
    layout: arrays.layout,
    width: cell.gates * units,
    inputGroups: arrays.inputDropout === undefined ? [all] : gateByGate(all),
    recurrentParts: arrays.recurrentDropout === undefined ? cell.recurrence : cell.recurrence.flatMap(gateByGate),
  };
}

function gateByGate<Group extends GateGroup>(group: Group): Group[] {
  return Array.from({ length: group.gates }, (_, i) => ({ ...group, gate: group.gate + i, gates: 1 }));
}

/** A group's columns of a kernel, of the gates, or of their gradients, all `G · units` wide. */
export function groupColumns(
  { units, width }: SequenceProblem,
  { gate }: GateGroup,
  { data, at = 0 }: { data: Float32Array; at?: number },
): Matrix {
  return { data, at: at + gate * units, rowStride: width, columnStride: 1 };
}

/** The step of the sequence that is computed t-th. */
export function sourceStep(t: number, { time, goBackwards }: SequenceProblem): number {
  return goBackwards ? time - 1 - t : t;
}

/** Whether row b has a real step where the t-th is computed. */
export function isReal(problem: SequenceProblem, b: number, t: number): boolean {
  return problem.mask === undefined || problem.mask[b * problem.time + sourceStep(t, problem)] !== 0;
}
