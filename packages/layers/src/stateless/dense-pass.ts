import { type ArrayPass, type ArrayPassContext, type ArrayValue, arrayValue } from '../array-pass.ts';
import { liveValues } from '../live-values.ts';
import { activationSlope, valuesActivation } from '../values-activation.ts';
import type { DenseStepOptions } from './dense-step.ts';

/**
 * Multiply-adds up to which these loops, forward and back, take less time than tensors and a tape would: about a nanosecond each. Larger
 * products are better left to the engine's.
 */
const MOST_PRODUCTS = 2 ** 17;

/** A dense layer's pass on plain arrays; null under an activation that only tensors have, and for large products. */
export function densePass({ units, useBias, activation }: DenseStepOptions, context: ArrayPassContext): ArrayPass | null {
  const activate = valuesActivation(activation);
  const slope = activationSlope(activation);
  if (activate === null || slope === null) return null;
  const [input] = context.inputs as [ArrayValue];
  const features = input.shape.at(-1) as number;
  const rows = input.values.length / features;
  if (rows * features * units > MOST_PRODUCTS) return null;
  const kernelOf = liveValues(context.parameter('kernel'));
  const biasOf = useBias ? liveValues(context.parameter('bias')) : null;
  const dKernel = context.gradient(context.parameter('kernel'));
  const dBias = useBias ? context.gradient(context.parameter('bias')) : null;
  const output = arrayValue([...input.shape.slice(0, -1), units]);
  // By unit, so that the innermost loop runs along a row of the input; of 64 bits, as the sums are.
  const kernelByUnit = new Float64Array(units * features);
  return {
    output,
    forward() {
      const x = input.values;
      const y = output.values;
      const bias = biasOf?.();
      transpose(kernelOf(), kernelByUnit, { rows: features, columns: units });
      for (let row = 0; row < rows; row++) {
        const start = row * features;
        for (let unit = 0; unit < units; unit++) {
          const from = unit * features;
          let sum = bias === undefined ? 0 : (bias[unit] as number);
          for (let k = 0; k < features; k++) sum += (x[start + k] as number) * (kernelByUnit[from + k] as number);
          y[row * units + unit] = sum;
        }
      }
      activate(y);
    },
    backward() {
      const x = input.values;
      const dX = input.gradient;
      const kernel = kernelOf();
      const { values, gradient } = output;
      slope(values, gradient);
      if (dBias !== null) {
        for (let unit = 0; unit < units; unit++) {
          let sum = 0;
          for (let row = 0; row < rows; row++) sum += gradient[row * units + unit] as number;
          dBias[unit] = (dBias[unit] as number) + sum;
        }
      }
      for (let k = 0, at = 0; k < features; k++) {
        for (let unit = 0; unit < units; unit++, at++) {
          let sum = 0;
          for (let row = 0; row < rows; row++) sum += (x[row * features + k] as number) * (gradient[row * units + unit] as number);
          dKernel[at] = (dKernel[at] as number) + sum;
        }
      }
      if (input.constant) return;
      for (let row = 0, to = 0; row < rows; row++) {
        for (let k = 0, from = 0; k < features; k++, to++) {
          let sum = 0;
          for (let unit = 0; unit < units; unit++, from++) sum += (gradient[row * units + unit] as number) * (kernel[from] as number);
          dX[to] = (dX[to] as number) + sum;
        }
      }
    },
  };
}

function transpose(from: Float32Array, to: Float64Array, { rows, columns }: { rows: number; columns: number }): void {
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, at++) to[column * rows + row] = from[at] as number;
  }
}
