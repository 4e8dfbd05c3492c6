// With a prime for the state before the step:
//
//   i f o = σ(…) ;  ĉ = tanh(…) ;  c = f ∗ c' + i ∗ ĉ ;  h = o ∗ tanh(c)
//
// and with a dash for the derivative of the loss:
//
//   c̄   += h̄ ∗ o ∗ (1 − tanh²c)
//   ō     = h̄ ∗ tanh(c) ∗ o(1 − o)
//   ī     = c̄ ∗ ĉ ∗ i(1 − i) ;  f̄ = c̄ ∗ c' ∗ f(1 − f) ;  ĉ̄ = c̄ ∗ i ∗ (1 − ĉ²) ;  c̄' = c̄ ∗ f

import { sigmoidInPlace, tanhOf } from './activations';
import { lanesAt } from './arrange-sequence';
import { hiddenInZ, lineCount, Sequence, zAt } from './sequence';

/** Four lines of a tile, from `unit` on, from their gates before activation: two vectors each. */
export function activateLstm(s: Sequence, t: i32, tile: i32, unit: i32, gates: usize): void {
  const offset = <usize>tile * s.cellTile + (<usize>unit << 5);
  const cellBefore = s.cells + <usize>t * s.cellStep + offset;
  const cell = s.cells + <usize>(t + 1) * s.cellStep + offset;
  const kept = s.kept + <usize>t * s.keptStep + offset;
  const rows = hiddenInZ(s) + (<usize>unit << 5);
  const hiddenBefore = zAt(s, t, tile) + rows;
  const hidden = zAt(s, t + 1, tile) + rows;
  const lanes = lanesAt(s, t, tile);
  sigmoidInPlace(gates, 6, 128, 4);
  tanhOf(gates + 96, gates + 96, 2, 128, 128, 4);
  // The new cell goes to the place of its tanh first: its own may be that of the cell before, which a masked row keeps.
  for (let at: usize = 0; at < 128; at += 16) {
    const gate = gates + ((at >> 5) << 7) + (at & 16);
    const gained = f32x4.mul(v128.load(gate), v128.load(gate, 96));
    v128.store(kept + at, f32x4.add(f32x4.mul(v128.load(gate, 32), v128.load(cellBefore + at)), gained));
  }
  if (lanes) {
    for (let at: usize = 0; at < 128; at += 16) {
      const real = v128.load(lanes + (at & 16));
      v128.store(cell + at, v128.bitselect(v128.load(kept + at), v128.load(cellBefore + at), real));
    }
  } else memory.copy(cell, kept, 128);
  tanhOf(kept, kept, 8, 0, 0, 1);
  for (let at: usize = 0; at < 128; at += 16) {
    const gate = gates + ((at >> 5) << 7) + (at & 16);
    let out = f32x4.mul(v128.load(gate, 64), v128.load(kept + at));
    if (lanes) out = v128.bitselect(out, v128.load(hiddenBefore + at), v128.load(lanes + (at & 16)));
    v128.store(hidden + at, out);
  }
}

/** The gates' derivatives, in their place; the hidden state's and the output's are used up, the cell's steps back. */
export function deriveLstm(s: Sequence, t: i32, tile: i32): void {
  const bytes = <usize>lineCount(s) << 5;
  const offset = <usize>tile * s.cellTile;
  const cells = s.cells + <usize>t * s.cellStep + offset;
  const kept = s.kept + <usize>t * s.keptStep + offset;
  const gates = s.gates + <usize>t * s.gateStep + <usize>tile * s.gateTile;
  const hiddenFlow = s.hiddenFlow + offset;
  const cellFlow = s.cellFlow + offset;
  const outputFlow = s.outputFlow + offset;
  const lanes = lanesAt(s, t, tile);
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    const gate = gates + ((at >> 5) << 7) + (at & 16);
    const input = v128.load(gate);
    const forget = v128.load(gate, 32);
    const output = v128.load(gate, 64);
    const candidate = v128.load(gate, 96);
    const squashed = v128.load(kept + at);
    const hiddenBefore = v128.load(hiddenFlow + at);
    const cellBefore = v128.load(cellFlow + at);
    const dOutput = v128.load(outputFlow + at);
    const dHidden = f32x4.add(hiddenBefore, dOutput);
    const dCell = f32x4.add(cellBefore, f32x4.mul(f32x4.mul(dHidden, output), f32x4.sub(one, f32x4.mul(squashed, squashed))));
    const byInput = f32x4.mul(f32x4.mul(dCell, candidate), f32x4.mul(input, f32x4.sub(one, input)));
    const byForget = f32x4.mul(f32x4.mul(dCell, v128.load(cells + at)), f32x4.mul(forget, f32x4.sub(one, forget)));
    const byCandidate = f32x4.mul(f32x4.mul(dCell, input), f32x4.sub(one, f32x4.mul(candidate, candidate)));
    const byOutput = f32x4.mul(f32x4.mul(dHidden, squashed), f32x4.mul(output, f32x4.sub(one, output)));
    const through = f32x4.mul(dCell, forget);
    if (!lanes) {
      v128.store(gate, byInput);
      v128.store(gate, byForget, 32);
      v128.store(gate, byOutput, 64);
      v128.store(gate, byCandidate, 96);
      v128.store(cellFlow + at, through);
      v128.store(hiddenFlow + at, zero);
      v128.store(outputFlow + at, zero);
    } else {
      // A masked row: the states' gradients pass, the output's goes to the step before or nowhere.
      const real = v128.load(lanes + (at & 16));
      v128.store(gate, v128.and(byInput, real));
      v128.store(gate, v128.and(byForget, real), 32);
      v128.store(gate, v128.and(byOutput, real), 64);
      v128.store(gate, v128.and(byCandidate, real), 96);
      v128.store(cellFlow + at, v128.bitselect(through, cellBefore, real));
      v128.store(hiddenFlow + at, v128.andnot(hiddenBefore, real));
      v128.store(outputFlow + at, s.zeroOutputForMask ? zero : v128.andnot(dOutput, real));
    }
  }
}
