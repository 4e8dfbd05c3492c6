// libtensorflow runs an LSTM over a whole sequence by BlockLSTMV2, and back by BlockLSTMGradV2. Both are time-major, take the gates
// in Keras' order i f c o, and kernel and recurrent kernel as one matrix, the kernel's rows first. They know no mask and no
// dropout, and apply sigmoid and tanh.

import {
  type LstmGradKernelInputs,
  type LstmKernelAttributes,
  type LstmKernelInputs,
  SEQUENCE_KERNELS,
  type SequenceKernelConfig,
} from '@cellstate/ops';
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { keepReserve, sweepReserves, takeReserve } from './native-reserves.ts';
import { inNativeScope, type NativeScope } from './native-scope.ts';
import type { TensorflowBackend } from './tensorflow-binding.ts';

interface Call<Inputs> {
  readonly inputs: Inputs;
  readonly attrs: LstmKernelAttributes;
  readonly backend: TensorflowBackend;
}

/** `LSTMSequence` and `LSTMSequenceGrad` for tfjs-node's backend, for calls without mask and dropout. */
export const lstmKernels: readonly SequenceKernelConfig[] = [
  { kernelName: SEQUENCE_KERNELS.lstm, backendName: 'tensorflow', kernelFunc: forward as unknown as KernelFunc, serves },
  { kernelName: `${SEQUENCE_KERNELS.lstm}Grad`, backendName: 'tensorflow', kernelFunc: backward as unknown as KernelFunc },
];

function serves({ mask = false, dropout = false }: { readonly mask?: boolean; readonly dropout?: boolean }): boolean {
  return !mask && !dropout;
}

/** Gates and states that forward keeps for backward, in the order of BlockLSTMV2's outputs. */
const KEPT = 7;
const [CELLS, HIDDENS] = [1, 6];

interface Sizes {
  readonly batch: number;
  readonly time: number;
  readonly features: number;
  readonly units: number;
}

function sizesOf({ x, recurrentKernel }: Pick<LstmKernelInputs, 'x' | 'recurrentKernel'>): Sizes {
  const [batch, time, features] = x.shape as [number, number, number];
  return { batch, time, features, units: recurrentKernel.shape[0] as number };
}

function forward({ inputs, attrs, backend }: Call<LstmKernelInputs>): TensorInfo[] {
  sweepReserves();
  return inNativeScope(backend, (scope) => {
    const sizes = sizesOf(inputs);
    const { batch, time, units } = sizes;
    const initial = (tensor: TensorInfo | undefined) => (tensor === undefined ? zeros(scope, [batch, units]) : scope.handle(tensor));
    const [hidden, cell] = [initial(inputs.hidden), initial(inputs.cell)];
    const bias = inputs.bias === undefined ? zeros(scope, [4 * units]) : scope.handle(inputs.bias);
    const block = scope.run(
      'BlockLSTMV2',
      [scope.long(time), timeMajor(scope, inputs.x, attrs), cell, hidden, weights(scope, inputs), ...peepholes(scope, units), bias],
      { attributes: [scope.number('cell_clip', 0), scope.flag('use_peephole', false)], outputs: KEPT },
    );
    const outputs = transpose(scope, block[HIDDENS] as number);
    const last = lastStep(scope, block[HIDDENS] as number, sizes);
    const lastCell = lastStep(scope, block[CELLS] as number, sizes);
    const made = scope.tensors([outputs, last, identity(scope, last), lastCell, identity(scope, zeros(scope, [0]))]);
    if (attrs.keepReserve) {
      // The states that came in are the caller's, who may dispose them.
      const handles = [...block, ...[hidden, cell].map((state) => identity(scope, state))];
      scope.release(handles);
      keepReserve(backend, made.at(-1) as TensorInfo, handles);
    }
    return made;
  });
}

