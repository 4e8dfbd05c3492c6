// One step of a SimpleRNN, lane by lane: h = tanh(x · W + b + h' · R).

import type { StepArrays, StepKernel, StepSizes } from '@cellstate/ops';
import { tanh } from '../exponential.ts';
import { addVectorProduct } from './add-vector-product.ts';

/** Makes a SimpleRNN's step for these sizes. */
export function simpleRnnStep({ lanes, features, units }: StepSizes): StepKernel {
  const sums = new Float64Array(units);
  const columns = { stride: units, first: 0, end: units };
  return ({ x, kernel, recurrentKernel, bias, state }: StepArrays) => {
    const [hidden] = state as [Float32Array];
    for (let lane = 0; lane < lanes; lane++) {
      const at = lane * units;
      if (bias === undefined) sums.fill(0);
      else sums.set(bias);
      addVectorProduct(sums, { vector: x, at: lane * features, length: features, matrix: kernel, ...columns });
      addVectorProduct(sums, { vector: hidden, at, length: units, matrix: recurrentKernel, ...columns });
      for (let u = 0; u < units; u++) hidden[at + u] = tanh(sums[u]);
    }
  };
}
