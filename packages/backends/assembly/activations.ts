// exp(y) = 2^n · (1 + p), n = round(y / ln 2), r = y − n ln 2 in two parts (Cody and Waite), p = exp(r) − 1 = r + r² q(r).
// q has degree 4; its coefficients are fitted to the least relative error of p over |r| ≤ ln 2 / 2, which is 2e-8 before
// rounding. Adding 1.5 · 2²³ rounds to an integer whose bits are then at the low end of the sum.

const ROUNDER: f32 = 12582912;
const INVERSE_LN2: f32 = 1.44269504088896341;
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440e-4;
const Q0: f32 = 0.4999999701976776;
const Q1: f32 = 0.16666541993618011;
const Q2: f32 = 0.04166720435023308;
const Q3: f32 = 0.00836664717644453;
const Q4: f32 = 0.0013882496859878302;

/** y between the bounds; NaN stays NaN, as both instructions give their first operand when a comparison fails. */
// @ts-ignore: decorator
@inline
function bounded(y: v128, low: f32, high: f32): v128 {
  return f32x4.pmin(f32x4.pmax(y, f32x4.splat(low)), f32x4.splat(high));
}

/** n + 1.5 · 2²³ */
// @ts-ignore: decorator
@inline
function rounded(y: v128): v128 {
  return f32x4.add(f32x4.mul(y, f32x4.splat(INVERSE_LN2)), f32x4.splat(ROUNDER));
}

/** 2^n, infinite at n = 128 */
// @ts-ignore: decorator
@inline
function power(shifted: v128): v128 {
  return i32x4.add(i32x4.shl(shifted, 23), i32x4.splat(0x3f800000));
}

/** exp(r) − 1 */
// @ts-ignore: decorator
@inline
function remainder(y: v128, shifted: v128): v128 {
  const n = f32x4.sub(shifted, f32x4.splat(ROUNDER));
  const r = f32x4.sub(f32x4.sub(y, f32x4.mul(n, f32x4.splat(LN2_HIGH))), f32x4.mul(n, f32x4.splat(LN2_LOW)));
  let q = f32x4.add(f32x4.mul(f32x4.splat(Q4), r), f32x4.splat(Q3));
  q = f32x4.add(f32x4.mul(q, r), f32x4.splat(Q2));
  q = f32x4.add(f32x4.mul(q, r), f32x4.splat(Q1));
  q = f32x4.add(f32x4.mul(q, r), f32x4.splat(Q0));
  return f32x4.add(r, f32x4.mul(f32x4.mul(r, r), q));
}

/** 1 / (1 + exp(−x)): 0 and 1 exactly from where float32 can tell no difference; NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  const y = bounded(f32x4.neg(x), -87, 89);
  const shifted = rounded(y);
  const one = f32x4.splat(1);
  const exponential = f32x4.mul(f32x4.add(one, remainder(y, shifted)), power(shifted));
  return f32x4.div(one, f32x4.add(one, exponential));
}

/** (exp(2x) − 1) / (exp(2x) + 1), from exp(2x) − 1, which keeps its digits near zero; ±1 beyond; NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  const y = bounded(f32x4.add(x, x), -40, 40);
  const shifted = rounded(y);
  const scale = power(shifted);
  const less = f32x4.add(f32x4.mul(remainder(y, shifted), scale), f32x4.sub(scale, f32x4.splat(1)));
  return f32x4.div(less, f32x4.add(less, f32x4.splat(2)));
}

/** sigmoid (kind 0) or tanh (kind 1) of `count` numbers, rounded up to whole vectors. */
export function activate(to: usize, from: usize, count: i32, kind: i32): void {
  for (let i = 0; i < count; i += 4, to += 16, from += 16) {
    const x = v128.load(from);
    v128.store(to, kind === 0 ? sigmoid(x) : tanh(x));
  }
}
