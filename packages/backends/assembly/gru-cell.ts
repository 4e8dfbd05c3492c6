// With a prime for the state before the step:
//
//   z r = σ(…) ;  ĥ = tanh(x · W_h + b_h + q) ;  h = z ∗ h' + (1 − z) ∗ ĥ
//   q   = r ∗ k,  k = h' · R_h + β_h            after
//   q   = k · R_h,  k = r ∗ h'                  before
//
// and, with a dash for the derivative of the loss:
//
//   z̄   = h̄ ∗ (h' − ĥ) ∗ z(1 − z) ;  ĥ̄ = h̄ ∗ (1 − z) ∗ (1 − ĥ²) ;  h̄' = h̄ ∗ z
//   r̄   = ĥ̄ ∗ k ∗ r(1 − r) ;  k̄ = ĥ̄ ∗ r         after
//   k̄   = ĥ̄ · R_hᵀ ;  r̄ = k̄ ∗ h' ∗ r(1 − r) ;  h̄' += k̄ ∗ r        before

import { sigmoidInPlace, tanhOf } from './activations';
import { lanesAt } from './arrange-sequence';
import { multiplyTile } from './multiply-tile';
import { multiplyRowCandidateBack } from './row-products';
import { hiddenInZ, isRow, lineCount, Sequence, wholeUnits, zAt } from './sequence';

/** Four lines of a tile from their parts before activation: z, r, the input's part of the candidate, k, which stays. */
export function activateGruAfter(s: Sequence, t: i32, tile: i32, unit: i32, gates: usize): void {
  sigmoidInPlace(gates, 4, 128, 4);
  for (let gate = gates; gate < gates + 512; gate += 128) {
    for (let at = gate; at < gate + 32; at += 16) {
      v128.store(at, f32x4.add(v128.load(at, 64), f32x4.mul(v128.load(at, 32), v128.load(at, 96))), 64);
    }
  }
  tanhOf(gates + 64, gates + 64, 2, 128, 128, 4);
  mixHidden(s, t, tile, unit, gates, 128);
}

/** Four lines of a tile: r is activated, z and the candidate are not yet. */
export function activateGruBefore(s: Sequence, t: i32, tile: i32, unit: i32, gates: usize): void {
  tanhOf(gates + 64, gates + 64, 2, 96, 96, 4);
  mixHidden(s, t, tile, unit, gates, 96);
}

/** h = z ∗ h' + (1 − z) ∗ ĥ */
function mixHidden(s: Sequence, t: i32, tile: i32, unit: i32, gates: usize, stride: usize): void {
  const rows = hiddenInZ(s) + (<usize>unit << 5);
  const hiddenBefore = zAt(s, t, tile) + rows;
  const hidden = zAt(s, t + 1, tile) + rows;
  const lanes = lanesAt(s, t, tile);
  const one = f32x4.splat(1);
  for (let at: usize = 0; at < 128; at += 16) {
    const gate = gates + (at >> 5) * stride + (at & 16);
    const update = v128.load(gate);
    const before = v128.load(hiddenBefore + at);
    let out = f32x4.add(f32x4.mul(update, before), f32x4.mul(f32x4.sub(one, update), v128.load(gate, 64)));
    if (lanes) out = v128.bitselect(out, before, v128.load(lanes + (at & 16)));
    v128.store(hidden + at, out);
  }
}

/** z and r of all units; k = r ∗ h' times the candidate's dropout, kept, and to where its product reads it. */
export function resetHidden(s: Sequence, t: i32, tile: i32): void {
  const lines = lineCount(s);
  const gates = s.gates + <usize>t * s.gateStep + <usize>tile * s.gateTile;
  sigmoidInPlace(gates, 4, 96, lines);
  const rows = hiddenInZ(s);
  const hidden = zAt(s, t, tile) + rows;
  const candidate = 2 * s.factorPart + <usize>tile * s.zTile + rows;
  const kept = s.kept + <usize>t * s.keptStep + <usize>tile * s.cellTile;
  const bytes = <usize>lines << 5;
  for (let at: usize = 0; at < bytes; at += 16) {
    const reset = v128.load(gates + (at >> 5) * 96 + (at & 16), 32);
    const dropped = f32x4.mul(v128.load(hidden + at), v128.load(s.factors + candidate + at));
    const product = f32x4.mul(reset, dropped);
    v128.store(kept + at, product);
    v128.store(s.dropped + candidate + at, product);
  }
}

/** The parts' derivatives, in their place; the output's is used up, the hidden state's is what does not pass a product. */
export function deriveGruAfter(s: Sequence, t: i32, tile: i32): void {
  const lines = lineCount(s);
  const gates = s.gates + <usize>t * s.gateStep + <usize>tile * s.gateTile;
  const lanes = lanesAt(s, t, tile);
  const one = f32x4.splat(1);
  deriveMix(s, t, tile, gates, 128);
  for (let gate = gates; gate < gates + (<usize>lines << 7); gate += 128) {
    for (let half: usize = 0; half < 32; half += 16) {
      const at = gate + half;
      const reset = v128.load(at, 32);
      const byCandidate = v128.load(at, 64);
      let byReset = f32x4.mul(f32x4.mul(byCandidate, v128.load(at, 96)), f32x4.mul(reset, f32x4.sub(one, reset)));
      let byProduct = f32x4.mul(byCandidate, reset);
      if (lanes) {
        const real = v128.load(lanes + half);
        byReset = v128.and(byReset, real);
        byProduct = v128.and(byProduct, real);
      }
      v128.store(at, byReset, 32);
      v128.store(at, byProduct, 96);
    }
  }
}

