import { gateOf, GRU_BEFORE, hiddenInZ, isRow, lineCount, rowsOf, Sequence, sourceStep, zAt } from './sequence';
import { columnsToRows, rowsToColumns } from './transpose';

/** Which rows are real at each step, if any is not: those the mask leaves out and those that fill up the last tile. */
export function markLanes(s: Sequence, first: i32, end: i32): void {
  if (!s.lanes) return;
  const tiles = (s.batch + 7) >> 3;
  for (let t = 0; t < s.time; t++) {
    const source = sourceStep(s, t);
    for (let tile = first; tile < end; tile++) {
      let to = s.lanes + (<usize>(t * tiles + tile) << 5);
      for (let lane = tile << 3; lane < (tile << 3) + 8; lane++, to += 4) {
        const row = isRow(s) ? 0 : lane;
        const real = row < s.batch && (!s.mask || load<u8>(s.mask + <usize>(row * s.time + source)) !== 0);
        store<i32>(to, real ? -1 : 0);
      }
    }
  }
}

/** Lanes of a tile at a step; 0 when all are real. */
// @ts-ignore: decorator
@inline
export function lanesAt(s: Sequence, t: i32, tile: i32): usize {
  return s.lanes ? s.lanes + (<usize>(t * ((s.batch + 7) >> 3) + tile) << 5) : 0;
}

/** Rows of a state `[batch, units]`, or zeros, as lines: columns `[units rounded up][8]`, or the one row there is. */
export function arrangeState(s: Sequence, to: usize, state: usize, tile: i32): void {
  if (isRow(s)) {
    memory.fill(to, 0, <usize>lineCount(s) << 5);
    if (state) memory.copy(to, state, <usize>s.units << 2);
    return;
  }
  const whole = (s.units + 3) & -4;
  if (state) {
    rowsToColumns(to, state + (<usize>(tile * 8 * s.units) << 2), <usize>s.units << 2, rowsOf(s, tile), s.units);
    memory.fill(to + (<usize>s.units << 5), 0, <usize>(whole - s.units) << 5);
  } else memory.fill(to, 0, <usize>whole << 5);
}

/** Lines back to rows of a state `[batch, units]`. */
export function returnState(s: Sequence, state: usize, from: usize, tile: i32): void {
  if (isRow(s)) memory.copy(state, from, <usize>s.units << 2);
  else columnsToRows(state + (<usize>(tile * 8 * s.units) << 2), <usize>s.units << 2, from, rowsOf(s, tile), s.units);
}

/** x at step t, and the 1, into z. Masked rows become zeros: whatever padding holds, NaN included, touches no sum. */
export function arrangeInput(s: Sequence, t: i32, tile: i32): void {
  const z = zAt(s, t, tile);
  const features = s.features;
  const stride = <usize>(s.time * features) << 2;
  const from = s.x + <usize>(tile * 8) * stride + (<usize>(sourceStep(s, t) * features) << 2);
  if (isRow(s)) {
    const bytes = <usize>features << 2;
    if (s.mask && !load<i32>(lanesAt(s, t, tile))) memory.fill(z, 0, bytes);
    else memory.copy(z, from, bytes);
    store<f32>(z + bytes, 1);
    return;
  }
  rowsToColumns(z, from, stride, rowsOf(s, tile), features);
  const one = z + (<usize>features << 5);
  v128.store(one, f32x4.splat(1));
  v128.store(one, f32x4.splat(1), 16);
  const lanes = lanesAt(s, t, tile);
  if (lanes && s.mask) {
    const low = v128.load(lanes);
    const high = v128.load(lanes, 16);
    for (let at = z; at < one; at += 32) {
      v128.store(at, v128.and(v128.load(at), low));
      v128.store(at, v128.and(v128.load(at, 16), high), 16);
    }
  }
}

