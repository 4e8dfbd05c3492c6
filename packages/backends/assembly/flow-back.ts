import { multiplyTile } from './multiply-tile';
import { flowRowBack, rowInputGradient, takeRow } from './row-products';
import { GRU_BEFORE, hiddenInZ, isRow, lineCount, rowsOf, Sequence, sourceStep, wholeUnits } from './sequence';
import { columnsToRows, rowsToColumns } from './transpose';

/** outputFlow += the gradient of the t-th output. */
export function takeOutputGradient(s: Sequence, t: i32, tile: i32): void {
  if (!s.dOutputs) return;
  const bytes = <usize>s.units << 2;
  const stride = <usize>s.time * bytes;
  const scratch = s.scratch + <usize>tile * s.scratchTile;
  const from = s.dOutputs + <usize>(tile * 8) * stride + <usize>t * bytes;
  let end = <usize>s.units << 5;
  if (isRow(s)) {
    end = <usize>lineCount(s) << 5;
    memory.copy(scratch, from, bytes);
    memory.fill(scratch + bytes, 0, end - bytes);
  } else rowsToColumns(scratch, from, stride, rowsOf(s, tile), s.units);
  const flow = s.outputFlow + <usize>tile * s.cellTile;
  for (let at: usize = 0; at < end; at += 16) v128.store(flow + at, f32x4.add(v128.load(flow + at), v128.load(scratch + at)));
}

/** Depth of a product that keeps a panel of weights in the first-level cache while tiles pass. */
const DEPTH = 512;

/** hiddenFlow += Ḡ_t · Rᵀ, with recurrent dropout part by part; the candidate of GRU_BEFORE does not see the hidden state. */
export function flowBack(s: Sequence, t: i32, first: i32, end: i32): void {
  if (isRow(s)) {
    takeRow(s, t);
    flowRowBack(s);
    return;
  }
  const units = wholeUnits(s);
  const whole = s.units * s.parts;
  const parts = s.kind === GRU_BEFORE ? 2 : s.parts;
  for (let from = 0; from < whole; from += DEPTH) {
    const depth = min(DEPTH, whole - from);
    for (let unit = 0; unit < units; unit += 4) {
      const weights = s.transposedRecurrentKernel + (<usize>(unit >> 2) * <usize>whole << 4);
      for (let tile = first; tile < end; tile++) {
        const gates = s.gates + <usize>t * s.gateStep + <usize>tile * s.gateTile;
        const into = s.hiddenFlow + <usize>tile * s.cellTile + (<usize>unit << 5);
        if (!s.factors) multiplyTile(into, 32, weights + (<usize>from << 4), 16, gates + (<usize>from << 5), 32, depth, true);
        else if (from === 0) addDropped(s, into, weights, gates, hiddenInZ(s) + (<usize>unit << 5), tile, parts);
      }
    }
  }
}

/** X̄_t = Ḡ_t · Wᵀ, back in the input's own order. */
export function inputGradient(s: Sequence, t: i32, tile: i32): void {
  if (!s.dX) return;
  if (isRow(s)) {
    rowInputGradient(s, t);
    return;
  }
  const features = s.features;
  const whole = s.units * s.parts;
  const gates = s.gates + <usize>t * s.gateStep + <usize>tile * s.gateTile;
  const scratch = s.scratch + <usize>tile * s.scratchTile;
  let weights = s.transposedKernel;
  for (let feature = 0; feature < features; feature += 4, weights += <usize>whole << 4) {
    const into = scratch + (<usize>feature << 5);
    if (!s.factors) multiplyTile(into, 32, weights, 16, gates, 32, whole, false);
    else {
      memory.fill(into, 0, 128);
      addDropped(s, into, weights, gates, <usize>feature << 5, tile, s.parts);
    }
  }
  const stride = <usize>(s.time * features) << 2;
  const to = s.dX + <usize>(tile * 8) * stride + (<usize>(sourceStep(s, t) * features) << 2);
  columnsToRows(to, stride, scratch, rowsOf(s, tile), features);
}

/** into += Σ over the parts of (Ḡ · weights) ∗ factors, for four rows of z from `offset` on. */
function addDropped(s: Sequence, into: usize, weights: usize, gates: usize, offset: usize, tile: i32, parts: i32): void {
  const product = s.scratch + <usize>tile * s.scratchTile + s.scratchTile - 128;
  let factors = s.factors + <usize>tile * s.zTile + offset;
  for (let part = 0; part < parts; part++, weights += 16, gates += 32, factors += s.factorPart) {
    multiplyTile(product, 32, weights, <usize>s.parts << 4, gates, <usize>s.parts << 5, s.units, false);
    for (let at: usize = 0; at < 128; at += 16) {
      v128.store(into + at, f32x4.add(v128.load(into + at), f32x4.mul(v128.load(product + at), v128.load(factors + at))));
    }
  }
}
