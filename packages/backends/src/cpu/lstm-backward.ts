// With a dash for the derivative of the loss, and primes for the state before the step:
//
//   h̄   += what the outputs and the next step ask for
//   c̄   += h̄ ∗ o ∗ (1 − tanh²c)
//   ō     = h̄ ∗ tanh(c) ∗ o(1 − o)
//   ī     = c̄ ∗ ĉ ∗ i(1 − i) ;  f̄ = c̄ ∗ c' ∗ f(1 − f) ;  ĉ̄ = c̄ ∗ i ∗ (1 − ĉ²)
//   c̄'   = c̄ ∗ f ;  h̄' = Ḡ_t · Rᵀ
//
// then, once for all steps: W̄ = Xᵀ · Ḡ, R̄ = H'ᵀ · Ḡ, b̄ = Σ Ḡ, X̄ = Ḡ · Wᵀ. The derivatives of the gates replace the gates.

import { isReal } from './lstm-forward.ts';
import { arrangeInput, gateGroups, groupColumns, type LstmProblem, type LstmReserve, rowMajor, sourceStep } from './lstm-problem.ts';
import { transposed } from './matrix.ts';
import { multiplyAdd } from './matrix-multiply.ts';

/** What flows in from above: the derivative of the loss by each result of the forward pass. */
export interface LstmOutputGradients {
  readonly outputs: Float32Array;
  readonly last: Float32Array;
  readonly hidden: Float32Array;
  readonly cell: Float32Array;
}

/** What the backward pass fills; allocated by the caller, zeros on entry, shapes of the inputs. */
export interface LstmInputGradients {
  readonly x: Float32Array;
  readonly kernel: Float32Array;
  readonly recurrentKernel: Float32Array;
  /** Of length 0 when there is no bias. */
  readonly bias: Float32Array;
  readonly hidden: Float32Array;
  readonly cell: Float32Array;
}

/** Runs back through a sequence and fills `gradients`. Overwrites the gates in `reserve`. */
export function lstmBackward(
  problem: LstmProblem,
  { reserve, above, gradients }: { reserve: Float32Array; above: LstmOutputGradients; gradients: LstmInputGradients },
): void {
  const { batch, time, units, recurrentDropout, layout } = problem;
  const step = batch * units;
  // The states' gradients are carried in the arrays that end up holding those of the initial state.
  const { hidden, cell } = gradients;
  hidden.set(above.hidden);
  cell.set(above.cell);
  const output = above.last.slice();
  const product = recurrentDropout === undefined ? undefined : new Float32Array(step);
  for (let t = time - 1; t >= 0; t--) {
    gatherOutput(problem, { outputs: above.outputs, into: output, t });
    for (let b = 0; b < batch; b++) {
      if (isReal(problem, b, t)) stepBack(reserve, { layout, units, row: t * batch + b, ahead: step, b, hidden, cell, output });
      else skipBack(problem, { reserve, output, t, b });
    }
    throughRecurrence(problem, { reserve, hidden, product, t });
  }
  weightGradients(problem, reserve, gradients);
  inputGradient(problem, reserve, gradients.x);
}

/** output += the gradient of the t-th output. */
function gatherOutput(problem: LstmProblem, { outputs, into, t }: { outputs: Float32Array; into: Float32Array; t: number }): void {
  const { batch, time, units } = problem;
  for (let b = 0; b < batch; b++) {
    const from = (b * time + t) * units;
    for (let u = 0; u < units; u++) into[b * units + u] += outputs[from + u];
  }
}

interface BackwardRow {
  readonly layout: LstmReserve;
  readonly units: number;
  readonly row: number;
  readonly ahead: number;
  readonly b: number;
  readonly hidden: Float32Array;
  readonly cell: Float32Array;
  readonly output: Float32Array;
}

/** One real row of one step: gates become their derivatives, the output's and the hidden state's are used up. */
function stepBack(reserve: Float32Array, { layout, units, row, b, hidden, cell, output }: BackwardRow): void {
  const gates = row * 4 * units;
  const tanhCells = layout.tanhCell + row * units;
  const cellsBefore = layout.cell + row * units;
  for (let u = 0; u < units; u++) {
    const lane = b * units + u;
    const i = reserve[gates + u];
    const f = reserve[gates + units + u];
    const candidate = reserve[gates + 2 * units + u];
    const o = reserve[gates + 3 * units + u];
    const tanhCell = reserve[tanhCells + u];
    const dHidden = hidden[lane] + output[lane];
    const dCell = cell[lane] + dHidden * o * (1 - tanhCell * tanhCell);
    reserve[gates + u] = dCell * candidate * i * (1 - i);
    reserve[gates + units + u] = dCell * reserve[cellsBefore + u] * f * (1 - f);
    reserve[gates + 2 * units + u] = dCell * i * (1 - candidate * candidate);
    reserve[gates + 3 * units + u] = dHidden * tanhCell * o * (1 - o);
    cell[lane] = dCell * f;
    hidden[lane] = 0;
    output[lane] = 0;
  }
}

