// exp(y) = 2^n · (1 + p), n = round(y / ln 2), r = y − n ln 2 in two parts (Cody and Waite), p = exp(r) − 1 = r + r² q(r).
// q has degree 4; its coefficients are fitted to the least relative error of p over |r| ≤ ln 2 / 2, which is 2e-8 before
// rounding. Adding 1.5 · 2²³ rounds to an integer whose bits are then at the low end of the sum.
//
// Constants are read from memory before a loop, so that they stay in registers: a compiler that knows their values makes
// each anew at every use, in three instructions.

import { multiplyAdd } from './multiply-add';

const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440e-4;
const ROUNDER: f32 = 12582912;
const CONSTANTS = memory.data<f32>([
  1.44269504088896341,
  ROUNDER,
  LN2_HIGH,
  LN2_LOW,
  0.4999999701976776,
  0.16666541993618011,
  0.04166720435023308,
  0.00836664717644453,
  0.0013882496859878302,
  1,
  -89,
  87,
  -40,
  40,
  -1.44269504088896341,
  -0.16666541993618011,
  -0.00836664717644453,
  -LN2_HIGH,
  -LN2_LOW,
  -87,
]);

/** The constant at that place, four times. */
// @ts-ignore: decorator
@inline
export function constant(place: usize): v128 {
  return v128.load_splat<f32>(CONSTANTS + (place << 2));
}

/** p of y and n: inlined, so that the constants stay in the registers of the caller's loop. */
// @ts-ignore: decorator
@inline
export function exponentialLessOne(
  y: v128,
  n: v128,
  high: v128,
  low: v128,
  q0: v128,
  q1: v128,
  q2: v128,
  q3: v128,
  q4: v128,
): v128 {
  const r = multiplyAdd(n, low, multiplyAdd(n, high, y));
  const square = f32x4.mul(r, r);
  const lower = multiplyAdd(q1, r, q0);
  const upper = multiplyAdd(q4, square, multiplyAdd(q3, r, q2));
  return multiplyAdd(square, multiplyAdd(upper, square, lower), r);
}

/**
 * x = 1 / (1 + exp(−x)) for `count` vectors beside each other, `times` over at a distance of `stride` bytes: 0 and 1
 * exactly from where float32 can tell no difference; NaN stays NaN, as pmin and pmax give their first operand when a
 * comparison fails. The minus before x is in the constants; r is −(x + n ln 2), and p = r² q − r, with its odd terms turned.
 */
export function sigmoidInPlace(at: usize, count: i32, stride: usize, times: i32): void {
  const inverse = constant(14);
  const rounder = constant(1);
  const high = constant(2);
  const low = constant(3);
  const q0 = constant(4);
  const q1 = constant(15);
  const q2 = constant(6);
  const q3 = constant(16);
  const q4 = constant(8);
  const one = constant(9);
  const least = constant(10);
  const most = constant(11);
  for (let i = 0; i < times; i++, at += stride) {
    const end = at + (<usize>count << 4);
    for (let to = at; to < end; to += 16) {
      const y = f32x4.pmin(f32x4.pmax(v128.load(to), least), most);
      const shifted = multiplyAdd(y, inverse, rounder);
      const n = f32x4.sub(shifted, rounder);
      const r = multiplyAdd(n, low, multiplyAdd(n, high, y));
      const square = f32x4.mul(r, r);
      const lower = multiplyAdd(q1, r, q0);
      const upper = multiplyAdd(q4, square, multiplyAdd(q3, r, q2));
      const p = f32x4.sub(f32x4.mul(square, multiplyAdd(upper, square, lower)), r);
      const exponential = f32x4.mul(f32x4.add(one, p), i32x4.add(i32x4.shl(shifted, 23), one));
      v128.store(to, f32x4.div(one, f32x4.add(one, exponential)));
    }
  }
}

/**
 * to = tanh(from) = (exp(2x) − 1) / (exp(2x) + 1), likewise; from exp(2x) − 1, which keeps its digits near zero; ±1
 * exactly where float32 can tell no difference; NaN stays NaN.
 */
export function tanhOf(to: usize, from: usize, count: i32, toStride: usize, fromStride: usize, times: i32): void {
  const inverse = constant(0);
  const rounder = constant(1);
  const high = constant(17);
  const low = constant(18);
  const q0 = constant(4);
  const q1 = constant(5);
  const q2 = constant(6);
  const q3 = constant(7);
  const q4 = constant(8);
  const one = constant(9);
  const least = constant(12);
  const most = constant(13);
  const bytes = <usize>count << 4;
  for (let i = 0; i < times; i++, to += toStride, from += fromStride) {
    for (let at: usize = 0; at < bytes; at += 16) {
      const x = v128.load(from + at);
      const y = f32x4.pmin(f32x4.pmax(f32x4.add(x, x), least), most);
      const shifted = multiplyAdd(y, inverse, rounder);
      const p = exponentialLessOne(y, f32x4.sub(shifted, rounder), high, low, q0, q1, q2, q3, q4);
      const scale = i32x4.add(i32x4.shl(shifted, 23), one);
      const less = multiplyAdd(p, scale, f32x4.sub(scale, one));
      v128.store(to + at, f32x4.div(less, f32x4.add(f32x4.add(less, one), one)));
    }
  }
}
