import { type ArraySequenceOptions, arraySequence } from '@cellstate/ops';
import { type ArrayPass, type ArrayPassContext, type ArrayValue, addTo, arrayValue } from '../array-pass.ts';
import { liveValues } from '../live-values.ts';

/** Which cell a pass is of: the options of its sequence op, and whether it has a bias. */
export interface CellPassOptions extends Pick<ArraySequenceOptions, 'activation' | 'recurrentActivation' | 'resetAfter'> {
  readonly op: Parameters<typeof arraySequence>[0];
  readonly units: number;
  readonly useBias: boolean;
  /** Whether the cell drops values out while training, which only tensors do. */
  readonly drops: boolean;
}

/** How a recurrent layer takes its cell through time. */
export interface CellPassDirection {
  readonly goBackwards: boolean;
  readonly returnSequences: boolean;
  readonly zeroOutputForMask: boolean;
}

/** A recurrent layer's pass on plain arrays; null where the engine has none for its cell. */
export function cellPass(
  { op, units, useBias, drops, ...kind }: CellPassOptions,
  context: ArrayPassContext,
  { returnSequences, ...direction }: CellPassDirection,
): ArrayPass | null {
  const [input] = context.inputs as [ArrayValue];
  const [batch, time, features] = input.shape as [number, number, number];
  const constantInput = input.constant === true;
  const sequence =
    drops && context.training
      ? undefined
      : arraySequence(op, { batch, time, features, units, lastOnly: !returnSequences, constantInput, ...direction, ...kind });
  if (sequence === undefined) return null;
  const kernelOf = liveValues(context.parameter('kernel'));
  const recurrentKernelOf = liveValues(context.parameter('recurrent_kernel'));
  const biasOf = useBias ? liveValues(context.parameter('bias')) : () => undefined;
  const gradients = {
    kernel: context.gradient(context.parameter('kernel')),
    recurrentKernel: context.gradient(context.parameter('recurrent_kernel')),
    bias: useBias ? context.gradient(context.parameter('bias')) : new Float32Array(0),
  };
  const output = arrayValue(returnSequences ? [batch, time, units] : [batch, units]);
  const { mask } = input;
  const { state, nextState } = context;
  return {
    output,
    forward() {
      const {
        outputs,
        last,
        state: after,
      } = sequence.forward({
        x: input.values,
        kernel: kernelOf(),
        recurrentKernel: recurrentKernelOf(),
        bias: biasOf(),
        state: state.given ? state.arrays : undefined,
        mask: mask?.given ? mask.values : undefined,
      });
      output.values.set(returnSequences ? outputs : last);
      for (const [i, values] of after.entries()) nextState[i]?.set(values);
    },
    backward() {
      const found = sequence.backward(returnSequences ? { outputs: output.gradient } : { last: output.gradient });
      addTo(gradients.kernel, found.kernel);
      addTo(gradients.recurrentKernel, found.recurrentKernel);
      addTo(gradients.bias, found.bias);
      if (!constantInput) addTo(input.gradient, found.x);
    },
  };
}