/** One masked row: the states' gradients pass, the output's goes to the step before or, under `zeroOutputForMask`, nowhere. */
function skipBack(
  { batch, units, zeroOutputForMask }: LstmProblem,
  { reserve, output, t, b }: { reserve: Float32Array; output: Float32Array; t: number; b: number },
): void {
  const gates = (t * batch + b) * 4 * units;
  reserve.fill(0, gates, gates + 4 * units);
  if (zeroOutputForMask) output.fill(0, b * units, (b + 1) * units);
}

/** hidden += Ḡ_t · Rᵀ. */
function throughRecurrence(
  problem: LstmProblem,
  { reserve, hidden, product, t }: { reserve: Float32Array; hidden: Float32Array; product: Float32Array | undefined; t: number },
): void {
  const { batch, units, recurrentKernel, recurrentDropout } = problem;
  const step = batch * units;
  for (const group of gateGroups(recurrentDropout)) {
    const gates = groupColumns(reserve, { group, units, at: t * step * 4 });
    const weights = transposed(groupColumns(recurrentKernel, { group, units }));
    const size = { rows: batch, columns: units, depth: group.gates * units };
    if (recurrentDropout === undefined || product === undefined) {
      multiplyAdd(rowMajor(hidden, { columns: units }), gates, weights, size);
    } else {
      product.fill(0);
      multiplyAdd(rowMajor(product, { columns: units }), gates, weights, size);
      for (let i = 0; i < step; i++) hidden[i] += product[i] * recurrentDropout[group.gate * step + i];
    }
  }
}

function weightGradients(problem: LstmProblem, reserve: Float32Array, gradients: LstmInputGradients): void {
  const { batch, time, features, units, recurrentDropout } = problem;
  const rows = time * batch;
  const step = batch * units;
  const arranged = new Float32Array(rows * features);
  for (const group of gateGroups(problem.inputDropout)) {
    arrangeInput(problem, group.gate, arranged);
    const size = { rows: features, columns: group.gates * units, depth: rows };
    const into = groupColumns(gradients.kernel, { group, units });
    multiplyAdd(into, transposed(rowMajor(arranged, { columns: features })), groupColumns(reserve, { group, units }), size);
  }
  const before = problem.layout.hidden;
  const dropped = recurrentDropout === undefined ? undefined : new Float32Array(rows * units);
  for (const group of gateGroups(recurrentDropout)) {
    let hidden = rowMajor(reserve, { columns: units, at: before });
    if (recurrentDropout !== undefined && dropped !== undefined) {
      for (let i = 0; i < dropped.length; i++) dropped[i] = reserve[before + i] * recurrentDropout[group.gate * step + (i % step)];
      hidden = rowMajor(dropped, { columns: units });
    }
    const size = { rows: units, columns: group.gates * units, depth: rows };
    multiplyAdd(
      groupColumns(gradients.recurrentKernel, { group, units }),
      transposed(hidden),
      groupColumns(reserve, { group, units }),
      size,
    );
  }
  if (gradients.bias.length > 0) gradients.bias.set(columnSums(reserve, rows, 4 * units));
}

function columnSums(data: Float32Array, rows: number, columns: number): Float64Array {
  const sums = new Float64Array(columns);
  for (let row = 0, at = 0; row < rows; row++) for (let j = 0; j < columns; j++, at++) sums[j] += data[at];
  return sums;
}

/** X̄ = Ḡ · Wᵀ, back in the input's own order, times the dropout's factors. */
function inputGradient(problem: LstmProblem, reserve: Float32Array, into: Float32Array): void {
  const { batch, time, features, units, kernel, inputDropout } = problem;
  const rows = time * batch;
  const arranged = new Float32Array(rows * features);
  for (const group of gateGroups(inputDropout)) {
    arranged.fill(0);
    const size = { rows, columns: features, depth: group.gates * units };
    const weights = transposed(groupColumns(kernel, { group, units }));
    multiplyAdd(rowMajor(arranged, { columns: features }), groupColumns(reserve, { group, units }), weights, size);
    for (let t = 0, from = 0; t < time; t++) {
      for (let b = 0; b < batch; b++, from += features) {
        const to = (b * time + sourceStep(t, problem)) * features;
        const factors = (group.gate * batch + b) * features;
        for (let f = 0; f < features; f++)
          into[to + f] += arranged[from + f] * (inputDropout === undefined ? 1 : inputDropout[factors + f]);
      }
    }
  }
}
