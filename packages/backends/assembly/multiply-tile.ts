import { multiplyAdd } from './multiply-add';

/** Rows of a tile, taken from A, whose numbers are spread over a vector one by one. */
export const TILE_ROWS = 4;
/** Columns of a tile, taken from B, two vectors. */
export const TILE_COLUMNS = 8;

/**
 * One tile of a matrix product: C (4 × 8) = A (4 × depth) · B (depth × 8), or += when `accumulate`.
 *
 * For every k, A holds four numbers and B eight beside each other; strides are in bytes. The eight sums stay in registers:
 * with two vectors of B, a number of A and a product they fill fifteen of the sixteen there are. The second half of the
 * loop is a block of its own, so that a compiler schedules each half within the registers it has.
 */
export function multiplyTile(
  c: usize,
  cStride: usize,
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  depth: i32,
  accumulate: bool,
): void {
  const c1 = c + cStride;
  const c2 = c1 + cStride;
  const c3 = c2 + cStride;
  let sum00 = f32x4.splat(0);
  let sum01 = sum00;
  let sum10 = sum00;
  let sum11 = sum00;
  let sum20 = sum00;
  let sum21 = sum00;
  let sum30 = sum00;
  let sum31 = sum00;
  if (accumulate) {
    sum00 = v128.load(c);
    sum01 = v128.load(c, 16);
    sum10 = v128.load(c1);
    sum11 = v128.load(c1, 16);
    sum20 = v128.load(c2);
    sum21 = v128.load(c2, 16);
    sum30 = v128.load(c3);
    sum31 = v128.load(c3, 16);
  }
  const end = b + <usize>depth * bStride;
  while (b < end) {
    const left0 = v128.load(b);
    const left1 = v128.load(b, 16);
    const number0 = v128.load_splat<f32>(a);
    sum00 = multiplyAdd(number0, left0, sum00);
    sum01 = multiplyAdd(number0, left1, sum01);
    const number1 = v128.load_splat<f32>(a, 4);
    sum10 = multiplyAdd(number1, left0, sum10);
    sum11 = multiplyAdd(number1, left1, sum11);
    const number2 = v128.load_splat<f32>(a, 8);
    sum20 = multiplyAdd(number2, left0, sum20);
    sum21 = multiplyAdd(number2, left1, sum21);
    const number3 = v128.load_splat<f32>(a, 12);
    sum30 = multiplyAdd(number3, left0, sum30);
    sum31 = multiplyAdd(number3, left1, sum31);
    a += aStride;
    b += bStride;
    if (b >= end) break;
    const right0 = v128.load(b);
    const right1 = v128.load(b, 16);
    const number4 = v128.load_splat<f32>(a);
    sum00 = multiplyAdd(number4, right0, sum00);
    sum01 = multiplyAdd(number4, right1, sum01);
    const number5 = v128.load_splat<f32>(a, 4);
    sum10 = multiplyAdd(number5, right0, sum10);
    sum11 = multiplyAdd(number5, right1, sum11);
    const number6 = v128.load_splat<f32>(a, 8);
    sum20 = multiplyAdd(number6, right0, sum20);
    sum21 = multiplyAdd(number6, right1, sum21);
    const number7 = v128.load_splat<f32>(a, 12);
    sum30 = multiplyAdd(number7, right0, sum30);
    sum31 = multiplyAdd(number7, right1, sum31);
    a += aStride;
    b += bStride;
  }
  v128.store(c, sum00);
  v128.store(c, sum01, 16);
  v128.store(c1, sum10);
  v128.store(c1, sum11, 16);
  v128.store(c2, sum20);
  v128.store(c2, sum21, 16);
  v128.store(c3, sum30);
  v128.store(c3, sum31, 16);
}
