import { FROM_HIDDEN, gateCount, gateOf, GRU_AFTER, hiddenTakesPart, inputTakesPart, Sequence } from './sequence';
import { transposeBlock } from './transpose';

/**
 * The weights as the forward pass reads them: `[quad of units][part][features, 1, units][4]`. The row of the 1 holds the
 * bias; units beyond the last have zeros, which keeps their hidden state at zero.
 */
export function packWeights(s: Sequence): void {
  const units = s.units;
  const rowBytes = <usize>(gateCount(s) * units) << 2;
  let to = s.weights;
  for (let unit = 0; unit < units; unit += 4) {
    const there = i32x4.gt_s(i32x4.splat(units - unit), i32x4(0, 1, 2, 3));
    for (let part = 0; part < s.parts; part++) {
      const column = <usize>(gateOf(s, part) * units + unit) << 2;
      to = inputTakesPart(s, part) ? packRows(to, s.kernel + column, rowBytes, s.features, there) : zeroRows(to, s.features);
      v128.store(to, v128.and(biasOf(s, part, column, rowBytes), there));
      to += 16;
      to = hiddenTakesPart(s, part) ? packRows(to, s.recurrentKernel + column, rowBytes, units, there) : zeroRows(to, units);
    }
  }
}

/** GRU_AFTER has two rows of biases, whose first is the input's; both add to its first two parts. */
function biasOf(s: Sequence, part: i32, column: usize, rowBytes: usize): v128 {
  if (!s.bias) return i32x4.splat(0);
  const first = v128.load(s.bias + column);
  if (s.kind !== GRU_AFTER) return first;
  const second = v128.load(s.bias + rowBytes + column);
  if (part === FROM_HIDDEN) return second;
  return part < 2 ? f32x4.add(first, second) : first;
}

function packRows(to: usize, from: usize, stride: usize, rows: i32, there: v128): usize {
  for (let row = 0; row < rows; row++, from += stride, to += 16) v128.store(to, v128.and(v128.load(from), there));
  return to;
}

function zeroRows(to: usize, rows: i32): usize {
  memory.fill(to, 0, <usize>rows << 4);
  return to + (<usize>rows << 4);
}

/** A kernel as the backward pass reads it: `[quad of rows][unit][part][4]`, zeros beyond the last row. */
export function packTransposed(s: Sequence, to: usize, kernel: usize, rows: i32): void {
  const units = s.units;
  const parts = s.parts;
  const stride = <usize>(gateCount(s) * units) << 2;
  const unitBytes = <usize>parts << 4;
  const isInput = kernel === s.kernel;
  for (let row = 0; row < rows; row += 4, kernel += 4 * stride, to += <usize>units * unitBytes) {
    const count = min(4, rows - row);
    for (let part = 0; part < parts; part++) {
      let from = kernel + (<usize>(gateOf(s, part) * units) << 2);
      let at = to + (<usize>part << 4);
      let unit = 0;
      const takesPart = isInput ? inputTakesPart(s, part) : hiddenTakesPart(s, part);
      if (count === 4 && takesPart) {
        for (; unit + 4 <= units; unit += 4, from += 16, at += 4 * unitBytes) transposeBlock(at, unitBytes, from, stride);
      }
      for (; unit < units; unit++, from += 4, at += unitBytes) {
        for (let i = 0; i < 4; i++) store<f32>(at + (<usize>i << 2), i < count && takesPart ? load<f32>(from + <usize>i * stride) : 0);
      }
    }
  }
}