/** Dropout's factors in the order of z; ones where there is none. */
export function arrangeFactors(s: Sequence, tile: i32): void {
  if (!s.factors) return;
  const features = s.features;
  const units = s.units;
  for (let part = 0; part < s.parts; part++) {
    const to = s.factors + <usize>part * s.factorPart + <usize>tile * s.zTile;
    for (let at = to; at < to + s.zTile; at += 16) v128.store(at, f32x4.splat(1));
    const row = <usize>(gateOf(s, part) * s.batch + tile * 8);
    const rows = rowsOf(s, tile);
    if (s.inputDropout) {
      const stride = <usize>features << 2;
      if (isRow(s)) memory.copy(to, s.inputDropout + row * stride, stride);
      else rowsToColumns(to, s.inputDropout + row * stride, stride, rows, features);
    }
    if (s.recurrentDropout) {
      const stride = <usize>units << 2;
      if (isRow(s)) memory.copy(to + hiddenInZ(s), s.recurrentDropout + row * stride, stride);
      else rowsToColumns(to + hiddenInZ(s), s.recurrentDropout + row * stride, stride, rows, units);
    }
  }
}

/** What the weights of one part are multiplied with at step t: z times the part's factors. Returns where. */
export function dropPart(s: Sequence, t: i32, tile: i32, part: i32): usize {
  const z = zAt(s, t, tile);
  const offset = <usize>part * s.factorPart + <usize>tile * s.zTile;
  const to = s.dropped + offset;
  for (let at: usize = 0; at < s.zTile; at += 16) v128.store(to + at, f32x4.mul(v128.load(z + at), v128.load(s.factors + offset + at)));
  return to;
}

/** As `dropPart` once the step is done, when the candidate of GRU_BEFORE has what its reset gate lets through. */
export function dropKeptPart(s: Sequence, t: i32, tile: i32, part: i32): usize {
  const to = dropPart(s, t, tile, part);
  if (s.kind === GRU_BEFORE && part === 2) {
    memory.copy(to + hiddenInZ(s), s.kept + <usize>t * s.keptStep + <usize>tile * s.cellTile, s.cellTile);
  }
  return to;
}

/** The output of step t, from the hidden state after it; a masked row repeats its output, or gives zeros. */
export function writeOutputs(s: Sequence, t: i32, tile: i32): void {
  if (!s.outputs) return;
  const units = s.units;
  const bytes = <usize>units << 2;
  const stride = <usize>s.time * bytes;
  const rows = rowsOf(s, tile);
  const hidden = zAt(s, t + 1, tile) + hiddenInZ(s);
  let to = s.outputs + <usize>(tile * 8) * stride + <usize>t * bytes;
  if (!s.mask && isRow(s)) memory.copy(to, hidden, bytes);
  else if (!s.mask) columnsToRows(to, stride, hidden, rows, units);
  else {
    const lanes = lanesAt(s, t, tile);
    for (let row = 0; row < rows; row++, to += stride) {
      if (load<i32>(lanes + (<usize>row << 2))) {
        if (isRow(s)) memory.copy(to, hidden, bytes);
        else for (let unit = 0; unit < units; unit++) {
          store<f32>(to + (<usize>unit << 2), load<f32>(hidden + (<usize>unit << 5) + (<usize>row << 2)));
        }
      } else if (t > 0 && !s.zeroOutputForMask) memory.copy(to, to - bytes, bytes);
      else memory.fill(to, 0, bytes);
    }
  }
}

/** The last step's outputs and the hidden state after it. */
export function writeLast(s: Sequence, tile: i32): void {
  const bytes = <usize>s.units << 2;
  if (!s.outputs) returnState(s, s.last, zAt(s, s.time, tile) + hiddenInZ(s), tile);
  else for (let row = tile << 3; row < (tile << 3) + rowsOf(s, tile); row++) {
    memory.copy(s.last + <usize>row * bytes, s.outputs + <usize>((row + 1) * s.time - 1) * bytes, bytes);
  }
  returnState(s, s.lastHidden, zAt(s, s.time, tile) + hiddenInZ(s), tile);
}
