// Between rows as TensorFlow.js has them, and the engine's own order: eight rows of a batch beside each other, so that a
// vector holds one column of four rows.

/** Bytes of one column of eight rows. */
const COLUMN: usize = 32;

/** to[column][row] = from[row][column], for `rows` ≤ 8 rows `stride` bytes apart; rows that are not there become 0. */
export function rowsToColumns(to: usize, from: usize, stride: usize, rows: i32, columns: i32): void {
  let column = 0;
  if (rows === 8) {
    for (; column + 4 <= columns; column += 4) {
      transposeBlock(to, COLUMN, from, stride);
      transposeBlock(to + 16, COLUMN, from + 4 * stride, stride);
      to += 4 * COLUMN;
      from += 16;
    }
  }
  for (; column < columns; column++, to += COLUMN, from += 4) {
    let at = from;
    let row = 0;
    for (; row < rows; row++, at += stride) store<f32>(to + (<usize>row << 2), load<f32>(at));
    for (; row < 8; row++) store<f32>(to + (<usize>row << 2), 0);
  }
}

/** to[row][column] = from[column][row], for `rows` ≤ 8 rows `stride` bytes apart. */
export function columnsToRows(to: usize, stride: usize, from: usize, rows: i32, columns: i32): void {
  let column = 0;
  if (rows === 8) {
    for (; column + 4 <= columns; column += 4) {
      transposeBlock(to, stride, from, COLUMN);
      transposeBlock(to + 4 * stride, stride, from + 16, COLUMN);
      to += 16;
      from += 4 * COLUMN;
    }
  }
  for (; column < columns; column++, to += 4, from += COLUMN) {
    let at = to;
    for (let row = 0; row < rows; row++, at += stride) store<f32>(at, load<f32>(from + (<usize>row << 2)));
  }
}

/** to[j][i] = from[i][j], four by four. */
// @ts-ignore: decorator
@inline
export function transposeBlock(to: usize, toStride: usize, from: usize, fromStride: usize): void {
  const row0 = v128.load(from);
  const row1 = v128.load(from + fromStride);
  const row2 = v128.load(from + 2 * fromStride);
  const row3 = v128.load(from + 3 * fromStride);
  const low01 = v128.shuffle<f32>(row0, row1, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(row0, row1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(row2, row3, 0, 4, 1, 5);
  const high23 = v128.shuffle<f32>(row2, row3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
  v128.store(to + toStride, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
  v128.store(to + 2 * toStride, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5));
  v128.store(to + 3 * toStride, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7));
}
