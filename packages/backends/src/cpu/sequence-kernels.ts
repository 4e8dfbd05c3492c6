import {
  type GruKernelAttributes,
  type LstmGradKernelInputs,
  type LstmKernelInputs,
  SEQUENCE_GRADIENTS,
  SEQUENCE_KERNEL_OUTPUTS,
  SEQUENCE_KERNELS,
  type SequenceKernelAttributes,
  type SequenceKernelConfig,
  type SequenceKernelInputs,
  type SequenceOp,
} from '@cellstate/ops';
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { CellKernel } from './cell-kernel.ts';
import { gruResetAfterKernel, gruResetBeforeKernel } from './gru-kernel.ts';
import { lstmKernel } from './lstm-kernel.ts';
import { sequenceBackward } from './sequence-backward.ts';
import { sequenceForward } from './sequence-forward.ts';
import { sequenceProblem } from './sequence-problem.ts';
import { type SequenceSizes, sequenceReserve } from './sequence-reserve.ts';
import { simpleRnnKernel } from './simple-rnn-kernel.ts';

/** What TensorFlow.js hands to a kernel of this backend. `cell` and `dCell` are there in an LSTM alone. */
interface Call<Inputs> {
  readonly inputs: Inputs;
  readonly attrs: SequenceKernelAttributes;
  readonly backend: MathBackendCPU;
}
type ForwardInputs = LstmKernelInputs;
type BackwardInputs = Omit<LstmGradKernelInputs, 'dCell'> & Partial<Pick<LstmGradKernelInputs, 'dCell'>>;

/** The sequence kernels of the `cpu` backend and their gradients', as the kernel contract of `@cellstate/ops` has them. */
export const sequenceKernels: readonly SequenceKernelConfig[] = [...kernelsOf('lstm'), ...kernelsOf('gru'), ...kernelsOf('simpleRnn')];

function kernelsOf(op: SequenceOp): SequenceKernelConfig[] {
  const forwardOf = (call: Call<ForwardInputs>) => forward(op, call);
  const backwardOf = (call: Call<BackwardInputs>) => backward(op, call);
  return [
    { kernelName: SEQUENCE_KERNELS[op], backendName: 'cpu', kernelFunc: forwardOf as unknown as KernelFunc, onArrays: true },
    { kernelName: `${SEQUENCE_KERNELS[op]}Grad`, backendName: 'cpu', kernelFunc: backwardOf as unknown as KernelFunc, onArrays: true },
  ];
}

function cellOf(op: SequenceOp, attrs: SequenceKernelAttributes): CellKernel {
  if (op === 'lstm') return lstmKernel;
  if (op === 'simpleRnn') return simpleRnnKernel;
  return (attrs as GruKernelAttributes).resetAfter ? gruResetAfterKernel : gruResetBeforeKernel;
}

function forward(op: SequenceOp, { inputs, attrs, backend }: Call<ForwardInputs>): TensorInfo[] {
  const read = (info: TensorInfo) => values(backend, info) as Float32Array;
  const readIf = (info: TensorInfo | undefined) => (info === undefined ? undefined : read(info));
  const cell = cellOf(op, attrs);
  const sizes = sizesOf(inputs);
  const layout = sequenceReserve(cell, sizes, attrs);
  const problem = sequenceProblem(cell, sizes, {
    x: read(inputs.x),
    kernel: read(inputs.kernel),
    recurrentKernel: read(inputs.recurrentKernel),
    mask: inputs.mask === undefined ? undefined : values(backend, inputs.mask),
    inputDropout: readIf(inputs.inputDropout),
    recurrentDropout: readIf(inputs.recurrentDropout),
    goBackwards: attrs.goBackwards,
    zeroOutputForMask: attrs.zeroOutputForMask,
    layout,
  });
  const start = { bias: readIf(inputs.bias), hidden: readIf(inputs.hidden), cell: readIf(inputs.cell) };
  const { batch, time, units } = sizes;
  const state = [batch, units];
  const shapes = { outputs: [batch, time, units], last: state, hidden: state, cell: state };
  const results = {
    outputs: new Float32Array(batch * time * units),
    last: new Float32Array(batch * units),
    hidden: new Float32Array(batch * units),
    cell: new Float32Array(cell.states === 2 ? batch * units : 0),
    reserve: new Float32Array(layout.length),
  };
  sequenceForward(cell, { problem, start, results });
  const kept = attrs.keepReserve ? results.reserve : new Float32Array(0);
  return SEQUENCE_KERNEL_OUTPUTS[op].map((name) =>
    name === 'reserve'
      ? backend.makeTensorInfo([kept.length], 'float32', kept)
      : backend.makeTensorInfo(shapes[name], 'float32', results[name]),
  );
}

