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
  const sums = new Float64Array(units);
  return {
    output,
    forward() {
      const x = input.values;
      const kernel = kernelOf();
      const bias = biasOf?.();
      for (let row = 0; row < rows; row++) {
        if (bias === undefined) sums.fill(0);
        else sums.set(bias);
        for (let k = 0, at = row * features; k < features; k++, at++) {
          const factor = x[at] as number;
          const from = k * units;
          for (let unit = 0; unit < units; unit++) sums[unit] = (sums[unit] as number) + factor * (kernel[from + unit] as number);
        }
        output.values.set(sums, row * units);
      }
      activate(output.values);
    },
    backward() {
      const x = input.values;
      const dX = input.gradient;
      const kernel = kernelOf();
      const { values, gradient } = output;
      slope(values, gradient);
      for (let row = 0; row < rows; row++) {
        const above = row * units;
        if (dBias !== null)
          for (let unit = 0; unit < units; unit++) dBias[unit] = (dBias[unit] as number) + (gradient[above + unit] as number);
        for (let k = 0, at = row * features; k < features; k++, at++) {
          const factor = x[at] as number;
          const from = k * units;
          let sum = 0;
          for (let unit = 0; unit < units; unit++) {
            const g = gradient[above + unit] as number;
            dKernel[from + unit] = (dKernel[from + unit] as number) + factor * g;
            sum += g * (kernel[from + unit] as number);
          }
          dX[at] = (dX[at] as number) + sum;
        }
      }
    },
  };
}
