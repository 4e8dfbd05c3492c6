// The input's part of the gates, X · W, one product for all steps, and back: W̄ = Xᵀ · Ḡ, X̄ = Ḡ · Wᵀ.

import { type Matrix, rowMajor, transposed } from './matrix.ts';
import { multiplyAdd } from './matrix-multiply.ts';
import { groupColumns, isReal, type SequenceProblem, sourceStep } from './sequence-problem.ts';

/** gates += X · W for all steps. */
export function addInputProduct(problem: SequenceProblem, reserve: Float32Array): void {
  const { batch, time, features, units, kernel, layout } = problem;
  const arranged = new Float32Array(time * batch * features);
  for (const group of problem.inputGroups) {
    const size = { rows: time * batch, columns: group.gates * units, depth: features };
    const gates = groupColumns(problem, group, { data: reserve, at: layout.gates });
    multiplyAdd(gates, arrangeInput(problem, group.gate, arranged), groupColumns(problem, group, { data: kernel }), size);
  }
}

/** into += Xᵀ · Ḡ. */
export function addKernelGradient(problem: SequenceProblem, reserve: Float32Array, into: Float32Array): void {
  const { batch, time, features, units, layout } = problem;
  const arranged = new Float32Array(time * batch * features);
  for (const group of problem.inputGroups) {
    const size = { rows: features, columns: group.gates * units, depth: time * batch };
    const gates = groupColumns(problem, group, { data: reserve, at: layout.gates });
    multiplyAdd(groupColumns(problem, group, { data: into }), transposed(arrangeInput(problem, group.gate, arranged)), gates, size);
  }
}

/** into += Ḡ · Wᵀ, back in the input's own order, times the dropout's factors. */
export function addInputGradient(problem: SequenceProblem, reserve: Float32Array, into: Float32Array): void {
  const { batch, time, features, units, kernel, inputDropout, layout } = problem;
  const arranged = new Float32Array(time * batch * features);
  for (const group of problem.inputGroups) {
    arranged.fill(0);
    const size = { rows: time * batch, columns: features, depth: group.gates * units };
    const weights = transposed(groupColumns(problem, group, { data: kernel }));
    const gates = groupColumns(problem, group, { data: reserve, at: layout.gates });
    multiplyAdd(rowMajor(arranged, { columns: features }), gates, weights, size);
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

/**
 * Copies the input into time-major rows in the order of computation, `[time, batch, features]`, times one gate's dropout
 * factors if there are any. Masked steps become zeros, so that whatever padding holds, NaN included, touches no sum.
 */
function arrangeInput(problem: SequenceProblem, gate: number, into: Float32Array): Matrix {
  const { batch, time, features, x, inputDropout } = problem;
  for (let t = 0, to = 0; t < time; t++) {
    const source = sourceStep(t, problem);
    for (let b = 0; b < batch; b++, to += features) {
      const from = (b * time + source) * features;
      if (!isReal(problem, b, t)) {
        into.fill(0, to, to + features);
      } else if (inputDropout === undefined) {
        for (let f = 0; f < features; f++) into[to + f] = x[from + f];
      } else {
        const factors = (gate * batch + b) * features;
        for (let f = 0; f < features; f++) into[to + f] = x[from + f] * inputDropout[factors + f];
      }
    }
  }
  return rowMajor(into, { columns: features });
}