function backward({ inputs, attrs, backend }: Call<LstmGradKernelInputs>): TensorInfo[] {
  return inNativeScope(backend, (scope) => {
    const sizes = sizesOf(inputs);
    const { time, features, units } = sizes;
    const kept = takeReserve(inputs.reserve);
    scope.adopt(kept);
    const [hidden, cell] = kept.slice(KEPT) as [number, number];
    const above = {
      hidden: transpose(scope, scope.handle(inputs.dOutputs)),
      last: scope.float1('AddV2', [scope.handle(inputs.dLast), scope.handle(inputs.dHidden)]),
      cell: scope.handle(inputs.dCell),
    };
    const [dX, dCell, dHidden, dWeights, , , , dBias] = scope.run(
      'BlockLSTMGradV2',
      [
        scope.long(time),
        timeMajor(scope, inputs.x, attrs),
        cell,
        hidden,
        weights(scope, inputs),
        ...peepholes(scope, units),
        zeros(scope, [4 * units]),
        ...kept.slice(0, KEPT),
        atLastStep(scope, above.cell, sizes),
        scope.float1('AddV2', [above.hidden, atLastStep(scope, above.last, sizes)]),
      ],
      { attributes: [scope.flag('use_peephole', false)], outputs: 8 },
    ) as [number, number, number, number, number, number, number, number];
    const x = transpose(scope, attrs.goBackwards ? reverse(scope, dX) : dX);
    const [dKernel, dRecurrentKernel] = split(scope, dWeights, [features, units]) as [number, number];
    const bias = attrs.hasBias ? dBias : identity(scope, zeros(scope, [0]));
    return scope.tensors([x, dKernel, dRecurrentKernel, bias, dHidden, dCell]);
  });
}

function zeros(scope: NativeScope, shape: readonly number[]): number {
  return scope.float(shape, new Float32Array(shape.reduce((product, length) => product * length, 1)));
}

function peepholes(scope: NativeScope, units: number): number[] {
  const none = zeros(scope, [units]);
  return [none, none, none];
}

function weights(scope: NativeScope, { kernel, recurrentKernel }: Pick<LstmKernelInputs, 'kernel' | 'recurrentKernel'>): number {
  return concat(scope, [scope.handle(kernel), scope.handle(recurrentKernel)]);
}

function timeMajor(scope: NativeScope, x: TensorInfo, { goBackwards }: LstmKernelAttributes): number {
  const steps = transpose(scope, scope.handle(x));
  return goBackwards ? reverse(scope, steps) : steps;
}

/** Batch-major to time-major and back. */
function transpose(scope: NativeScope, x: number): number {
  return scope.float1('Transpose', [x, scope.int([1, 0, 2])], ['Tperm']);
}

function reverse(scope: NativeScope, x: number): number {
  return scope.float1('ReverseV2', [x, scope.int([0])], ['Tidx']);
}

function identity(scope: NativeScope, x: number): number {
  return scope.float1('Identity', [x]);
}

function reshape(scope: NativeScope, x: number, shape: readonly number[]): number {
  return scope.float1('Reshape', [x, scope.int(shape)], ['Tshape']);
}

/** Joins along the first axis. */
function concat(scope: NativeScope, parts: readonly number[]): number {
  const attributes = [scope.integer('N', parts.length), scope.indexType('Tidx')];
  return scope.run('ConcatV2', [...parts, scope.int(0)], { attributes, outputs: 1 })[0] as number;
}

/** Cuts along the first axis. */
function split(scope: NativeScope, x: number, lengths: readonly number[]): number[] {
  const attributes = [scope.integer('num_split', lengths.length), scope.indexType('Tlen')];
  return scope.run('SplitV', [x, scope.int(lengths), scope.int(0)], { attributes, outputs: lengths.length });
}

/** `[time, batch, units]` → `[batch, units]` */
function lastStep(scope: NativeScope, steps: number, { batch, time, units }: Sizes): number {
  const slice = scope.float1('Slice', [steps, scope.int([time - 1, 0, 0]), scope.int([1, batch, units])], ['Index']);
  return reshape(scope, slice, [batch, units]);
}

/** `[batch, units]` → `[time, batch, units]`, zeros at all steps but the last. */
function atLastStep(scope: NativeScope, x: number, { batch, time, units }: Sizes): number {
  const step = reshape(scope, x, [1, batch, units]);
  return scope.float1('Pad', [step, scope.ints([3, 2], [time - 1, 0, 0, 0, 0, 0])], ['Tpaddings']);
}
