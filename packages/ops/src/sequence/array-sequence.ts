import { checkOptions } from '@cellstate/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { GruOptions } from '../contract.ts';
import {
  SEQUENCE_CELLS,
  SEQUENCE_KERNEL_OUTPUTS,
  SEQUENCE_KERNELS,
  type SequenceKernelConfig,
  type SequenceOp,
} from '../kernel-contract.ts';
import { type ArrayTensor, arrayBackend, arrayMask, arrayTensor } from './array-backend.ts';
import { fusedPath } from './fused-path.ts';

const OPTIONS: readonly (keyof ArraySequenceOptions)[] = [
  'batch',
  'time',
  'features',
  'units',
  'activation',
  'recurrentActivation',
  'goBackwards',
  'zeroOutputForMask',
  'resetAfter',
  'lastOnly',
  'constantInput',
];

/**
 * The sizes of a sequence, the options of its op (activations, by default tanh and sigmoid, `goBackwards`, `zeroOutputForMask`, a GRU's
 * `resetAfter`), and what of the results nobody reads, which an engine then need not make.
 */
export interface ArraySequenceOptions extends GruOptions {
  readonly batch: number;
  readonly time: number;
  readonly features: number;
  readonly units: number;
  /** `outputs` is not read, and `backward` is given no gradient of it. Default false. */
  readonly lastOnly?: boolean;
  /** The gradient of `x` is not read. Default false. */
  readonly constantInput?: boolean;
}

/** The inputs of a pass over plain arrays, shaped and ordered as `SequenceInputs` has them. They stay the caller's. */
export interface ArraySequenceInputs {
  readonly x: Float32Array;
  readonly kernel: Float32Array;
  readonly recurrentKernel: Float32Array;
  /** Absent: none. */
  readonly bias: Float32Array | undefined;
  /** Hidden first; absent: zeros. */
  readonly state: readonly Float32Array[] | undefined;
  /** Absent: every step is real. */
  readonly mask: Uint8Array | undefined;
}

/** What the forward pass gives: arrays that hold until an engine's kernel runs again. */
export interface ArraySequenceOutputs {
  /** `[batch, time, units]`; under `lastOnly` perhaps of length 0. */
  readonly outputs: Float32Array;
  /** `[batch, units]` */
  readonly last: Float32Array;
  /** After the last step, each `[batch, units]`. */
  readonly state: readonly Float32Array[];
}

/** What the backward pass gives, of the shapes of the inputs: arrays that hold until an engine's kernel runs again. */
export interface ArraySequenceGradients {
  /** Under `constantInput` perhaps of length 0. */
  readonly x: Float32Array;
  readonly kernel: Float32Array;
  readonly recurrentKernel: Float32Array;
  /** Of length 0 where there is no bias. */
  readonly bias: Float32Array;
}

/** A whole sequence and its gradient on plain arrays. */
export interface ArraySequence {
  forward(inputs: ArraySequenceInputs): ArraySequenceOutputs;
  /** Of the latest forward pass, once. `outputs` and `last`: the derivatives of the loss by these; absent: zeros. */
  backward(above: { readonly outputs?: Float32Array; readonly last?: Float32Array }): ArraySequenceGradients;
}

/**
 * A sequence op on plain arrays, forward and back, where the current engine's kernels run without tensors: no tape, no dispatch. The
 * results are those of the op, bit by bit, for the kernels are the same; the sequence has no dropout.
 *
 * @param op which cell.
 * @param options `batch`, `time`, `features`, `units`, and the options of the op.
 * @throws CellstateError `UNKNOWN_OPTION`.
 * @returns undefined where the engine has no such kernels or the options go by the reference: then run the op on tensors.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { arraySequence } from '@cellstate/ops';
 *
 * arraySequence('lstm', { batch: 1, time: 3, features: 1, units: 4 }); // → undefined
 * ```
 */
