// Softmax of rows and the crossentropy of their logits, four columns at once. Rows do not depend on each other, so threads share them.
// exp is that of `activations`: below −87 it is 0, which float32 tells from the sum no more. NaN makes a row NaN, and so does +∞, as in
// TensorFlow.js: what lies farthest up is taken off first.

import { constant, exponentialLessOne } from './activations';
import { multiplyAdd } from './multiply-add';

/** Rows, as the host writes them into memory: each `columns` numbers, one after the other. */
@unmanaged
export class Rows {
  columns: i32;
  /** `[rows, columns]`: the softmax, or the gradient. */
  to: usize;
  logits: usize;
  /** `[rows, columns]` */
  target: usize;
  /** `[rows]`: what the crossentropy is, or the derivatives by it. */
  values: usize;
}

/** Columns that are summed in float32 before they are added to a sum of 64 bits. */
const CHUNK: usize = 256 << 2;

/** The softmax of the rows from `first` up to `end`. */
export function softmaxRows(at: usize, first: i32, end: i32): void {
  const r = changetype<Rows>(at);
  const bytes = <usize>r.columns << 2;
  for (let row = <usize>first; row < <usize>end; row++) {
    const to = r.to + row * bytes;
    const from = r.logits + row * bytes;
    const sum = exponentials(to, from, bytes, largest(from, bytes));
    const share = f32x4.splat(1 / sum);
    for (let c: usize = 0; c < bytes; c += 16) storePart(to + c, bytes - c, f32x4.mul(loadPart(to + c, bytes - c, 0), share));
  }
}

/** values = −Σ target · ln softmax(logits) of the rows from `first` up to `end`. */
export function crossentropyRows(at: usize, first: i32, end: i32): void {
  const r = changetype<Rows>(at);
  const bytes = <usize>r.columns << 2;
  for (let row = <usize>first; row < <usize>end; row++) {
    const from = r.logits + row * bytes;
    const target = r.target + row * bytes;
    const most = largest(from, bytes);
    const logarithm = Mathf.log(exponentials(0, from, bytes, most));
    const top = f32x4.splat(most);
    const sum = f32x4.splat(logarithm);
    let value: f64 = 0;
    for (let start: usize = 0; start < bytes; start += CHUNK) {
      const stop = min(start + CHUNK, bytes);
      let part = f32x4.splat(0);
      for (let c = start; c < stop; c += 16) {
        const less = f32x4.sub(sum, f32x4.sub(loadPart(from + c, bytes - c, most), top));
        part = multiplyAdd(loadPart(target + c, bytes - c, 0), less, part);
      }
      value += across(part);
    }
    store<f32>(r.values + (row << 2), <f32>value);
  }
}

/** to = (softmax(logits) − target) · values of the rows from `first` up to `end`. */
export function crossentropyGradientRows(at: usize, first: i32, end: i32): void {
  const r = changetype<Rows>(at);
  const bytes = <usize>r.columns << 2;
  for (let row = <usize>first; row < <usize>end; row++) {
    const to = r.to + row * bytes;
    const from = r.logits + row * bytes;
    const target = r.target + row * bytes;
    const sum = exponentials(to, from, bytes, largest(from, bytes));
    const share = f32x4.splat(1 / sum);
    const slope = f32x4.splat(load<f32>(r.values + (row << 2)));
    for (let c: usize = 0; c < bytes; c += 16) {
      const rest = bytes - c;
      const softmax = f32x4.mul(loadPart(to + c, rest, 0), share);
      storePart(to + c, rest, f32x4.mul(f32x4.sub(softmax, loadPart(target + c, rest, 0)), slope));
    }
  }
}

/** The largest number of a row; NaN if there is one. */
function largest(from: usize, bytes: usize): f32 {
  let most = f32x4.splat(-Infinity);
  for (let c: usize = 0; c < bytes; c += 16) most = f32x4.max(most, loadPart(from + c, bytes - c, -Infinity));
  const right = max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3));
  return max(max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)), right);
}

/** The sum of exp(from − most) over a row; puts each to `to`, if that is not 0. */
function exponentials(to: usize, from: usize, bytes: usize, most: f32): f32 {
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
  const least = constant(19);
  const top = f32x4.splat(most);
  let sum: f64 = 0;
  for (let start: usize = 0; start < bytes; start += CHUNK) {
    const stop = min(start + CHUNK, bytes);
    let part = f32x4.splat(0);
    for (let c = start; c < stop; c += 16) {
      const rest = bytes - c;
      const x = f32x4.sub(loadPart(from + c, rest, -Infinity), top);
      const y = f32x4.pmax(x, least);
      const shifted = multiplyAdd(y, inverse, rounder);
      const p = exponentialLessOne(y, f32x4.sub(shifted, rounder), high, low, q0, q1, q2, q3, q4);
      const near = f32x4.mul(f32x4.add(one, p), i32x4.add(i32x4.shl(shifted, 23), one));
      const exponential = v128.andnot(near, f32x4.lt(x, least));
      if (to) storePart(to + c, rest, exponential);
      part = f32x4.add(part, exponential);
    }
    sum += across(part);
  }
  return <f32>sum;
}

// @ts-ignore: decorator
@inline
function across(part: v128): f64 {
  const left = <f64>f32x4.extract_lane(part, 0) + <f64>f32x4.extract_lane(part, 1);
  return left + (<f64>f32x4.extract_lane(part, 2) + <f64>f32x4.extract_lane(part, 3));
}

/** Four numbers; where only `rest` bytes of them are left in the row, `other` in the place of the others. */
// @ts-ignore: decorator
@inline
function loadPart(at: usize, rest: usize, other: f32): v128 {
  return rest >= 16 ? v128.load(at) : loadEnd(at, rest, other);
}

function loadEnd(at: usize, rest: usize, other: f32): v128 {
  let end = f32x4.replace_lane(f32x4.splat(other), 0, load<f32>(at));
  if (rest > 4) end = f32x4.replace_lane(end, 1, load<f32>(at, 4));
  if (rest > 8) end = f32x4.replace_lane(end, 2, load<f32>(at, 8));
  return end;
}

// @ts-ignore: decorator
@inline
function storePart(at: usize, rest: usize, numbers: v128): void {
  if (rest >= 16) v128.store(at, numbers);
  else storeEnd(at, rest, numbers);
}

function storeEnd(at: usize, rest: usize, numbers: v128): void {
  store<f32>(at, f32x4.extract_lane(numbers, 0));
  if (rest > 4) store<f32>(at, f32x4.extract_lane(numbers, 1), 4);
  if (rest > 8) store<f32>(at, f32x4.extract_lane(numbers, 2), 8);
}
