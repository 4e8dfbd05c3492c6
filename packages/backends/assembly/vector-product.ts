// One row has no use for a number of the weights but once: they are read where they lie, row by row.

import { multiplyAdd } from './multiply-add';

/** to[j] += Σₖ vector[k] · from[k][j]. Rows of `from` are `stride` bytes apart; four at a time, so that sums are written a fourth as often. */
export function addVectorProduct(to: usize, vector: usize, from: usize, stride: usize, depth: i32, columns: i32): void {
  let k = 0;
  for (; k + 4 <= depth; k += 4, vector += 16, from += 4 * stride) addFourRows(to, vector, from, stride, columns);
  for (; k < depth; k++, vector += 4, from += stride) addRow(to, load<f32>(vector), from, columns);
}

function addFourRows(to: usize, vector: usize, from: usize, stride: usize, columns: i32): void {
  const factor0 = v128.load_splat<f32>(vector);
  const factor1 = v128.load_splat<f32>(vector, 4);
  const factor2 = v128.load_splat<f32>(vector, 8);
  const factor3 = v128.load_splat<f32>(vector, 12);
  const from1 = from + stride;
  const from2 = from1 + stride;
  const from3 = from2 + stride;
  const bytes = <usize>columns << 2;
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) {
    let sum = v128.load(to + at);
    sum = multiplyAdd(factor0, v128.load(from + at), sum);
    sum = multiplyAdd(factor1, v128.load(from1 + at), sum);
    sum = multiplyAdd(factor2, v128.load(from2 + at), sum);
    sum = multiplyAdd(factor3, v128.load(from3 + at), sum);
    v128.store(to + at, sum);
  }
  for (; at < bytes; at += 4) {
    let sum = load<f32>(to + at);
    sum += load<f32>(vector) * load<f32>(from + at);
    sum += load<f32>(vector, 4) * load<f32>(from1 + at);
    sum += load<f32>(vector, 8) * load<f32>(from2 + at);
    sum += load<f32>(vector, 12) * load<f32>(from3 + at);
    store<f32>(to + at, sum);
  }
}

function addRow(to: usize, factor: f32, from: usize, columns: i32): void {
  const factors = f32x4.splat(factor);
  const bytes = <usize>columns << 2;
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) v128.store(to + at, multiplyAdd(factors, v128.load(from + at), v128.load(to + at)));
  for (; at < bytes; at += 4) store<f32>(to + at, load<f32>(to + at) + factor * load<f32>(from + at));
}

/** to[i] += Σⱼ from[i][j] · vector[j]: the product with the transposed matrix. */
export function addTransposedProduct(to: usize, vector: usize, from: usize, stride: usize, rows: i32, depth: i32): void {
  let i = 0;
  for (; i + 4 <= rows; i += 4, to += 16, from += 4 * stride) addFourDots(to, vector, from, stride, depth);
  for (; i < rows; i++, to += 4, from += stride) store<f32>(to, load<f32>(to) + dot(vector, from, depth));
}

function addFourDots(to: usize, vector: usize, from: usize, stride: usize, depth: i32): void {
  const from1 = from + stride;
  const from2 = from1 + stride;
  const from3 = from2 + stride;
  let sum0 = f32x4.splat(0);
  let sum1 = sum0;
  let sum2 = sum0;
  let sum3 = sum0;
  const bytes = <usize>depth << 2;
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) {
    const factor = v128.load(vector + at);
    sum0 = multiplyAdd(factor, v128.load(from + at), sum0);
    sum1 = multiplyAdd(factor, v128.load(from1 + at), sum1);
    sum2 = multiplyAdd(factor, v128.load(from2 + at), sum2);
    sum3 = multiplyAdd(factor, v128.load(from3 + at), sum3);
  }
  const low01 = v128.shuffle<f32>(sum0, sum1, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(sum0, sum1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(sum2, sum3, 0, 4, 1, 5);
  const high23 = v128.shuffle<f32>(sum2, sum3, 2, 6, 3, 7);
  let sums = f32x4.add(
    f32x4.add(v128.shuffle<f32>(low01, low23, 0, 1, 4, 5), v128.shuffle<f32>(low01, low23, 2, 3, 6, 7)),
    f32x4.add(v128.shuffle<f32>(high01, high23, 0, 1, 4, 5), v128.shuffle<f32>(high01, high23, 2, 3, 6, 7)),
  );
  for (; at < bytes; at += 4) {
    const numbers = f32x4(load<f32>(from + at), load<f32>(from1 + at), load<f32>(from2 + at), load<f32>(from3 + at));
    sums = multiplyAdd(v128.load_splat<f32>(vector + at), numbers, sums);
  }
  v128.store(to, f32x4.add(v128.load(to), sums));
}

/** Σⱼ a[j] · b[j] */
export function dot(a: usize, b: usize, depth: i32): f32 {
  let sum0 = f32x4.splat(0);
  let sum1 = sum0;
  let k = 0;
  for (; k + 8 <= depth; k += 8, a += 32, b += 32) {
    sum0 = multiplyAdd(v128.load(a), v128.load(b), sum0);
    sum1 = multiplyAdd(v128.load(a, 16), v128.load(b, 16), sum1);
  }
  sum0 = f32x4.add(sum0, sum1);
  let sum =
    f32x4.extract_lane(sum0, 0) + f32x4.extract_lane(sum0, 1) + (f32x4.extract_lane(sum0, 2) + f32x4.extract_lane(sum0, 3));
  for (; k < depth; k++, a += 4, b += 4) sum += load<f32>(a) * load<f32>(b);
  return sum;
}