export function arraySequence(op: SequenceOp, options: ArraySequenceOptions): ArraySequence | undefined {
  checkOptions(options, OPTIONS, 'arraySequence');
  // One sequence runs with a mask and without.
  if (fusedPath(op, { ...options, mask: true }) === 'reference') return undefined;
  const run = kernelOf(SEQUENCE_KERNELS[op]);
  const runBack = kernelOf(`${SEQUENCE_KERNELS[op]}Grad`);
  if (run === undefined || runBack === undefined) return undefined;
  const { batch, time, features, units, resetAfter = true } = options;
  const { gates, states } = SEQUENCE_CELLS[op];
  const width = gates * units;
  const sequence = [batch, time, units];
  const rows = [batch, units];
  const x = arrayTensor([batch, time, features]);
  const kernel = arrayTensor([features, width]);
  const recurrentKernel = arrayTensor([units, width]);
  const bias = arrayTensor(op === 'gru' && resetAfter ? [2, width] : [width]);
  const before = states.map(() => arrayTensor(rows));
  const mask = arrayMask([batch, time]);
  const dOutputs = arrayTensor(sequence);
  const dLast = arrayTensor(rows);
  const noOutputs = new Float32Array(batch * time * units);
  const noState = new Float32Array(batch * units);
  const attributes = {
    hasInputDropout: false,
    hasRecurrentDropout: false,
    goBackwards: options.goBackwards ?? false,
    zeroOutputForMask: options.zeroOutputForMask ?? false,
    keepReserve: true,
    lastOnly: options.lastOnly ?? false,
    constantInput: options.constantInput ?? false,
    borrowed: true,
    ...(op === 'gru' ? { resetAfter } : {}),
  };
  // The inputs and attributes of a pass with and without a bias, a state and a mask: the arrays in them change, they do not.
  const calls = [false, true].map((hasBias) =>
    [false, true].map((hasState) =>
      [false, true].map((hasMask) => ({
        inputs: {
          x,
          kernel,
          recurrentKernel,
          ...(hasBias ? { bias } : {}),
          ...(hasState ? Object.fromEntries(states.map((name, i) => [name, before[i] as ArrayTensor])) : {}),
          ...(hasMask ? { mask } : {}),
        },
        attrs: { ...attributes, hasBias, hasState, hasMask },
        backend: arrayBackend,
      })),
    ),
  );
  const noGradients = SEQUENCE_KERNEL_OUTPUTS[op]
    .slice(2, -1)
    .map((name) => [`d${name.charAt(0).toUpperCase()}${name.slice(1)}`, arrayTensor(rows, noState)]);
  const above = { x, kernel, recurrentKernel, reserve: arrayTensor([0]), dOutputs, dLast, ...Object.fromEntries(noGradients) };
  let attrs: object = attributes;
  return {
    forward(inputs) {
      // A pass whose gradient nobody asked for: the engine may have its reserve back.
      above.reserve.live = false;
      x.values = inputs.x;
      kernel.values = inputs.kernel;
      recurrentKernel.values = inputs.recurrentKernel;
      if (inputs.bias !== undefined) bias.values = inputs.bias;
      for (const [i, values] of (inputs.state ?? []).entries()) (before[i] as ArrayTensor).values = values;
      if (inputs.mask !== undefined) mask.values = inputs.mask;
      const ofBias = calls[Number(inputs.bias !== undefined)];
      const call = ofBias?.[Number(inputs.state !== undefined)]?.[Number(inputs.mask !== undefined)] as ArrayCall;
      const [outputs, last, ...after] = run(call) as [ArrayTensor, ArrayTensor, ...ArrayTensor[]];
      above.reserve = after.pop() as ArrayTensor;
      attrs = call.attrs;
      return { outputs: outputs.values, last: last.values, state: after.map(({ values }) => values) };
    },
    backward({ outputs = noOutputs, last = noState }) {
      dOutputs.values = outputs;
      dLast.values = last;
      const found = runBack({ inputs: above, attrs, backend: arrayBackend }) as ArrayTensor[];
      above.reserve.live = false;
      const [dX, dKernel, dRecurrentKernel, dBias] = found as [ArrayTensor, ArrayTensor, ArrayTensor, ArrayTensor];
      return { x: dX.values, kernel: dKernel.values, recurrentKernel: dRecurrentKernel.values, bias: dBias.values };
    },
  };
}

const numbers = new WeakMap<object, number>();
let next = 0;

/**
 * Changes with whatever `arraySequence` and `arrayProduct` would answer differently on: the engine, and which kernels are registered on it.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { arrayEngine } from '@cellstate/ops';
 *
 * const engine = arrayEngine();
 * arrayEngine() === engine; // → true
 * ```
 */
export function arrayEngine(): string {
  const backend = tf.getBackend();
  const kernels = [...Object.values(SEQUENCE_KERNELS), tf.BatchMatMul].map((name) => {
    const config = tf.getKernel(name, backend);
    if (config === undefined) return '';
    const number = numbers.get(config) ?? next++;
    numbers.set(config, number);
    return number;
  });
  return `${backend} ${kernels.join(' ')}`;
}

interface ArrayCall {
  readonly inputs: object;
  readonly attrs: object;
  readonly backend: object;
}

type ArrayKernel = (call: ArrayCall) => readonly TensorInfo[];

function kernelOf(name: string): ArrayKernel | undefined {
  const config = tf.getKernel(name, tf.getBackend()) as SequenceKernelConfig | undefined;
  return config?.onArrays === true ? (config.kernelFunc as unknown as ArrayKernel) : undefined;
}
