// A product cut into parts, each of which may run on another thread. Parts begin at whole tiles, so that a number is summed
// in the same order whatever the parts.

import { multiply } from './multiply';

/** Products of many matrices, as the host writes them into memory. Strides are in bytes; a `step` is from matrix to matrix. */
@unmanaged
export class Product {
  c: usize;
  cStep: usize;
  a: usize;
  aStep: usize;
  aRow: usize;
  aColumn: usize;
  b: usize;
  bStep: usize;
  bRow: usize;
  bColumn: usize;
  rows: i32;
  columns: i32;
  depth: i32;
  count: i32;
  /** As `multiply` asks for. */
  room: usize;
}

/** The matrices from `first` up to `end`. */
export function multiplyMatrices(at: usize, first: i32, end: i32): void {
  const p = changetype<Product>(at);
  for (let i = first; i < end; i++) part(p, i, 0, p.rows, 0, p.columns);
}

/** Of every matrix, the fours of rows from `first` up to `end`; the last one has what is left of the rows. */
export function multiplyRows(at: usize, first: i32, end: i32): void {
  const p = changetype<Product>(at);
  const last = end === p.rows >> 2 ? p.rows : end << 2;
  for (let i = 0; i < p.count; i++) part(p, i, first << 2, last, 0, p.columns);
}

/** Of every matrix, the eights of columns from `first` up to `end`; the last one has what is left of the columns. */
export function multiplyColumns(at: usize, first: i32, end: i32): void {
  const p = changetype<Product>(at);
  const last = end === p.columns >> 3 ? p.columns : end << 3;
  for (let i = 0; i < p.count; i++) part(p, i, 0, p.rows, first << 3, last);
}

function part(p: Product, i: i32, row: i32, lastRow: i32, column: i32, lastColumn: i32): void {
  const stride = <usize>p.columns << 2;
  const c = p.c + <usize>i * p.cStep + <usize>row * stride + (<usize>column << 2);
  const a = p.a + <usize>i * p.aStep + <usize>row * p.aRow;
  const b = p.b + <usize>i * p.bStep + <usize>column * p.bColumn;
  multiply(c, stride, a, p.aRow, p.aColumn, b, p.bRow, p.bColumn, lastRow - row, lastColumn - column, p.depth, p.room);
}
