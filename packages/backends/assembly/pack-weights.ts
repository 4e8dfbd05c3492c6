import { gateOf, Sequence } from './sequence';
import { transposeBlock } from './transpose';

/**
 * The weights as the forward pass reads them: `[quad of units][part][features, 1, units][4]`. The row of the 1 holds the
 * bias; units beyond the last have zeros, which keeps their hidden state at zero.
 */
export function packWeights(s: Sequence): void {
  const units = s.units;
  const rowBytes = <usize>(s.parts * units) << 2;
  let to = s.weights;
  for (let unit = 0; unit < units; unit += 4) {
    const there = i32x4.gt_s(i32x4.splat(units - unit), i32x4(0, 1, 2, 3));
    for (let part = 0; part < s.parts; part++) {
      const column = <usize>(gateOf(s, part) * units + unit) << 2;
      to = packRows(to, s.kernel + column, rowBytes, s.features, there);
      if (s.bias) to = packRows(to, s.bias + column, rowBytes, 1, there);
      else {
        v128.store(to, i32x4.splat(0));
        to += 16;
      }
      to = packRows(to, s.recurrentKernel + column, rowBytes, units, there);
    }
  }
}

function packRows(to: usize, from: usize, stride: usize, rows: i32, there: v128): usize {
  for (let row = 0; row < rows; row++, from += stride, to += 16) v128.store(to, v128.and(v128.load(from), there));
  return to;
}

/** `rows` rows of a kernel as the backward pass reads them: `[quad of rows][unit][part][4]`, zeros beyond the last. */
export function packTransposed(s: Sequence, to: usize, kernel: usize, rows: i32): void {
  const units = s.units;
  const parts = s.parts;
  const stride = <usize>(parts * units) << 2;
  const unitBytes = <usize>parts << 4;
  for (let row = 0; row < rows; row += 4, kernel += 4 * stride, to += <usize>units * unitBytes) {
    const count = min(4, rows - row);
    for (let part = 0; part < parts; part++) {
      let from = kernel + (<usize>(gateOf(s, part) * units) << 2);
      let at = to + (<usize>part << 4);
      let unit = 0;
      if (count === 4) {
        for (; unit + 4 <= units; unit += 4, from += 16, at += 4 * unitBytes) transposeBlock(at, unitBytes, from, stride);
      }
      for (; unit < units; unit++, from += 4, at += unitBytes) {
        for (let i = 0; i < 4; i++) store<f32>(at + (<usize>i << 2), i < count ? load<f32>(from + <usize>i * stride) : 0);
      }
    }
  }
}
