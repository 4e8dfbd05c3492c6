import type { Matrix } from './matrix.ts';

export interface LstmSizes {
  readonly batch: number;
  readonly time: number;
  readonly features: number;
  readonly units: number;
}

/** One LSTM over one sequence, as plain arrays; absent inputs are undefined. Nothing in it is written to. */
export interface LstmProblem extends LstmSizes {
  /** `[batch, time, features]` */
  readonly x: Float32Array;
  /** `[features, 4 · units]` */
  readonly kernel: Float32Array;
  /** `[units, 4 · units]` */
  readonly recurrentKernel: Float32Array;
  /** `[batch, time]`, nonzero for a real step. */
  readonly mask: Float32Array | Uint8Array | undefined;
  /** `[4, batch, features]` */
  readonly inputDropout: Float32Array | undefined;
  /** `[4, batch, units]` */
  readonly recurrentDropout: Float32Array | undefined;
  readonly goBackwards: boolean;
  readonly zeroOutputForMask: boolean;
  readonly layout: LstmReserve;
}

/** What the forward pass takes besides; absent inputs are undefined. */
export interface LstmStart {
  /** `[4 · units]` */
  readonly bias: Float32Array | undefined;
  /** `[batch, units]`, as is `cell`. */
  readonly hidden: Float32Array | undefined;
  readonly cell: Float32Array | undefined;
}

/**
 * Where things begin in the one array that the forward pass keeps for the backward pass. Steps are in the order computed,
 * time-major; hidden and cell have one step more, the initial state. Mask and dropouts take no room when absent.
 */
export interface LstmReserve {
  /** Gates after their activations: `[time, batch, 4 · units]`. */
  readonly gates: number;
  /** `[time + 1, batch, units]` */
  readonly hidden: number;
  /** `[time + 1, batch, units]` */
  readonly cell: number;
  /** tanh of the cell: `[time, batch, units]`. */
  readonly tanhCell: number;
  /** `[batch, time]`, as given. */
  readonly mask: number;
  /** `[4, batch, features]` */
  readonly inputDropout: number;
  /** `[4, batch, units]` */
  readonly recurrentDropout: number;
  readonly length: number;
}

export function lstmReserve(
  { batch, time, features, units }: LstmSizes,
  has: { readonly hasMask: boolean; readonly hasInputDropout: boolean; readonly hasRecurrentDropout: boolean },
): LstmReserve {
  const step = batch * units;
  const hidden = 4 * time * step;
  const cell = hidden + (time + 1) * step;
  const tanhCell = cell + (time + 1) * step;
  const mask = tanhCell + time * step;
  const inputDropout = mask + (has.hasMask ? batch * time : 0);
  const recurrentDropout = inputDropout + (has.hasInputDropout ? 4 * batch * features : 0);
  const length = recurrentDropout + (has.hasRecurrentDropout ? 4 * step : 0);
  return { gates: 0, hidden, cell, tanhCell, mask, inputDropout, recurrentDropout, length };
}

/**
 * Columns of the gates that see the same input: all at once, or gate by gate when each has its own dropout.
 */
export interface GateGroup {
  readonly gate: number;
  readonly gates: number;
}

const TOGETHER: readonly GateGroup[] = [{ gate: 0, gates: 4 }];
const EACH: readonly GateGroup[] = [0, 1, 2, 3].map((gate) => ({ gate, gates: 1 }));

export function gateGroups(dropout: Float32Array | undefined): readonly GateGroup[] {
  return dropout === undefined ? TOGETHER : EACH;
}

/** A group's columns of a kernel `[rows, 4 · units]`, of a gate array, or of their gradients. */
export function groupColumns(data: Float32Array, { group, units, at = 0 }: { group: GateGroup; units: number; at?: number }): Matrix {
  return { data, at: at + group.gate * units, rowStride: 4 * units, columnStride: 1 };
}

/** A row-major matrix. */
export function rowMajor(data: Float32Array, { columns, at = 0 }: { columns: number; at?: number }): Matrix {
  return { data, at, rowStride: columns, columnStride: 1 };
}

/** The step of the sequence that is computed t-th. */
export function sourceStep(t: number, { time, goBackwards }: LstmProblem): number {
  return goBackwards ? time - 1 - t : t;
}

/**
 * Copies the input into time-major rows in the order of computation: `[time, batch, features]`, times one gate's dropout
 * factors if there are any. Masked steps become zeros, so that whatever padding holds, NaN included, touches no sum.
 */
export function arrangeInput(problem: LstmProblem, gate: number, into: Float32Array): void {
  const { batch, time, features, x, mask, inputDropout } = problem;
  for (let t = 0, to = 0; t < time; t++) {
    const source = sourceStep(t, problem);
    for (let b = 0; b < batch; b++, to += features) {
      const from = (b * time + source) * features;
      if (mask !== undefined && mask[b * time + source] === 0) {
        into.fill(0, to, to + features);
      } else if (inputDropout === undefined) {
        for (let f = 0; f < features; f++) into[to + f] = x[from + f];
      } else {
        const factors = (gate * batch + b) * features;
        for (let f = 0; f < features; f++) into[to + f] = x[from + f] * inputDropout[factors + f];
      }
    }
  }
}
