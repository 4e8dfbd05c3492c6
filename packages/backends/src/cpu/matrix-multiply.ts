// C += A · B over plain arrays of numbers, for any strides.

import { blockMultiplier } from './block-multiplier.ts';
import type { Matrix, ProductSize } from './matrix.ts';

let multiplyAddBlocks: ReturnType<typeof blockMultiplier> | undefined;

/** C += A · B. Sums are taken in float64 within 128 terms and stored as float32. C must not overlap A or B. */
export function multiplyAdd(c: Matrix, a: Matrix, b: Matrix, size: ProductSize): void {
  if (size.rows === 1) {
    multiplyAddRow(c, a, b, size);
    return;
  }
  multiplyAddBlocks ??= blockMultiplier();
  multiplyAddBlocks(c, a, b, size);
}

/** One row: nothing is used twice, so copying into panels would cost more than it saves. */
function multiplyAddRow(c: Matrix, a: Matrix, b: Matrix, { columns, depth }: ProductSize): void {
  const into = c.data;
  const left = a.data;
  const right = b.data;
  const columnStride = b.columnStride;
  const rowStride = b.rowStride;
  const whole = columns - (columns % 4);
  for (let j = 0; j < whole; j += 4) {
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    let at0 = b.at + j * columnStride;
    let at1 = at0 + columnStride;
    let at2 = at1 + columnStride;
    let at3 = at2 + columnStride;
    for (let k = 0, from = a.at; k < depth; k++, from += a.columnStride) {
      const factor = left[from];
      sum0 += factor * right[at0];
      sum1 += factor * right[at1];
      sum2 += factor * right[at2];
      sum3 += factor * right[at3];
      at0 += rowStride;
      at1 += rowStride;
      at2 += rowStride;
      at3 += rowStride;
    }
    const to = c.at + j * c.columnStride;
    into[to] += sum0;
    into[to + c.columnStride] += sum1;
    into[to + 2 * c.columnStride] += sum2;
    into[to + 3 * c.columnStride] += sum3;
  }
  for (let j = whole; j < columns; j++) {
    let sum = 0;
    for (let k = 0; k < depth; k++) sum += left[a.at + k * a.columnStride] * right[b.at + j * columnStride + k * rowStride];
    into[c.at + j * c.columnStride] += sum;
  }
}
