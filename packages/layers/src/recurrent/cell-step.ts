import { type SequenceOptions, type StepArrays, stepKernel } from '@cellstate/ops';
import type { ArrayStep, ArrayStepContext } from '../array-step.ts';
import { liveValues } from '../live-values.ts';

/** Which cell a step is of: the options of its sequence op, and whether it has a bias. */
export interface CellStepOptions extends Pick<SequenceOptions, 'activation' | 'recurrentActivation'> {
  readonly op: Parameters<typeof stepKernel>[0];
  readonly units: number;
  readonly useBias: boolean;
  /** A GRU's. */
  readonly resetAfter?: boolean;
}

/** A recurrent cell's step on plain arrays; null where the engine has none for it. The hidden state is the output. */
export function cellStep({ op, units, useBias, ...options }: CellStepOptions, context: ArrayStepContext): ArrayStep | null {
  const { lanes, inputs, state } = context;
  const x = inputs[0] as Float32Array;
  const kernel = stepKernel(op, { lanes, features: x.length / lanes, units, ...options });
  if (kernel === undefined) return null;
  const kernelOf = liveValues(context.parameter('kernel'));
  const recurrentKernelOf = liveValues(context.parameter('recurrent_kernel'));
  const biasOf = useBias ? liveValues(context.parameter('bias')) : () => undefined;
  const arrays: StepArrays = { x, kernel: kernelOf(), recurrentKernel: recurrentKernelOf(), bias: biasOf(), state };
  return {
    output: state[0] as Float32Array,
    run() {
      arrays.kernel = kernelOf();
      arrays.recurrentKernel = recurrentKernelOf();
      arrays.bias = biasOf();
      kernel(arrays);
    },
  };
}
