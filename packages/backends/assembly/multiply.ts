// C = A · B for any sizes and strides. B is packed into panels of 256 rows × 8 columns, A into blocks of 256 columns in
// rows of four: a panel stays in the first-level cache while a block passes, the block in the second (Goto and van de
// Geijn, 2008).

import { multiplyTile } from './multiply-tile';
import { transposeBlock } from './transpose';
import { dot } from './vector-product';

const DEPTH = 256;
const ROWS = 192;

/** Strides are in bytes; those of C's columns are 4. `room` holds the packed block and panel: (192 + 8) · 1024 + 128 bytes. */
export function multiply(
  c: usize,
  cStride: usize,
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  bColumn: usize,
  rows: i32,
  columns: i32,
  depth: i32,
  room: usize,
): void {
  if (rows === 1) {
    multiplyRow(c, a, aColumn, b, bRow, bColumn, columns, depth);
    return;
  }
  const panel = room + ROWS * DEPTH * 4;
  const edge = panel + DEPTH * 32;
  for (let k = 0; k < depth; k += DEPTH) {
    const part = min(DEPTH, depth - k);
    for (let i = 0; i < rows; i += ROWS) {
      const height = min(ROWS, rows - i);
      packQuads(room, a + <usize>i * aRow + <usize>k * aColumn, aRow, aColumn, height, part);
      for (let j = 0; j < columns; j += 8) {
        const width = min(8, columns - j);
        packPanel(panel, b + <usize>k * bRow + <usize>j * bColumn, bRow, bColumn, width, part);
        multiplyPanel(c + <usize>i * cStride + (<usize>j << 2), cStride, room, panel, edge, height, width, part, k > 0);
      }
    }
  }
}

function multiplyPanel(
  c: usize,
  cStride: usize,
  quads: usize,
  panel: usize,
  edge: usize,
  height: i32,
  width: i32,
  depth: i32,
  accumulate: bool,
): void {
  for (let i = 0; i < height; i += 4, quads += <usize>depth << 4, c += 4 * cStride) {
    const count = min(4, height - i);
    if (count === 4 && width === 8) multiplyTile(c, cStride, quads, 16, panel, 32, depth, accumulate);
    else {
      multiplyTile(edge, 32, quads, 16, panel, 32, depth, false);
      for (let row = 0; row < count; row++) addRow(c + <usize>row * cStride, edge + (<usize>row << 5), width, accumulate);
    }
  }
}

function addRow(to: usize, from: usize, width: i32, accumulate: bool): void {
  for (let i = 0; i < width; i++, to += 4, from += 4) {
    const value = load<f32>(from);
    store<f32>(to, accumulate ? load<f32>(to) + value : value);
  }
}

/** Rows of A four by four, zeros beyond the last: `[quad][column][4]`. */
function packQuads(to: usize, from: usize, rowStride: usize, columnStride: usize, rows: i32, columns: i32): void {
  const quad = <usize>columns << 4;
  for (let i = 0; i < rows; i += 4, from += 4 * rowStride, to += quad) {
    let column = 0;
    if (rows - i >= 4) {
      if (rowStride === 4) {
        let at = from;
        for (; column < columns; column++, at += columnStride) v128.store(to + (<usize>column << 4), v128.load(at));
      } else if (columnStride === 4) {
        for (; column + 4 <= columns; column += 4) {
          transposeBlock(to + (<usize>column << 4), 16, from + (<usize>column << 2), rowStride);
        }
      }
    }
    packRest(to, 16, from, columnStride, rowStride, column, columns, min(4, rows - i), 4);
  }
}

/** Eight columns of B, zeros beyond the last: `[row][8]`. */
function packPanel(to: usize, from: usize, rowStride: usize, columnStride: usize, width: i32, rows: i32): void {
  let row = 0;
  if (width === 8) {
    if (columnStride === 4) {
      let at = from;
      for (; row < rows; row++, at += rowStride) {
        v128.store(to + (<usize>row << 5), v128.load(at));
        v128.store(to + (<usize>row << 5), v128.load(at, 16), 16);
      }
    } else if (rowStride === 4) {
      for (; row + 4 <= rows; row += 4) {
        const line = to + (<usize>row << 5);
        transposeBlock(line, 32, from + (<usize>row << 2), columnStride);
        transposeBlock(line + 16, 32, from + (<usize>row << 2) + 4 * columnStride, columnStride);
      }
    }
  }
  packRest(to, 32, from, rowStride, columnStride, row, rows, width, 8);
}

/** to[line][i] = from[line · lineStride + i · stride] from `line` on, for i below `count`, zeros from there up to `room`. */
function packRest(
  to: usize,
  toStride: usize,
  from: usize,
  lineStride: usize,
  stride: usize,
  line: i32,
  lines: i32,
  count: i32,
  room: i32,
): void {
  for (; line < lines; line++) {
    const at = from + <usize>line * lineStride;
    const into = to + <usize>line * toStride;
    for (let i = 0; i < room; i++) store<f32>(into + (<usize>i << 2), i < count ? load<f32>(at + <usize>i * stride) : 0);
  }
}

/** One row: nothing of B is used twice, so it is read where it lies unless neither stride is 4. */
function multiplyRow(c: usize, a: usize, aColumn: usize, b: usize, bRow: usize, bColumn: usize, columns: i32, depth: i32): void {
  let j = 0;
  if (bColumn === 4) {
    for (; j + 16 <= columns; j += 16) sixteenColumns(c + (<usize>j << 2), a, aColumn, b + (<usize>j << 2), bRow, depth);
    for (; j + 4 <= columns; j += 4) fourColumns(c + (<usize>j << 2), a, aColumn, b + (<usize>j << 2), bRow, depth);
  } else if (bRow === 4 && aColumn === 4) {
    for (; j < columns; j++) store<f32>(c + (<usize>j << 2), dot(a, b + <usize>j * bColumn, depth));
  }
  for (; j < columns; j++) {
    let sum: f32 = 0;
    for (let k = 0; k < depth; k++) sum += load<f32>(a + <usize>k * aColumn) * load<f32>(b + <usize>j * bColumn + <usize>k * bRow);
    store<f32>(c + (<usize>j << 2), sum);
  }
}

function sixteenColumns(c: usize, a: usize, aStride: usize, b: usize, bStride: usize, depth: i32): void {
  let sum0 = f32x4.splat(0);
  let sum1 = sum0;
  let sum2 = sum0;
  let sum3 = sum0;
  for (let k = 0; k < depth; k++, a += aStride, b += bStride) {
    const number = v128.load_splat<f32>(a);
    sum0 = f32x4.add(sum0, f32x4.mul(number, v128.load(b)));
    sum1 = f32x4.add(sum1, f32x4.mul(number, v128.load(b, 16)));
    sum2 = f32x4.add(sum2, f32x4.mul(number, v128.load(b, 32)));
    sum3 = f32x4.add(sum3, f32x4.mul(number, v128.load(b, 48)));
  }
  v128.store(c, sum0);
  v128.store(c, sum1, 16);
  v128.store(c, sum2, 32);
  v128.store(c, sum3, 48);
}

function fourColumns(c: usize, a: usize, aStride: usize, b: usize, bStride: usize, depth: i32): void {
  let sum = f32x4.splat(0);
  for (let k = 0; k < depth; k++, a += aStride, b += bStride) sum = f32x4.add(sum, f32x4.mul(v128.load_splat<f32>(a), v128.load(b)));
  v128.store(c, sum);
}
