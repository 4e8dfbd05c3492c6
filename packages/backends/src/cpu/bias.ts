import type { CellStructure } from './cell-structure.ts';
import { type Matrix, rowMajor } from './matrix.ts';
import { target } from './recurrent-product.ts';
import type { SequenceProblem } from './sequence-problem.ts';

interface Place {
  readonly problem: SequenceProblem;
  readonly reserve: Float32Array;
}

/** Writes the input's bias to every row of the gates, and adds the recurrent one, if any, to where the recurrent products go. */
export function writeBias(cell: CellStructure, { problem, reserve }: Place, bias: Float32Array): void {
  const { batch, time, units, width, layout } = problem;
  const rows = time * batch;
  const ofInput = bias.subarray(0, width);
  for (let row = 0; row < rows; row++) reserve.set(ofInput, layout.gates + row * width);
  if (cell.biasRows === 1) return;
  for (const part of cell.recurrence) {
    const { data, at, rowStride } = target(problem, reserve, { part, t: 0 });
    const from = width + part.gate * units;
    for (let row = 0; row < rows; row++) for (let u = 0; u < part.gates * units; u++) data[at + row * rowStride + u] += bias[from + u];
  }
}

/** Fills the gradient of the bias, `[G · units]` or `[2, G · units]`: sums over rows and steps. */
export function biasGradient(cell: CellStructure, { problem, reserve }: Place, into: Float32Array): void {
  const { batch, time, units, width, layout } = problem;
  const rows = time * batch;
  into.set(columnSums(rowMajor(reserve, { columns: width, at: layout.gates }), rows, width));
  if (cell.biasRows === 1) return;
  for (const part of cell.recurrence)
    into.set(columnSums(target(problem, reserve, { part, t: 0 }), rows, part.gates * units), width + part.gate * units);
}

function columnSums({ data, at, rowStride }: Matrix, rows: number, columns: number): Float64Array {
  const sums = new Float64Array(columns);
  for (let row = 0, from = at; row < rows; row++, from += rowStride) for (let j = 0; j < columns; j++) sums[j] += data[from + j];
  return sums;
}