/** As `deriveGruAfter`, without the reset gate's, which `deriveReset` gives. */
export function deriveGruBefore(s: Sequence, t: i32, tile: i32): void {
  deriveMix(s, t, tile, s.gates + <usize>t * s.gateStep + <usize>tile * s.gateTile, 96);
}

/** z̄ and ĥ̄ in their place, and h̄'. */
function deriveMix(s: Sequence, t: i32, tile: i32, gates: usize, stride: usize): void {
  const bytes = <usize>lineCount(s) << 5;
  const offset = <usize>tile * s.cellTile;
  const hiddenBefore = zAt(s, t, tile) + hiddenInZ(s);
  const hiddenFlow = s.hiddenFlow + offset;
  const outputFlow = s.outputFlow + offset;
  const lanes = lanesAt(s, t, tile);
  const one = f32x4.splat(1);
  for (let at: usize = 0; at < bytes; at += 16) {
    const gate = gates + (at >> 5) * stride + (at & 16);
    const real = lanes ? v128.load(lanes + (at & 16)) : i32x4.splat(-1);
    const update = v128.load(gate);
    const candidate = v128.load(gate, 64);
    const flow = v128.load(hiddenFlow + at);
    const dOutput = v128.load(outputFlow + at);
    const dHidden = f32x4.add(flow, dOutput);
    const rest = f32x4.sub(one, update);
    const byUpdate = f32x4.mul(f32x4.mul(dHidden, f32x4.sub(v128.load(hiddenBefore + at), candidate)), f32x4.mul(update, rest));
    const byCandidate = f32x4.mul(f32x4.mul(dHidden, rest), f32x4.sub(one, f32x4.mul(candidate, candidate)));
    v128.store(gate, v128.and(byUpdate, real));
    v128.store(gate, v128.and(byCandidate, real), 64);
    v128.store(hiddenFlow + at, v128.bitselect(f32x4.mul(dHidden, update), flow, real));
    v128.store(outputFlow + at, s.zeroOutputForMask ? i32x4.splat(0) : v128.andnot(dOutput, real));
  }
}

/** k̄ = ĥ̄ · R_hᵀ times the candidate's dropout, and from it r̄ and what reaches h̄' through the reset gate. */
export function deriveReset(s: Sequence, t: i32, first: i32, end: i32): void {
  if (isRow(s)) {
    multiplyRowCandidateBack(s, t);
    for (let line = 0; line < lineCount(s); line += 4) passReset(s, t, 0, line, s.scratch + (<usize>line << 5));
    return;
  }
  const units = wholeUnits(s);
  let weights = s.transposedRecurrentKernel + 32;
  for (let unit = 0; unit < units; unit += 4, weights += <usize>(s.units * 3) << 4) {
    for (let tile = first; tile < end; tile++) {
      const tileGates = s.gates + <usize>t * s.gateStep + <usize>tile * s.gateTile;
      const product = s.scratch + <usize>tile * s.scratchTile;
      multiplyTile(product, 32, weights, 48, tileGates + 64, 96, s.units, false);
      passReset(s, t, tile, unit, product);
    }
  }
}

/** From ĥ̄ · R_hᵀ, for four lines of a tile. */
function passReset(s: Sequence, t: i32, tile: i32, unit: i32, product: usize): void {
  const rows = hiddenInZ(s) + (<usize>unit << 5);
  const hidden = zAt(s, t, tile) + rows;
  const factors = s.factors + 2 * s.factorPart + <usize>tile * s.zTile + rows;
  const hiddenFlow = s.hiddenFlow + <usize>tile * s.cellTile + (<usize>unit << 5);
  const gates = s.gates + <usize>t * s.gateStep + <usize>tile * s.gateTile + <usize>(unit * 96) + 32;
  const lanes = lanesAt(s, t, tile);
  const one = f32x4.splat(1);
  for (let at: usize = 0; at < 128; at += 16) {
    const gate = gates + (at >> 5) * 96 + (at & 16);
    const reset = v128.load(gate);
    const byDropped = f32x4.mul(v128.load(product + at), v128.load(factors + at));
    let byReset = f32x4.mul(f32x4.mul(byDropped, v128.load(hidden + at)), f32x4.mul(reset, f32x4.sub(one, reset)));
    let through = f32x4.mul(byDropped, reset);
    if (lanes) {
      const real = v128.load(lanes + (at & 16));
      byReset = v128.and(byReset, real);
      through = v128.and(through, real);
    }
    v128.store(gate, byReset);
    v128.store(hiddenFlow + at, f32x4.add(v128.load(hiddenFlow + at), through));
  }
}
