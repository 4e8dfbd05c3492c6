// For every step, with z = [x, 1, h'] and a prime for the state before the step:
//
//   i f o ĉ = σ σ σ tanh (z · [W; b; R])      four units of one tile at a time
//   c = f ∗ c' + i ∗ ĉ ;  h = o ∗ tanh(c)     while they are in the first-level cache

import { sigmoidInPlace, tanhOf } from './activations';
import { arrangeFactors, arrangeInput, arrangeState, dropPart, lanesAt, markLanes, returnState, writeLast, writeOutputs } from './arrange-sequence';
import { multiplyTile } from './multiply-tile';
import { hiddenInZ, Sequence, wholeUnits, zAt } from './sequence';

/** Runs the tiles from `first` up to `end` through the whole sequence. The weights are packed. */
export function lstmForward(s: Sequence, first: i32, end: i32): void {
  const time = s.time;
  const hidden = hiddenInZ(s);
  markLanes(s, first, end);
  for (let tile = first; tile < end; tile++) {
    arrangeState(s, zAt(s, 0, tile) + hidden, s.hidden, tile);
    arrangeState(s, s.cells + <usize>tile * s.cellTile, s.cell, tile);
    arrangeFactors(s, tile);
  }
  for (let t = 0; t < time; t++) {
    for (let tile = first; tile < end; tile++) {
      arrangeInput(s, t, tile);
      if (s.factors) for (let part = 0; part < s.parts; part++) dropPart(s, t, tile, part);
    }
    stepUnits(s, t, first, end);
    for (let tile = first; tile < end; tile++) writeOutputs(s, t, tile);
  }
  for (let tile = first; tile < end; tile++) {
    writeLast(s, tile);
    returnState(s, s.lastCell, s.cells + <usize>time * s.cellStep + <usize>tile * s.cellTile, tile);
  }
}

function stepUnits(s: Sequence, t: i32, first: i32, end: i32): void {
  const units = wholeUnits(s);
  const depth = s.features + 1 + s.units;
  const panel = <usize>depth << 4;
  const hidden = hiddenInZ(s);
  let weights = s.weights;
  for (let unit = 0; unit < units; unit += 4, weights += 4 * panel) {
    for (let tile = first; tile < end; tile++) {
      const gates = s.gates + <usize>t * s.gateStep + <usize>tile * s.gateTile + (<usize>unit << 7);
      const z = zAt(s, t, tile);
      if (!s.factors) {
        multiplyTile(gates, 128, weights, 16, z, 32, depth, false);
        multiplyTile(gates + 32, 128, weights + panel, 16, z, 32, depth, false);
        multiplyTile(gates + 64, 128, weights + 2 * panel, 16, z, 32, depth, false);
        multiplyTile(gates + 96, 128, weights + 3 * panel, 16, z, 32, depth, false);
      } else {
        let dropped = s.dropped + <usize>tile * s.zTile;
        for (let part: usize = 0; part < 4; part++, dropped += s.factorPart) {
          multiplyTile(gates + (part << 5), 128, weights + part * panel, 16, dropped, 32, depth, false);
        }
      }
      const offset = <usize>tile * s.cellTile + (<usize>unit << 5);
      const rows = hidden + (<usize>unit << 5);
      activateUnits(
        gates,
        s.cells + <usize>t * s.cellStep + offset,
        s.cells + <usize>(t + 1) * s.cellStep + offset,
        s.tanhCells + <usize>t * s.tanhStep + offset,
        z + rows,
        zAt(s, t + 1, tile) + rows,
        lanesAt(s, t, tile),
      );
    }
  }
}

/** Four units of eight rows: two vectors each. */
function activateUnits(gates: usize, cellBefore: usize, cell: usize, tanhCell: usize, hiddenBefore: usize, hidden: usize, lanes: usize): void {
  sigmoidInPlace(gates, 6, 128, 4);
  tanhOf(gates + 96, gates + 96, 2, 128, 128, 4);
  // The new cell goes to the place of its tanh first: its own may be that of the cell before, which a masked row keeps.
  for (let at: usize = 0; at < 128; at += 16) {
    const gate = gates + ((at >> 5) << 7) + (at & 16);
    const gained = f32x4.mul(v128.load(gate), v128.load(gate, 96));
    v128.store(tanhCell + at, f32x4.add(f32x4.mul(v128.load(gate, 32), v128.load(cellBefore + at)), gained));
  }
  if (lanes) {
    for (let at: usize = 0; at < 128; at += 16) {
      const real = v128.load(lanes + (at & 16));
      v128.store(cell + at, v128.bitselect(v128.load(tanhCell + at), v128.load(cellBefore + at), real));
    }
  } else memory.copy(cell, tanhCell, 128);
  tanhOf(tanhCell, tanhCell, 8, 0, 0, 1);
  for (let at: usize = 0; at < 128; at += 16) {
    const gate = gates + ((at >> 5) << 7) + (at & 16);
    let out = f32x4.mul(v128.load(gate, 64), v128.load(tanhCell + at));
    if (lanes) out = v128.bitselect(out, v128.load(hiddenBefore + at), v128.load(lanes + (at & 16)));
    v128.store(hidden + at, out);
  }
}
