// h = tanh(x · W + b + h' · R), as `simple-rnn-step.ts` in @cellstate/ops has it; back, z̄ = h̄ ∗ (1 − h²).

import type { BackwardPass, CellKernel, ForwardPass, Rows } from './cell-kernel.ts';
import { tanh } from './exponential.ts';

/** The simple recurrent cell. */
export const simpleRnnKernel: CellKernel = {
  gates: 1,
  states: 1,
  keeps: false,
  biasRows: 1,
  recurrence: [{ gate: 0, gates: 1, from: 'hidden', into: 'gates' }],
  activate,
  derive,
};

function activate({ problem, reserve }: ForwardPass, { first, end }: Rows): void {
  const { batch, units, layout } = problem;
  const after = layout.hidden + batch * units;
  for (let i = first * units; i < end * units; i++) reserve[after + i] = tanh(reserve[layout.gates + i]);
}

function derive({ problem, reserve, hidden, output }: BackwardPass, { t, first, end }: Rows): void {
  const { batch, units, layout } = problem;
  const after = layout.hidden + batch * units;
  const start = t * batch * units;
  for (let i = first * units; i < end * units; i++) {
    const lane = i - start;
    const h = reserve[after + i];
    reserve[layout.gates + i] = (hidden[lane] + output[lane]) * (1 - h * h);
    hidden[lane] = 0;
    output[lane] = 0;
  }
}
