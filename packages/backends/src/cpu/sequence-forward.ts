import { writeBias } from './bias.ts';
import type { CellKernel, ForwardPass } from './cell-kernel.ts';
import { addInputProduct } from './input-product.ts';
import { addRecurrence } from './recurrent-product.ts';
import { isReal, type SequenceProblem } from './sequence-problem.ts';

/** What the forward pass takes besides; absent inputs are undefined. */
export interface SequenceStart {
  /** `[G · units]`, or `[2, G · units]` in a cell with two biases. */
  readonly bias: Float32Array | undefined;
  /** `[batch, units]`, as is `cell`. */
  readonly hidden: Float32Array | undefined;
  readonly cell: Float32Array | undefined;
}

/** What the forward pass fills; allocated by the caller. */
export interface SequenceForwardResults {
  /** `[batch, time, units]`, in the order computed. */
  readonly outputs: Float32Array;
  /** `[batch, units]`, as are the states. */
  readonly last: Float32Array;
  readonly hidden: Float32Array;
  /** Of length 0 in a cell without. */
  readonly cell: Float32Array;
  /** As `sequenceReserve` lays it out; zeros on entry. */
  readonly reserve: Float32Array;
}

/** Runs a cell over a sequence from `start` and fills `results`. */
export function sequenceForward(
  cell: CellKernel,
  { problem, start, results }: { problem: SequenceProblem; start: SequenceStart; results: SequenceForwardResults },
): void {
  const { batch, time, units, layout } = problem;
  const { reserve } = results;
  const step = batch * units;
  const pass: ForwardPass = { problem, reserve, scratch: new Float32Array(step) };
  if (start.hidden !== undefined) reserve.set(start.hidden, layout.hidden);
  if (start.cell !== undefined) reserve.set(start.cell, layout.cell);
  if (problem.mask !== undefined) reserve.set(problem.mask, layout.mask);
  if (problem.inputDropout !== undefined) reserve.set(problem.inputDropout, layout.inputDropout);
  if (problem.recurrentDropout !== undefined) reserve.set(problem.recurrentDropout, layout.recurrentDropout);
  if (start.bias !== undefined) writeBias(cell, pass, start.bias);
  addInputProduct(problem, reserve);
  for (let t = 0; t < time; t++) {
    addRecurrence(pass, t, 'hidden');
    if (cell.between !== undefined) {
      cell.between.forward(pass, t);
      addRecurrence(pass, t, 'kept');
    }
    activateRows(cell, pass, t);
    writeOutputs(problem, results, t);
  }
  results.hidden.set(reserve.subarray(layout.hidden + time * step, layout.hidden + (time + 1) * step));
  if (cell.states === 2) results.cell.set(reserve.subarray(layout.cell + time * step, layout.cell + (time + 1) * step));
}

/** Activates the real rows of one step, and copies the states of the masked ones through. */
function activateRows(cell: CellKernel, pass: ForwardPass, t: number): void {
  const { problem, reserve } = pass;
  const { batch, units, layout, mask } = problem;
  const start = t * batch;
  if (mask === undefined) {
    cell.activate(pass, { t, first: start, end: start + batch });
    return;
  }
  const step = batch * units;
  for (let row = start; row < start + batch; row++) {
    if (isReal(problem, row - start, t)) {
      cell.activate(pass, { t, first: row, end: row + 1 });
      continue;
    }
    for (const states of cell.states === 2 ? [layout.hidden, layout.cell] : [layout.hidden]) {
      const from = states + row * units;
      reserve.copyWithin(from + step, from, from + units);
    }
  }
}

function writeOutputs(problem: SequenceProblem, { outputs, last, reserve }: SequenceForwardResults, t: number): void {
  const { batch, time, units, zeroOutputForMask, layout } = problem;
  const hidden = layout.hidden + (t + 1) * batch * units;
  for (let b = 0; b < batch; b++) {
    const to = (b * time + t) * units;
    if (isReal(problem, b, t)) {
      for (let u = 0; u < units; u++) outputs[to + u] = reserve[hidden + b * units + u];
    } else if (!zeroOutputForMask && t > 0) {
      outputs.copyWithin(to, to - units, to);
    }
    if (t === time - 1) for (let u = 0; u < units; u++) last[b * units + u] = outputs[to + u];
  }
}
