// [W̄; b̄; R̄] += Zᵀ · Ḡ over some steps. Sums are kept as `[panel][row of z][8]`; a panel is eight units of one part.

import { dropKeptPart } from './arrange-sequence';
import { multiplyTile } from './multiply-tile';
import { gateCount, gateOf, GRU_AFTER, hiddenTakesPart, inputTakesPart, isRow, Sequence, tileCount, zAt } from './sequence';
import { transposeBlock } from './transpose';

/** Rows of z that have weights, in whole quads. */
// @ts-ignore: decorator
@inline
function sumRows(s: Sequence): i32 {
  return (s.features + 1 + s.units + 3) & -4;
}

/**
 * The gradients of the eights of units from `first` up to `end`. Every sum runs over all rows in one order, from the last
 * steps to the first, whoever takes which units.
 */
export function weightGradients(s: Sequence, first: i32, end: i32): void {
  const bytes = (<usize>(s.parts * sumRows(s))) << 5;
  memory.fill(s.sums + <usize>first * bytes, 0, <usize>(end - first) * bytes);
  for (let stop = s.time; stop > 0; stop -= s.chunk) addSteps(s, max(0, stop - s.chunk), stop, first, end);
  returnWeightGradients(s, first, end);
}

/** Adds what the steps from `start` up to `stop` give, which are few enough to stay in the second-level cache. */
function addSteps(s: Sequence, start: i32, stop: i32, first: i32, end: i32): void {
  const depth = (stop - start) * (isRow(s) ? 1 : tileCount(s) * 8);
  const rows = sumRows(s);
  for (let part = 0; part < s.parts; part++) {
    if (part === 0 || s.factors) packZ(s, part, start, stop);
    for (let eight = first; eight < end; eight++) {
      if (isRow(s)) packRowGates(s, eight * s.parts + part, start, stop);
      else packGates(s, eight * 8 * s.parts + part, start, stop);
      let into = s.sums + (<usize>(eight * s.parts + part) * <usize>rows << 5);
      let quad = s.packedZ;
      for (let row = 0; row < rows; row += 4, into += 128, quad += <usize>depth << 4) {
        multiplyTile(into, 32, quad, 16, s.packedGates, 32, depth, true);
      }
    }
  }
}

/** z as `[quad of rows][step, tile, row of the batch][4]`, times a part's factors if there are any. */
function packZ(s: Sequence, part: i32, start: i32, stop: i32): void {
  const tiles = tileCount(s);
  const rows = sumRows(s);
  let to = s.packedZ;
  if (isRow(s)) {
    for (let t = start; t < stop; t++, to += 16) {
      const from = s.factors ? dropKeptPart(s, t, 0, part) : zAt(s, t, 0);
      for (let row = 0; row < rows; row += 4) v128.store(to + (<usize>(row >> 2) * <usize>(stop - start) << 4), v128.load(from + (<usize>row << 2)));
    }
    return;
  }
  const quad = <usize>((stop - start) * tiles) << 7;
  for (let t = start; t < stop; t++) {
    for (let tile = 0; tile < tiles; tile++, to += 128) {
      let from = zAt(s, t, tile);
      if (s.factors) from = dropKeptPart(s, t, tile, part);
      let at = to;
      for (let row = 0; row < rows; row += 4, from += 128, at += quad) {
        transposeBlock(at, 16, from, 32);
        transposeBlock(at + 64, 16, from + 16, 32);
      }
    }
  }
}

/** A line of a batch of one row as `[step][8]`. */
function packRowGates(s: Sequence, line: i32, start: i32, stop: i32): void {
  let to = s.packedGates;
  for (let t = start; t < stop; t++, to += 32) memory.copy(to, s.gates + <usize>t * s.gateStep + (<usize>line << 5), 32);
}

/** Eight units of one part as `[step, tile, row of the batch][8]`. */
function packGates(s: Sequence, column: i32, start: i32, stop: i32): void {
  const tiles = tileCount(s);
  const stride = <usize>s.parts << 5;
  let to = s.packedGates;
  for (let t = start; t < stop; t++) {
    for (let tile = 0; tile < tiles; tile++, to += 256) {
      const from = s.gates + <usize>t * s.gateStep + <usize>tile * s.gateTile + (<usize>column << 5);
      transposeBlock(to, 32, from, stride);
      transposeBlock(to + 16, 32, from + 4 * stride, stride);
      transposeBlock(to + 128, 32, from + 16, stride);
      transposeBlock(to + 144, 32, from + 4 * stride + 16, stride);
    }
  }
}

/** The sums as gradients of kernel, bias and recurrent kernel. Both biases of GRU_AFTER have those of its first two parts. */
function returnWeightGradients(s: Sequence, first: i32, end: i32): void {
  const units = s.units;
  const features = s.features;
  const stride = <usize>(gateCount(s) * units) << 2;
  const panel = <usize>sumRows(s) << 5;
  let sums = s.sums + <usize>(first * s.parts) * panel;
  for (let unit = first * 8; unit < min(units, end * 8); unit += 8) {
    const count = min(8, units - unit);
    for (let part = 0; part < s.parts; part++, sums += panel) {
      const column = <usize>(gateOf(s, part) * units + unit) << 2;
      const ofBias = sums + (<usize>features << 5);
      const ofHidden = ofBias + 32;
      if (inputTakesPart(s, part)) {
        returnRows(s.dKernel + column, stride, sums, features, count);
        returnRows(s.dBias + column, stride, ofBias, 1, count);
      }
      if (hiddenTakesPart(s, part)) {
        if (s.kind === GRU_AFTER) returnRows(s.dBias + stride + column, stride, ofBias, 1, count);
        returnRows(s.dRecurrentKernel + column, stride, ofHidden, units, count);
      }
    }
  }
}

function returnRows(to: usize, stride: usize, from: usize, rows: i32, columns: i32): void {
  for (let row = 0; row < rows; row++, to += stride, from += 32) {
    if (columns === 8) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
    } else for (let i = 0; i < columns; i++) store<f32>(to + (<usize>i << 2), load<f32>(from + (<usize>i << 2)));
  }
}
