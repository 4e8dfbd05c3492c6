// The equations are those of `lstm-step.ts` in @cellstate/ops, which this must agree with:
//
//   i f ĉ o = σ σ tanh σ (G_t)         G = X · W + b + H' · R
//   C_t     = f ∗ C_{t−1} + i ∗ ĉ ;  H_t = o ∗ tanh(C_t)
//
// and, with a dash for the derivative of the loss, and primes for the state before the step:
//
//   c̄  += h̄ ∗ o ∗ (1 − tanh²c)
//   ō   = h̄ ∗ tanh(c) ∗ o(1 − o)
//   ī   = c̄ ∗ ĉ ∗ i(1 − i) ;  f̄ = c̄ ∗ c' ∗ f(1 − f) ;  ĉ̄ = c̄ ∗ i ∗ (1 − ĉ²)
//   c̄' = c̄ ∗ f

import type { BackwardPass, CellKernel, ForwardPass, Rows } from './cell-kernel.ts';
import { sigmoid, tanh } from './exponential.ts';

/** The LSTM. A step keeps tanh of its cell state. */
export const lstmKernel: CellKernel = {
  gates: 4,
  states: 2,
  keeps: true,
  biasRows: 1,
  recurrence: [{ gate: 0, gates: 4, from: 'hidden', into: 'gates' }],
  activate,
  derive,
};

function activate({ problem, reserve }: ForwardPass, { first, end }: Rows): void {
  const { batch, units, layout } = problem;
  const ahead = batch * units;
  for (let row = first; row < end; row++) {
    const gates = layout.gates + row * 4 * units;
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
      reserve[layout.kept + at + u] = tanhCell;
      reserve[layout.hidden + ahead + at + u] = o * tanhCell;
    }
  }
}

function derive({ problem, reserve, hidden, cell, output }: BackwardPass, { t, first, end }: Rows): void {
  const { batch, units, layout } = problem;
  for (let row = first; row < end; row++) {
    const gates = layout.gates + row * 4 * units;
    const tanhCells = layout.kept + row * units;
    const cellsBefore = layout.cell + row * units;
    const lanes = (row - t * batch) * units;
    for (let u = 0; u < units; u++) {
      const lane = lanes + u;
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
}
