// For every step, with z = [x, 1, h'] and a prime for the state before the step:
//
//   i f ĉ o = σ σ tanh σ (z · [W; b; R])      four units of one tile at a time
//   c = f ∗ c' + i ∗ ĉ ;  h = o ∗ tanh(c)     while they are in the first-level cache

import { sigmoid, tanh } from './activations';
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
  for (let at: usize = 0; at < 128; at += 16) {
    const gate = gates + ((at >> 5) << 7) + (at & 16);
    const input = sigmoid(v128.load(gate));
    const forget = sigmoid(v128.load(gate, 32));
    const candidate = tanh(v128.load(gate, 64));
    const output = sigmoid(v128.load(gate, 96));
    const before = v128.load(cellBefore + at);
    let after = f32x4.add(f32x4.mul(forget, before), f32x4.mul(input, candidate));
    const squashed = tanh(after);
    let out = f32x4.mul(output, squashed);
    v128.store(gate, input);
    v128.store(gate, forget, 32);
    v128.store(gate, candidate, 64);
    v128.store(gate, output, 96);
    v128.store(tanhCell + at, squashed);
    if (lanes) {
      const real = v128.load(lanes + (at & 16));
      after = v128.bitselect(after, before, real);
      out = v128.bitselect(out, v128.load(hiddenBefore + at), real);
    }
    v128.store(cell + at, after);
    v128.store(hidden + at, out);
  }
}
