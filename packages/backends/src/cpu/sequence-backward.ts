// From the last step to the first: what outputs and states ask for becomes the derivatives of the gates, which replace the
// gates, and goes on through the recurrent products. Then, once for all steps, the weights' and the input's gradients.

import { biasGradient } from './bias.ts';
import type { BackwardPass, CellKernel } from './cell-kernel.ts';
import { addInputGradient, addKernelGradient } from './input-product.ts';
import { addRecurrentKernelGradient, hiddenGradient, keptGradient } from './recurrent-product.ts';
import { isReal, type SequenceProblem } from './sequence-problem.ts';

/** What flows in from above: the derivative of the loss by each result of the forward pass. */
export interface SequenceOutputGradients {
  readonly outputs: Float32Array;
  readonly last: Float32Array;
  readonly hidden: Float32Array;
  /** Of length 0 in a cell without. */
  readonly cell: Float32Array;
}

/** What the backward pass fills; allocated by the caller, zeros on entry, shapes of the inputs. */
export interface SequenceInputGradients {
  readonly x: Float32Array;
  readonly kernel: Float32Array;
  readonly recurrentKernel: Float32Array;
  /** Of length 0 when there is no bias. */
  readonly bias: Float32Array;
  readonly hidden: Float32Array;
  /** Of length 0 in a cell without. */
  readonly cell: Float32Array;
}

export interface SequenceBackwardArrays {
  readonly problem: SequenceProblem;
  readonly reserve: Float32Array;
  readonly above: SequenceOutputGradients;
  readonly gradients: SequenceInputGradients;
}

/** Runs back through a sequence and fills `gradients`. Overwrites the gates and what was kept in `reserve`. */
export function sequenceBackward(cell: CellKernel, { problem, reserve, above, gradients }: SequenceBackwardArrays): void {
  const { batch, time, units } = problem;
  // The states' gradients are carried in the arrays that end up holding those of the initial state.
  gradients.hidden.set(above.hidden);
  gradients.cell.set(above.cell);
  const pass: BackwardPass = {
    problem,
    reserve,
    hidden: gradients.hidden,
    cell: gradients.cell,
    output: above.last.slice(),
    scratch: new Float32Array(batch * units),
  };
  for (let t = time - 1; t >= 0; t--) {
    gatherOutput(pass, above.outputs, t);
    deriveRows(cell, pass, t);
    if (cell.between !== undefined) {
      keptGradient(pass, t);
      cell.between.backward(pass, t);
    }
    hiddenGradient(pass, t);
  }
  addKernelGradient(problem, reserve, gradients.kernel);
  addRecurrentKernelGradient(pass, gradients.recurrentKernel);
  if (gradients.bias.length > 0) biasGradient(cell, pass, gradients.bias);
  addInputGradient(problem, reserve, gradients.x);
}

/** output += the gradient of the t-th output. */
function gatherOutput({ problem, output }: BackwardPass, outputs: Float32Array, t: number): void {
  const { batch, time, units } = problem;
  for (let b = 0; b < batch; b++) {
    const from = (b * time + t) * units;
    for (let u = 0; u < units; u++) output[b * units + u] += outputs[from + u];
  }
}

/** Real rows go back through the cell's equations; masked ones pass their states' gradients on as they are. */
function deriveRows(cell: CellKernel, pass: BackwardPass, t: number): void {
  const { problem } = pass;
  const start = t * problem.batch;
  if (problem.mask === undefined) {
    cell.derive(pass, { t, first: start, end: start + problem.batch });
    return;
  }
  for (let b = 0; b < problem.batch; b++) {
    if (isReal(problem, b, t)) cell.derive(pass, { t, first: start + b, end: start + b + 1 });
    else skipRow(cell, pass, { t, b });
  }
}

/** One masked row: the gates have no part in it; the output's gradient goes to the step before or, under `zeroOutputForMask`, nowhere. */
function skipRow(cell: CellKernel, { problem, reserve, output }: BackwardPass, { t, b }: { t: number; b: number }): void {
  const { batch, units, width, layout, zeroOutputForMask } = problem;
  const row = t * batch + b;
  reserve.fill(0, layout.gates + row * width, layout.gates + (row + 1) * width);
  if (cell.keeps) reserve.fill(0, layout.kept + row * units, layout.kept + (row + 1) * units);
  if (zeroOutputForMask) output.fill(0, b * units, (b + 1) * units);
}
