// The equations are those of `lstm-step.ts` in @cellstate/ops, which this must agree with:
//
//   G      = X · W + b                 one product for all steps
//   G_t   += H_{t−1} · R               one product for each step
//   i f ĉ o = σ σ tanh σ (G_t)         in place
//   C_t    = f ∗ C_{t−1} + i ∗ ĉ ;  H_t = o ∗ tanh(C_t)

import { sigmoid, tanh } from './exponential.ts';
import {
  arrangeInput,
  gateGroups,
  groupColumns,
  type LstmProblem,
  type LstmReserve,
  type LstmStart,
  rowMajor,
  sourceStep,
} from './lstm-problem.ts';
import { multiplyAdd } from './matrix-multiply.ts';

/** What the forward pass fills; allocated by the caller. */
export interface LstmForwardResults {
  /** `[batch, time, units]`, in the order computed */
  readonly outputs: Float32Array;
  /** `[batch, units]` */
  readonly last: Float32Array;
  /** `[batch, units]` */
  readonly hidden: Float32Array;
  /** `[batch, units]` */
  readonly cell: Float32Array;
  /** As `lstmReserve` lays it out; zeros on entry. */
  readonly reserve: Float32Array;
}

/** Runs an LSTM over a sequence from `start` and fills `results`. */
export function lstmForward(problem: LstmProblem, start: LstmStart, results: LstmForwardResults): void {
  const { batch, time, units } = problem;
  const { reserve } = results;
  const { layout } = problem;
  const step = batch * units;
  if (start.hidden !== undefined) reserve.set(start.hidden, layout.hidden);
  if (start.cell !== undefined) reserve.set(start.cell, layout.cell);
  if (problem.mask !== undefined) reserve.set(problem.mask, layout.mask);
  if (problem.inputDropout !== undefined) reserve.set(problem.inputDropout, layout.inputDropout);
  if (problem.recurrentDropout !== undefined) reserve.set(problem.recurrentDropout, layout.recurrentDropout);
  projectInput(problem, start.bias, reserve);
  const dropped = problem.recurrentDropout === undefined ? undefined : new Float32Array(step);
  for (let t = 0; t < time; t++) {
    addRecurrence(problem, { reserve, t, dropped });
    if (problem.mask === undefined) activateRows(reserve, { layout, units, first: t * batch, end: (t + 1) * batch, batch });
    else activateRealRows(problem, { reserve, t });
    writeOutputs(problem, results, t);
  }
  results.hidden.set(reserve.subarray(layout.hidden + time * step, layout.hidden + (time + 1) * step));
  results.cell.set(reserve.subarray(layout.cell + time * step, layout.cell + (time + 1) * step));
}

/** gates = X · W + b for all steps. */
function projectInput(problem: LstmProblem, bias: Float32Array | undefined, reserve: Float32Array): void {
  const { batch, time, features, units, kernel } = problem;
  const rows = time * batch;
  if (bias !== undefined) for (let row = 0; row < rows; row++) reserve.set(bias, row * 4 * units);
  const arranged = new Float32Array(rows * features);
  for (const group of gateGroups(problem.inputDropout)) {
    arrangeInput(problem, group.gate, arranged);
    const size = { rows, columns: group.gates * units, depth: features };
    multiplyAdd(
      groupColumns(reserve, { group, units }),
      rowMajor(arranged, { columns: features }),
      groupColumns(kernel, { group, units }),
      size,
    );
  }
}

interface ForwardStep {
  readonly reserve: Float32Array;
  readonly t: number;
}

/** gates[t] += hidden[t − 1] · R. */
function addRecurrence(problem: LstmProblem, { reserve, t, dropped }: ForwardStep & { dropped: Float32Array | undefined }): void {
  const { batch, units, recurrentKernel, recurrentDropout, layout } = problem;
  const step = batch * units;
  const before = layout.hidden + t * step;
  for (const group of gateGroups(recurrentDropout)) {
    let hidden = rowMajor(reserve, { columns: units, at: before });
    if (recurrentDropout !== undefined && dropped !== undefined) {
      for (let i = 0; i < step; i++) dropped[i] = reserve[before + i] * recurrentDropout[group.gate * step + i];
      hidden = rowMajor(dropped, { columns: units });
    }
    const gates = groupColumns(reserve, { group, units, at: t * step * 4 });
    multiplyAdd(gates, hidden, groupColumns(recurrentKernel, { group, units }), {
      rows: batch,
      columns: group.gates * units,
      depth: units,
    });
  }
}

interface Rows {
  readonly layout: LstmReserve;
  readonly units: number;
  readonly batch: number;
  /** Counted over all steps: row t · batch + b. */
  readonly first: number;
  readonly end: number;
}

/** Activates the gates of some rows of one step, and steps their cell and hidden state. */
function activateRows(reserve: Float32Array, { layout, units, batch, first, end }: Rows): void {
  const ahead = batch * units;
  for (let row = first; row < end; row++) {
    const gates = row * 4 * units;
    const at = row * units;
    for (let u = 0; u < units; u++) {
      const i = sigmoid(reserve[gates + u]);
      const f = sigmoid(reserve[gates + units + u]);
      const candidate = tanh(reserve[gates + 2 * units + u]);
      const o = sigmoid(reserve[gates + 3 * units + u]);
      const c = f * reserve[layout.cell + at + u] + i * candidate;
      const tanhCell = tanh(c);
      reserve[gates + u] = i;
      reserve[gates + units + u] = f;
      reserve[gates + 2 * units + u] = candidate;
      reserve[gates + 3 * units + u] = o;
      reserve[layout.cell + ahead + at + u] = c;
      reserve[layout.tanhCell + at + u] = tanhCell;
      reserve[layout.hidden + ahead + at + u] = o * tanhCell;
    }
  }
}

/** As `activateRows` for one step, with the masked rows' state copied through. */
function activateRealRows(problem: LstmProblem, { reserve, t }: ForwardStep): void {
  const { batch, units, layout } = problem;
  const step = batch * units;
  for (let b = 0; b < batch; b++) {
    const row = t * batch + b;
    if (isReal(problem, b, t)) {
      activateRows(reserve, { layout, units, batch, first: row, end: row + 1 });
      continue;
    }
    for (const states of [layout.hidden, layout.cell]) {
      const from = states + row * units;
      reserve.copyWithin(from + step, from, from + units);
    }
  }
}

/** Whether row b has a real step where the t-th is computed. */
export function isReal(problem: LstmProblem, b: number, t: number): boolean {
  return problem.mask === undefined || problem.mask[b * problem.time + sourceStep(t, problem)] !== 0;
}

function writeOutputs(problem: LstmProblem, { outputs, last, reserve }: LstmForwardResults, t: number): void {
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
