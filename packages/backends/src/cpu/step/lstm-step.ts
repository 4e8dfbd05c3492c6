// One step of an LSTM, lane by lane; the equations are those of `lstm-step.ts` in @cellstate/ops:
//
//   G = x · W + b + h' · R ;  i f ĉ o = σ σ tanh σ (G) ;  c = f ∗ c' + i ∗ ĉ ;  h = o ∗ tanh(c)

import type { StepArrays, StepKernel, StepSizes } from '@cellstate/ops';
import { sigmoid, tanh } from '../exponential.ts';
import { addVectorProduct } from './add-vector-product.ts';

/** Makes an LSTM's step for these sizes. */
export function lstmStep({ lanes, features, units }: StepSizes): StepKernel {
  const stride = 4 * units;
  const gates = new Float64Array(stride);
  return ({ x, kernel, recurrentKernel, bias, state }: StepArrays) => {
    const [hidden, cell] = state as [Float32Array, Float32Array];
    for (let lane = 0; lane < lanes; lane++) {
      if (bias === undefined) gates.fill(0);
      else gates.set(bias);
      const at = lane * units;
      addVectorProduct(gates, { vector: x, at: lane * features, length: features, matrix: kernel, stride, first: 0, end: stride });
      addVectorProduct(gates, { vector: hidden, at, length: units, matrix: recurrentKernel, stride, first: 0, end: stride });
      for (let u = 0; u < units; u++) {
        const candidate = tanh(gates[2 * units + u]);
        const c = sigmoid(gates[units + u]) * cell[at + u] + sigmoid(gates[u]) * candidate;
        cell[at + u] = c;
        hidden[at + u] = sigmoid(gates[3 * units + u]) * tanh(c);
      }
    }
  };
}
