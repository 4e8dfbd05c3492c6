import { arrayProduct } from '@cellstate/ops';
import { type ArrayPass, type ArrayPassContext, type ArrayValue, addTo, arrayValue } from '../array-pass.ts';
import { liveValues } from '../live-values.ts';
import { activationSlope, valuesActivation } from '../values-activation.ts';
import type { DenseStepOptions } from './dense-step.ts';

/**
 * Multiply-adds up to which loops in TypeScript, forward and back, take less time than tensors and a tape would: about a nanosecond each.
 * Larger products are better left to the engine's.
 */
const MOST_PRODUCTS = 2 ** 17;

interface Sizes {
  readonly rows: number;
  readonly features: number;
  readonly units: number;
}

/** The three products of a dense layer; what they give is new, or holds until the next. */
interface DenseProducts {
  /** `[rows, features]` · `[features, units]` */
  forward(x: Float32Array, kernel: Float32Array): Float32Array;
  /** The gradient of the kernel from that of the output. */
  kernel(x: Float32Array, dY: Float32Array): Float32Array;
  /** The gradient of the input. */
  input(dY: Float32Array, kernel: Float32Array): Float32Array;
}

/** A dense layer's pass on plain arrays; null under an activation that only tensors have, and for large products without an engine. */
export function densePass({ units, useBias, activation }: DenseStepOptions, context: ArrayPassContext): ArrayPass | null {
  const activate = valuesActivation(activation);
  const slope = activationSlope(activation);
  if (activate === null || slope === null) return null;
  const [input] = context.inputs as [ArrayValue];
  const features = input.shape.at(-1) as number;
  const rows = input.values.length / features;
  const products = productsFor({ rows, features, units });
  if (products === null) return null;
  const kernelOf = liveValues(context.parameter('kernel'));
  const biasOf = useBias ? liveValues(context.parameter('bias')) : null;
  const dKernel = context.gradient(context.parameter('kernel'));
  const dBias = useBias ? context.gradient(context.parameter('bias')) : null;
  const output = arrayValue([...input.shape.slice(0, -1), units]);
  return {
    output,
    forward() {
      const y = output.values;
      y.set(products.forward(input.values, kernelOf()));
      const bias = biasOf?.();
      if (bias !== undefined) {
        for (let row = 0, at = 0; row < rows; row++) {
          for (let unit = 0; unit < units; unit++, at++) y[at] = (y[at] as number) + (bias[unit] as number);
        }
      }
      activate(y);
    },
    backward() {
      const { values, gradient } = output;
      slope(values, gradient);
      if (dBias !== null) {
        for (let unit = 0; unit < units; unit++) {
          let sum = 0;
          for (let row = 0; row < rows; row++) sum += gradient[row * units + unit] as number;
          dBias[unit] = (dBias[unit] as number) + sum;
        }
      }
      addTo(dKernel, products.kernel(input.values, gradient));
      if (!input.constant) addTo(input.gradient, products.input(gradient, kernelOf()));
    },
  };
}

/** By the engine's kernel where it serves all three, else by loops, if they are short enough. */
function productsFor(sizes: Sizes): DenseProducts | null {
  const { rows, features, units } = sizes;
  const forward = arrayProduct({ rows, depth: features, columns: units });
  const kernel = arrayProduct({ rows: features, depth: rows, columns: units, transposeA: true });
  const input = arrayProduct({ rows, depth: units, columns: features, transposeB: true });
  if (forward && kernel && input) return { forward, kernel, input };
  return rows * features * units > MOST_PRODUCTS ? null : loops(sizes);
}

/** Sums are of 64 bits. */
function loops({ rows, features, units }: Sizes): DenseProducts {
  const y = new Float32Array(rows * units);
  const dKernel = new Float32Array(features * units);
  const dX = new Float32Array(rows * features);
  // By unit, so that the innermost loop runs along a row of the input.
  const kernelByUnit = new Float64Array(units * features);
  return {
    forward(x, kernel) {
      for (let k = 0, at = 0; k < features; k++) {
        for (let unit = 0; unit < units; unit++, at++) kernelByUnit[unit * features + k] = kernel[at] as number;
      }
      for (let row = 0, to = 0; row < rows; row++) {
        const start = row * features;
        for (let unit = 0; unit < units; unit++, to++) {
          const from = unit * features;
          let sum = 0;
          for (let k = 0; k < features; k++) sum += (x[start + k] as number) * (kernelByUnit[from + k] as number);
          y[to] = sum;
        }
      }
      return y;
    },
    kernel(x, dY) {
      for (let k = 0, to = 0; k < features; k++) {
        for (let unit = 0; unit < units; unit++, to++) {
          let sum = 0;
          for (let row = 0; row < rows; row++) sum += (x[row * features + k] as number) * (dY[row * units + unit] as number);
          dKernel[to] = sum;
        }
      }
      return dKernel;
    },
    input(dY, kernel) {
      for (let row = 0, to = 0; row < rows; row++) {
        for (let k = 0, from = 0; k < features; k++, to++) {
          let sum = 0;
          for (let unit = 0; unit < units; unit++, from++) sum += (dY[row * units + unit] as number) * (kernel[from] as number);
          dX[to] = sum;
        }
      }
      return dX;
    },
  };
}
