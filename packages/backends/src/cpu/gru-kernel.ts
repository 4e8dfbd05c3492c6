// The equations are those of `gru-step.ts` in @cellstate/ops, which this must agree with; primes for the state before the step:
//
//   z r = σ (x · W + b + h' · R + β)
//   ĥ   = tanh(x · W_h + b_h + q) ;  h = z ∗ h' + (1 − z) ∗ ĥ
//   q   = r ∗ k,  k = h' · R_h + β_h            resetAfter
//   q   = k · R_h,  k = r ∗ h'                  otherwise
//
// and, with a dash for the derivative of the loss:
//
//   z̄   = h̄ ∗ (h' − ĥ) ∗ z(1 − z) ;  ĥ̄ = h̄ ∗ (1 − z) ∗ (1 − ĥ²) ;  h̄' = h̄ ∗ z
//   r̄   = ĥ̄ ∗ k ∗ r(1 − r) ;  k̄ = ĥ̄ ∗ r         resetAfter
//   k̄   = ĥ̄ · R_hᵀ ;  r̄ = k̄ ∗ h' ∗ r(1 − r) ;  h̄' += k̄ ∗ r        otherwise

import type { BackwardPass, CellKernel, ForwardPass, Rows } from './cell-kernel.ts';
import { sigmoid, tanh } from './exponential.ts';

const GATES = 3;
const RESET = 1;
const CANDIDATE = 2;

/** The GRU of cuDNN and Keras 3. A step keeps the candidate's recurrent product k, and in the backward pass its derivative. */
export const gruResetAfterKernel: CellKernel = {
  gates: GATES,
  states: 1,
  keeps: true,
  biasRows: 2,
  recurrence: [
    { gate: 0, gates: 2, from: 'hidden', into: 'gates' },
    { gate: CANDIDATE, gates: 1, from: 'hidden', into: 'kept' },
  ],
  activate: activateResetAfter,
  derive: deriveResetAfter,
};

/** The GRU of Cho et al. (2014). A step keeps the hidden state k behind the reset gate, times the candidate's dropout if any. */
export const gruResetBeforeKernel: CellKernel = {
  gates: GATES,
  states: 1,
  keeps: true,
  biasRows: 1,
  recurrence: [
    { gate: 0, gates: 2, from: 'hidden', into: 'gates' },
    { gate: CANDIDATE, gates: 1, from: 'kept', into: 'gates' },
  ],
  between: { forward: resetHidden, backward: resetHiddenBack },
  activate: activateResetBefore,
  derive: deriveResetBefore,
};

function activateResetAfter({ problem, reserve }: ForwardPass, { first, end }: Rows): void {
  const { batch, units, layout } = problem;
  for (let row = first; row < end; row++) {
    const gates = layout.gates + row * GATES * units;
    const before = layout.hidden + row * units;
    const after = before + batch * units;
    const kept = layout.kept + row * units;
    for (let u = 0; u < units; u++) {
      const z = sigmoid(reserve[gates + u]);
      const r = sigmoid(reserve[gates + units + u]);
      const candidate = tanh(reserve[gates + 2 * units + u] + r * reserve[kept + u]);
      reserve[gates + u] = z;
      reserve[gates + units + u] = r;
      reserve[gates + 2 * units + u] = candidate;
      reserve[after + u] = z * reserve[before + u] + (1 - z) * candidate;
    }
  }
}

function deriveResetAfter({ problem, reserve, hidden, output }: BackwardPass, { t, first, end }: Rows): void {
  const { batch, units, layout } = problem;
  for (let row = first; row < end; row++) {
    const gates = layout.gates + row * GATES * units;
    const before = layout.hidden + row * units;
    const kept = layout.kept + row * units;
    const lanes = (row - t * batch) * units;
    for (let u = 0; u < units; u++) {
      const lane = lanes + u;
      const z = reserve[gates + u];
      const r = reserve[gates + units + u];
      const candidate = reserve[gates + 2 * units + u];
      const dHidden = hidden[lane] + output[lane];
      const dCandidate = dHidden * (1 - z) * (1 - candidate * candidate);
      reserve[gates + u] = dHidden * (reserve[before + u] - candidate) * z * (1 - z);
      reserve[gates + units + u] = dCandidate * reserve[kept + u] * r * (1 - r);
      reserve[gates + 2 * units + u] = dCandidate;
      reserve[kept + u] = dCandidate * r;
      hidden[lane] = dHidden * z;
      output[lane] = 0;
    }
  }
}

/** r = σ(…), and k = r ∗ h'. Masked rows too: what becomes of them is multiplied by zeros. */
function resetHidden({ problem, reserve }: ForwardPass, t: number): void {
  const { batch, units, layout, recurrentDropout } = problem;
  for (let b = 0; b < batch; b++) {
    const row = t * batch + b;
    const reset = layout.gates + (row * GATES + RESET) * units;
    const before = layout.hidden + row * units;
    const kept = layout.kept + row * units;
    const factors = (CANDIDATE * batch + b) * units;
    for (let u = 0; u < units; u++) {
      const r = sigmoid(reserve[reset + u]);
      reserve[reset + u] = r;
      reserve[kept + u] = r * reserve[before + u] * (recurrentDropout === undefined ? 1 : recurrentDropout[factors + u]);
    }
  }
}

/** With k̄ in `scratch`. */
function resetHiddenBack({ problem, reserve, scratch, hidden }: BackwardPass, t: number): void {
  const { batch, units, layout, recurrentDropout } = problem;
  for (let b = 0; b < batch; b++) {
    const row = t * batch + b;
    const reset = layout.gates + (row * GATES + RESET) * units;
    const before = layout.hidden + row * units;
    const factors = (CANDIDATE * batch + b) * units;
    for (let u = 0; u < units; u++) {
      const lane = b * units + u;
      const r = reserve[reset + u];
      const dProduct = scratch[lane] * (recurrentDropout === undefined ? 1 : recurrentDropout[factors + u]);
      reserve[reset + u] = dProduct * reserve[before + u] * r * (1 - r);
      hidden[lane] += dProduct * r;
    }
  }
}

function activateResetBefore({ problem, reserve }: ForwardPass, { first, end }: Rows): void {
  const { batch, units, layout } = problem;
  for (let row = first; row < end; row++) {
    const gates = layout.gates + row * GATES * units;
    const before = layout.hidden + row * units;
    const after = before + batch * units;
    for (let u = 0; u < units; u++) {
      const z = sigmoid(reserve[gates + u]);
      const candidate = tanh(reserve[gates + 2 * units + u]);
      reserve[gates + u] = z;
      reserve[gates + 2 * units + u] = candidate;
      reserve[after + u] = z * reserve[before + u] + (1 - z) * candidate;
    }
  }
}

function deriveResetBefore({ problem, reserve, hidden, output }: BackwardPass, { t, first, end }: Rows): void {
  const { batch, units, layout } = problem;
  for (let row = first; row < end; row++) {
    const gates = layout.gates + row * GATES * units;
    const before = layout.hidden + row * units;
    const lanes = (row - t * batch) * units;
    for (let u = 0; u < units; u++) {
      const lane = lanes + u;
      const z = reserve[gates + u];
      const candidate = reserve[gates + 2 * units + u];
      const dHidden = hidden[lane] + output[lane];
      reserve[gates + u] = dHidden * (reserve[before + u] - candidate) * z * (1 - z);
      reserve[gates + 2 * units + u] = dHidden * (1 - z) * (1 - candidate * candidate);
      hidden[lane] = dHidden * z;
      output[lane] = 0;
    }
  }
}
