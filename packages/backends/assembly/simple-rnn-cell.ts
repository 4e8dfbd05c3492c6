// h = tanh(…) ;  Ḡ = h̄ ∗ (1 − h²)

import { tanhOf } from './activations';
import { lanesAt } from './arrange-sequence';
import { hiddenInZ, lineCount, Sequence, zAt } from './sequence';

/** Four lines of a tile from their gate before activation. */
export function activateSimpleRnn(s: Sequence, t: i32, tile: i32, unit: i32, gates: usize): void {
  const rows = hiddenInZ(s) + (<usize>unit << 5);
  const hiddenBefore = zAt(s, t, tile) + rows;
  const hidden = zAt(s, t + 1, tile) + rows;
  const lanes = lanesAt(s, t, tile);
  tanhOf(gates, gates, 8, 0, 0, 1);
  for (let at: usize = 0; at < 128; at += 16) {
    let out = v128.load(gates + at);
    if (lanes) out = v128.bitselect(out, v128.load(hiddenBefore + at), v128.load(lanes + (at & 16)));
    v128.store(hidden + at, out);
  }
}

/** The gate's derivative, in its place; the hidden state's and the output's are used up. */
export function deriveSimpleRnn(s: Sequence, t: i32, tile: i32): void {
  const bytes = <usize>lineCount(s) << 5;
  const offset = <usize>tile * s.cellTile;
  const gates = s.gates + <usize>t * s.gateStep + <usize>tile * s.gateTile;
  const hiddenFlow = s.hiddenFlow + offset;
  const outputFlow = s.outputFlow + offset;
  const lanes = lanesAt(s, t, tile);
  const one = f32x4.splat(1);
  for (let at: usize = 0; at < bytes; at += 16) {
    const real = lanes ? v128.load(lanes + (at & 16)) : i32x4.splat(-1);
    const hidden = v128.load(gates + at);
    const flow = v128.load(hiddenFlow + at);
    const dOutput = v128.load(outputFlow + at);
    const derivative = f32x4.mul(f32x4.add(flow, dOutput), f32x4.sub(one, f32x4.mul(hidden, hidden)));
    v128.store(gates + at, v128.and(derivative, real));
    v128.store(hiddenFlow + at, v128.andnot(flow, real));
    v128.store(outputFlow + at, s.zeroOutputForMask ? i32x4.splat(0) : v128.andnot(dOutput, real));
  }
}
