import type { ArrayStep, ArrayStepContext } from '../array-step.ts';
import { liveValues } from '../live-values.ts';
import { valuesActivation } from '../values-activation.ts';

/** What of a dense layer's options its step depends on. */
export interface DenseStepOptions {
  readonly units: number;
  readonly useBias: boolean;
  /** Keras' name. */
  readonly activation: string;
}

/** A dense layer's step on plain arrays; null under an activation that only tensors have. */
export function denseStep({ units, useBias, activation }: DenseStepOptions, context: ArrayStepContext): ArrayStep | null {
  const activate = valuesActivation(activation);
  if (activate === null) return null;
  const { lanes } = context;
  const input = context.inputs[0] as Float32Array;
  const features = input.length / lanes;
  const kernelOf = liveValues(context.parameter('kernel'));
  const biasOf = useBias ? liveValues(context.parameter('bias')) : null;
  const output = new Float32Array(lanes * units);
  return {
    output,
    run() {
      const kernel = kernelOf();
      const bias = biasOf?.();
      for (let lane = 0; lane < lanes; lane++) {
        for (let unit = 0; unit < units; unit++) {
          let sum = bias === undefined ? 0 : (bias[unit] as number);
          for (let k = 0, at = lane * features; k < features; k++, at++)
            sum += (input[at] as number) * (kernel[k * units + unit] as number);
          output[lane * units + unit] = sum;
        }
      }
      activate(output);
    },
  };
}
