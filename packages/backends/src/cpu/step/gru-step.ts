// One step of a GRU, lane by lane; the equations are those of `gru-step.ts` in @cellstate/ops:
//
//   z r = σ (x · W + b + h' · R + β) ;  ĥ = tanh(x · W_h + b_h + q) ;  h = z ∗ h' + (1 − z) ∗ ĥ
//   q   = r ∗ (h' · R_h + β_h)          resetAfter
//   q   = (r ∗ h') · R_h                otherwise

import type { StepArrays, StepKernel, StepSizes } from '@cellstate/ops';
import { sigmoid, tanh } from '../exponential.ts';
import { addVectorProduct } from './add-vector-product.ts';

/** Makes a GRU's step for these sizes. */
export function gruStep({ lanes, features, units, resetAfter = true }: StepSizes): StepKernel {
  const stride = 3 * units;
  const gates = new Float64Array(stride);
  const recurrent = new Float64Array(stride);
  const reset = new Float64Array(units);
  return ({ x, kernel, recurrentKernel, bias, state }: StepArrays) => {
    const [hidden] = state as [Float32Array];
    for (let lane = 0; lane < lanes; lane++) {
      const at = lane * units;
      start(gates, { bias, from: 0 });
      start(recurrent, { bias: resetAfter ? bias : undefined, from: stride });
      addVectorProduct(gates, { vector: x, at: lane * features, length: features, matrix: kernel, stride, first: 0, end: stride });
      const end = resetAfter ? stride : 2 * units;
      addVectorProduct(recurrent, { vector: hidden, at, length: units, matrix: recurrentKernel, stride, first: 0, end });
      for (let u = 0; u < units; u++) {
        const r = sigmoid(gates[units + u] + recurrent[units + u]);
        if (resetAfter) recurrent[2 * units + u] *= r;
        else reset[u] = r * hidden[at + u];
      }
      if (!resetAfter) {
        const columns = { stride, first: 2 * units, end: stride };
        addVectorProduct(recurrent, { vector: reset, at: 0, length: units, matrix: recurrentKernel, ...columns });
      }
      for (let u = 0; u < units; u++) {
        const z = sigmoid(gates[u] + recurrent[u]);
        hidden[at + u] = z * hidden[at + u] + (1 - z) * tanh(gates[2 * units + u] + recurrent[2 * units + u]);
      }
    }
  };
}

/** Fills the sums with a row of the bias, or with zeros where there is none. */
function start(sums: Float64Array, { bias, from }: { bias: Float32Array | undefined; from: number }): void {
  for (let j = 0; j < sums.length; j++) sums[j] = bias === undefined ? 0 : bias[from + j];
}
