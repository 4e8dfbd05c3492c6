/**
 * One recurrent layer over one sequence, as the host writes it into memory: sizes, flags, and the addresses of arrays,
 * 0 for those that are absent. Strides are in bytes. The fields and their order are those of `sequence-fields.ts` in src.
 *
 * The rows of a batch are cut into tiles of eight. Within a tile a vector holds four rows of one quantity, and everything
 * lies in the order it is read: z `[time + 1][tile][features, 1, hidden units][8]` is what the weights are multiplied with,
 * gates `[time][tile][unit][part][8]`, cells `[time + 1][tile][unit][8]`. Units are rounded up to a multiple of four, the
 * last tile is filled up with masked rows. A batch of one row is told apart by `isRow`.
 */
@unmanaged
export class Sequence {
  batch: i32;
  time: i32;
  features: i32;
  units: i32;
  /** Which cell: LSTM, GRU_AFTER, GRU_BEFORE or SIMPLE_RNN. */
  kind: i32;
  /** Numbers a unit has in `gates`, its parts: its gates, but for GRU_AFTER (see `gateOf`). */
  parts: i32;
  goBackwards: i32;
  zeroOutputForMask: i32;
  /** Steps of z are t and this: all bits set when they are kept for the backward pass, 1 when two take turns. */
  stepMask: i32;
  x: usize;
  kernel: usize;
  recurrentKernel: usize;
  bias: usize;
  hidden: usize;
  cell: usize;
  mask: usize;
  inputDropout: usize;
  recurrentDropout: usize;
  /** Absent where nobody reads them, and there is no mask. */
  outputs: usize;
  last: usize;
  lastHidden: usize;
  lastCell: usize;
  z: usize;
  zStep: usize;
  zTile: usize;
  gates: usize;
  gateStep: usize;
  gateTile: usize;
  cells: usize;
  cellStep: usize;
  cellTile: usize;
  /** What a step keeps besides, `[time][tile][unit][8]`: tanh of the cell, or the hidden state behind the reset gate. */
  kept: usize;
  keptStep: usize;
  /** Lanes of real rows, all bits set: `[time][tile][8]`; 0 when all rows are real. */
  lanes: usize;
  /** Dropout's factors in the order of z, for each part: `[part][tile][features, 1, hidden units][8]`. */
  factors: usize;
  factorPart: usize;
  /** z times the factors of each part, of one step; z itself without dropout. */
  dropped: usize;
  weights: usize;
  /** Gates of one row in Keras' order, of GRU_AFTER twice. */
  gateRows: usize;
  transposedKernel: usize;
  transposedRecurrentKernel: usize;
  dOutputs: usize;
  dLast: usize;
  dHidden: usize;
  dCell: usize;
  dX: usize;
  dKernel: usize;
  dRecurrentKernel: usize;
  dBias: usize;
  dInitialHidden: usize;
  dInitialCell: usize;
  /** Carried backwards: `[tile][unit][8]` each. */
  hiddenFlow: usize;
  cellFlow: usize;
  outputFlow: usize;
  /** Room for each tile: `[tile][max(features, units) rounded up][8]`. */
  scratch: usize;
  scratchTile: usize;
  /** Steps whose weight gradients are taken together. */
  chunk: i32;
  /** Packed steps of a chunk, left and right side of the product. */
  packedZ: usize;
  packedGates: usize;
  /** Sums of the weights' gradients: `[panel][z rows rounded up][8]`. */
  sums: usize;
}

/** Units, rounded up to whole quads. */
// @ts-ignore: decorator
@inline
export function wholeUnits(s: Sequence): i32 {
  return (s.units + 3) & -4;
}

/** Whether the batch is one row. Then a line of eight numbers is one of eight units, not of eight rows: see `row-products.ts`. */
// @ts-ignore: decorator
@inline
export function isRow(s: Sequence): bool {
  return s.batch === 1;
}

/** Lines of eight numbers that a quantity has in a tile, in whole quads. */
// @ts-ignore: decorator
@inline
export function lineCount(s: Sequence): i32 {
  return isRow(s) ? ((s.units + 31) >> 5) << 2 : wholeUnits(s);
}

/** Tiles of eight rows. */
// @ts-ignore: decorator
@inline
export function tileCount(s: Sequence): i32 {
  return (s.batch + 7) >> 3;
}

/** Rows of a tile that belong to the batch. */
// @ts-ignore: decorator
@inline
export function rowsOf(s: Sequence, tile: i32): i32 {
  return min(8, s.batch - (tile << 3));
}

/** The step of the sequence that is computed t-th. */
// @ts-ignore: decorator
@inline
export function sourceStep(s: Sequence, t: i32): i32 {
  return s.goBackwards ? s.time - 1 - t : t;
}

/** z before step t is taken, in which x_t and h_(t−1) stand beside each other. */
// @ts-ignore: decorator
@inline
export function zAt(s: Sequence, t: i32, tile: i32): usize {
  return s.z + <usize>(t & s.stepMask) * s.zStep + <usize>tile * s.zTile;
}

/** Bytes from the start of z to its hidden units. */
// @ts-ignore: decorator
@inline
export function hiddenInZ(s: Sequence): usize {
  return <usize>(s.features + 1) << (isRow(s) ? 2 : 5);
}

export const LSTM = 0;
/** The GRU whose reset gate applies after the recurrent product. */
export const GRU_AFTER = 1;
/** The GRU whose reset gate applies before it. */
export const GRU_BEFORE = 2;
export const SIMPLE_RNN = 3;

/** The candidate of GRU_AFTER is two parts: what the input gives and what the hidden state gives. */
export const FROM_INPUT = 2;
export const FROM_HIDDEN = 3;

/** Gates beside each other in the kernels. */
// @ts-ignore: decorator
@inline
export function gateCount(s: Sequence): i32 {
  return s.kind === GRU_AFTER ? 3 : s.parts;
}

/**
 * The gate, in Keras' order, that a part of a unit belongs to. An LSTM's last two change places, so that what sigmoid is
 * taken of lies together.
 */
// @ts-ignore: decorator
@inline
export function gateOf(s: Sequence, part: i32): i32 {
  if (part < 2) return part;
  return s.kind === LSTM ? 5 - part : 2;
}

/** Whether the input, with its bias, takes part in this part of a unit; the hidden state does where `hiddenTakesPart`. */
// @ts-ignore: decorator
@inline
export function inputTakesPart(s: Sequence, part: i32): bool {
  return s.kind !== GRU_AFTER || part !== FROM_HIDDEN;
}

// @ts-ignore: decorator
@inline
export function hiddenTakesPart(s: Sequence, part: i32): bool {
  return s.kind !== GRU_AFTER || part !== FROM_INPUT;
}