function backward(op: SequenceOp, { inputs, attrs, backend }: Call<BackwardInputs>): TensorInfo[] {
  const read = (info: TensorInfo) => values(backend, info) as Float32Array;
  const cell = cellOf(op, attrs);
  const sizes = sizesOf(inputs);
  const layout = sequenceReserve(cell, sizes, attrs);
  const reserve = read(inputs.reserve);
  const problem = sequenceProblem(cell, sizes, {
    x: read(inputs.x),
    kernel: read(inputs.kernel),
    recurrentKernel: read(inputs.recurrentKernel),
    mask: attrs.hasMask ? reserve.subarray(layout.mask, layout.inputDropout) : undefined,
    inputDropout: attrs.hasInputDropout ? reserve.subarray(layout.inputDropout, layout.recurrentDropout) : undefined,
    recurrentDropout: attrs.hasRecurrentDropout ? reserve.subarray(layout.recurrentDropout, layout.length) : undefined,
    goBackwards: attrs.goBackwards,
    zeroOutputForMask: attrs.zeroOutputForMask,
    layout,
  });
  const { batch, time, features, units } = sizes;
  const { width } = problem;
  const shapes = {
    x: [batch, time, features],
    kernel: [features, width],
    recurrentKernel: [units, width],
    bias: biasShape(cell, attrs, width),
    hidden: [batch, units],
    cell: cell.states === 2 ? [batch, units] : [0],
  };
  const above = {
    outputs: read(inputs.dOutputs),
    last: read(inputs.dLast),
    hidden: read(inputs.dHidden),
    cell: inputs.dCell === undefined ? new Float32Array(0) : read(inputs.dCell),
  };
  const gradients = {
    x: zeros(shapes.x),
    kernel: zeros(shapes.kernel),
    recurrentKernel: zeros(shapes.recurrentKernel),
    bias: zeros(shapes.bias),
    hidden: zeros(shapes.hidden),
    cell: zeros(shapes.cell),
  };
  sequenceBackward(cell, { problem, reserve, above, gradients });
  return SEQUENCE_GRADIENTS[op].map((name) => backend.makeTensorInfo(shapes[name], 'float32', gradients[name]));
}

function biasShape(cell: CellKernel, { hasBias }: SequenceKernelAttributes, width: number): number[] {
  if (!hasBias) return [0];
  return cell.biasRows === 2 ? [2, width] : [width];
}

function zeros(shape: readonly number[]): Float32Array {
  return new Float32Array(shape.reduce((product, size) => product * size, 1));
}

function sizesOf({ x, recurrentKernel }: Pick<SequenceKernelInputs, 'x' | 'recurrentKernel'>): SequenceSizes {
  const [batch, time, features] = x.shape as [number, number, number];
  return { batch, time, features, units: recurrentKernel.shape[0] as number };
}

/** The live array behind a tensor; reading it copies nothing. */
function values(backend: MathBackendCPU, { dataId }: TensorInfo): Float32Array | Uint8Array {
  return backend.data.get(dataId).values as Float32Array | Uint8Array;
}
