// C += A · B, in tiles of 2 × 4 numbers that live in registers.
//
// A is cut into blocks of 32 rows × 128 columns, B into panels of 128 rows × 4 columns, so that one block and one panel
// stay in the first-level cache (Goto and van de Geijn, 2008). A 4 × 4 tile would need more registers than there are.

import type { Matrix, ProductSize } from './matrix.ts';

const BLOCK_ROWS = 32;
const BLOCK_DEPTH = 128;
const TILE_ROWS = 2;
const TILE_COLUMNS = 4;

/**
 * Makes the function for C += A · B. Blocks are copied as float64 into arrays that are constants of the closure: V8 then
 * folds their addresses and lengths into the inner loop, which runs half as fast again as over arrays it is given.
 */
export function blockMultiplier(): (c: Matrix, a: Matrix, b: Matrix, size: ProductSize) => void {
  const block = new Float64Array(BLOCK_ROWS * BLOCK_DEPTH);
  const panel = new Float64Array(TILE_COLUMNS * BLOCK_DEPTH);
  const tile = new Float64Array(TILE_ROWS * TILE_COLUMNS);

  function multiplyAddBlocks(c: Matrix, a: Matrix, b: Matrix, { rows, columns, depth }: ProductSize): void {
    for (let k = 0; k < depth; k += BLOCK_DEPTH) {
      const blockDepth = Math.min(BLOCK_DEPTH, depth - k);
      for (let i = 0; i < rows; i += BLOCK_ROWS) {
        const blockRows = Math.min(BLOCK_ROWS, rows - i);
        packBlock(a, a.at + i * a.rowStride + k * a.columnStride, blockRows, blockDepth);
        for (let j = 0; j < columns; j += TILE_COLUMNS) {
          const tileColumns = Math.min(TILE_COLUMNS, columns - j);
          packPanel(b, b.at + k * b.rowStride + j * b.columnStride, tileColumns, blockDepth);
          for (let r = 0; r < blockRows; r += TILE_ROWS) {
            multiplyTile(r * blockDepth, blockDepth);
            addTile(c, c.at + (i + r) * c.rowStride + j * c.columnStride, blockRows - r, tileColumns);
          }
        }
      }
    }
  }

  /** Copies rows of A two by two, an odd last row beside zeros. */
  function packBlock(a: Matrix, start: number, rows: number, depth: number): void {
    const { data, rowStride, columnStride } = a;
    let to = 0;
    for (let i = 0; i < rows; i += TILE_ROWS) {
      let from = start + i * rowStride;
      if (i + 1 < rows) {
        for (let k = 0; k < depth; k++) {
          block[to] = data[from];
          block[to + 1] = data[from + rowStride];
          to += TILE_ROWS;
          from += columnStride;
        }
      } else {
        for (let k = 0; k < depth; k++) {
          block[to] = data[from];
          block[to + 1] = 0;
          to += TILE_ROWS;
          from += columnStride;
        }
      }
    }
  }

  /** Copies up to four columns of B, missing ones as zeros. */
  function packPanel(b: Matrix, start: number, columns: number, depth: number): void {
    const { data, rowStride, columnStride } = b;
    const end = depth * TILE_COLUMNS;
    if (columns === TILE_COLUMNS) {
      for (let to = 0, from = start; to < end; to += TILE_COLUMNS, from += rowStride) {
        panel[to] = data[from];
        panel[to + 1] = data[from + columnStride];
        panel[to + 2] = data[from + 2 * columnStride];
        panel[to + 3] = data[from + 3 * columnStride];
      }
      return;
    }
    for (let to = 0, from = start; to < end; to += TILE_COLUMNS, from += rowStride) {
      for (let j = 0; j < TILE_COLUMNS; j++) panel[to + j] = j < columns ? data[from + j * columnStride] : 0;
    }
  }

  /** tile = two packed rows of the block × the panel. */
  function multiplyTile(start: number, depth: number): void {
    let c00 = 0;
    let c01 = 0;
    let c02 = 0;
    let c03 = 0;
    let c10 = 0;
    let c11 = 0;
    let c12 = 0;
    let c13 = 0;
    const end = depth * TILE_COLUMNS;
    for (let from = 0, a = start; from < end; from += TILE_COLUMNS, a += TILE_ROWS) {
      const b0 = panel[from];
      const b1 = panel[from + 1];
      const b2 = panel[from + 2];
      const b3 = panel[from + 3];
      const a0 = block[a];
      c00 += a0 * b0;
      c01 += a0 * b1;
      c02 += a0 * b2;
      c03 += a0 * b3;
      const a1 = block[a + 1];
      c10 += a1 * b0;
      c11 += a1 * b1;
      c12 += a1 * b2;
      c13 += a1 * b3;
    }
    tile[0] = c00;
    tile[1] = c01;
    tile[2] = c02;
    tile[3] = c03;
    tile[4] = c10;
    tile[5] = c11;
    tile[6] = c12;
    tile[7] = c13;
  }

  /** Adds the part of the tile that lies inside C. */
  function addTile(c: Matrix, start: number, rows: number, columns: number): void {
    const { data, columnStride } = c;
    if (rows >= TILE_ROWS && columns === TILE_COLUMNS && columnStride === 1) {
      data[start] += tile[0];
      data[start + 1] += tile[1];
      data[start + 2] += tile[2];
      data[start + 3] += tile[3];
      const next = start + c.rowStride;
      data[next] += tile[4];
      data[next + 1] += tile[5];
      data[next + 2] += tile[6];
      data[next + 3] += tile[7];
      return;
    }
    for (let i = 0; i < Math.min(rows, TILE_ROWS); i++) {
      for (let j = 0; j < columns; j++) data[start + i * c.rowStride + j * columnStride] += tile[i * TILE_COLUMNS + j];
    }
  }

  return multiplyAddBlocks;
}
