// With a dash for the derivative of the loss, and primes for the state before the step:
//
//   h̄   += what the outputs and the next step ask for
//   c̄   += h̄ ∗ o ∗ (1 − tanh²c)
//   ō     = h̄ ∗ tanh(c) ∗ o(1 − o)
//   ī     = c̄ ∗ ĉ ∗ i(1 − i) ;  f̄ = c̄ ∗ c' ∗ f(1 − f) ;  ĉ̄ = c̄ ∗ i ∗ (1 − ĉ²)
//   c̄'   = c̄ ∗ f ;  [x̄, h̄'] = Ḡ · [W; R]ᵀ
//
// and for some steps at a time, while they are in the second-level cache: [W̄; b̄; R̄] += Zᵀ · Ḡ. The derivatives of the
// gates replace the gates.

import { arrangeState, lanesAt, returnState } from './arrange-sequence';
import { flowBack, inputGradient, takeOutputGradient } from './flow-back';
import { Sequence, wholeUnits } from './sequence';
import { addWeightGradients } from './weight-gradients';

/** Runs the tiles from `first` up to `end` back through the sequence, adding the weights' gradients to `sums`. */
export function lstmBackward(s: Sequence, first: i32, end: i32, sums: usize): void {
  for (let tile = first; tile < end; tile++) {
    const offset = <usize>tile * s.cellTile;
    arrangeState(s, s.hiddenFlow + offset, s.dHidden, tile);
    arrangeState(s, s.cellFlow + offset, s.dCell, tile);
    arrangeState(s, s.outputFlow + offset, s.dLast, tile);
    arrangeState(s, s.scratch + <usize>tile * s.scratchTile, 0, tile);
  }
  let taken = s.time;
  for (let t = s.time - 1; t >= 0; t--) {
    for (let tile = first; tile < end; tile++) {
      takeOutputGradient(s, t, tile);
      stepBack(s, t, tile);
    }
    flowBack(s, t, first, end);
    for (let tile = first; tile < end; tile++) inputGradient(s, t, tile);
    if (taken - t === s.chunk || t === 0) {
      addWeightGradients(s, t, taken, first, end, sums);
      taken = t;
    }
  }
  for (let tile = first; tile < end; tile++) {
    const offset = <usize>tile * s.cellTile;
    returnState(s, s.dInitialHidden, s.hiddenFlow + offset, tile);
    returnState(s, s.dInitialCell, s.cellFlow + offset, tile);
  }
}

function stepBack(s: Sequence, t: i32, tile: i32): void {
  const bytes = <usize>wholeUnits(s) << 5;
  const offset = <usize>tile * s.cellTile;
  const cells = s.cells + <usize>t * s.cellStep + offset;
  const tanhCells = s.tanhCells + <usize>t * s.tanhStep + offset;
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
    const squashed = v128.load(tanhCells + at);
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
