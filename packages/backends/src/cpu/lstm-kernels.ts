import {
  LSTM_GRADIENTS,
  type LstmGradKernelInputs,
  type LstmKernelAttributes,
  type LstmKernelInputs,
  SEQUENCE_KERNELS,
} from '@cellstate/ops';
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { lstmBackward } from './lstm-backward.ts';
import { lstmForward } from './lstm-forward.ts';
import { type LstmProblem, type LstmSizes, lstmReserve } from './lstm-problem.ts';

/** What TensorFlow.js hands to a kernel of this backend. */
interface Call<Inputs> {
  readonly inputs: Inputs;
  readonly attrs: LstmKernelAttributes;
  readonly backend: MathBackendCPU;
}

/** `LSTMSequence` and `LSTMSequenceGrad` for the `cpu` backend, as the kernel contract of `@cellstate/ops` has them. */
export const lstmKernels: readonly KernelConfig[] = [
  { kernelName: SEQUENCE_KERNELS.lstm, backendName: 'cpu', kernelFunc: forward as unknown as KernelFunc },
  { kernelName: `${SEQUENCE_KERNELS.lstm}Grad`, backendName: 'cpu', kernelFunc: backward as unknown as KernelFunc },
];

function forward({ inputs, attrs, backend }: Call<LstmKernelInputs>): TensorInfo[] {
  const read = (info: TensorInfo) => values(backend, info) as Float32Array;
  const readIf = (info: TensorInfo | undefined) => (info === undefined ? undefined : read(info));
  const sizes = sizesOf(inputs);
  const layout = lstmReserve(sizes, attrs);
  const problem: LstmProblem = {
    ...sizes,
    x: read(inputs.x),
    kernel: read(inputs.kernel),
    recurrentKernel: read(inputs.recurrentKernel),
    mask: inputs.mask === undefined ? undefined : values(backend, inputs.mask),
    inputDropout: readIf(inputs.inputDropout),
    recurrentDropout: readIf(inputs.recurrentDropout),
    goBackwards: attrs.goBackwards,
    zeroOutputForMask: attrs.zeroOutputForMask,
    layout,
  };
  const start = { bias: readIf(inputs.bias), hidden: readIf(inputs.hidden), cell: readIf(inputs.cell) };
  const { batch, time, units } = sizes;
  const results = {
    outputs: new Float32Array(batch * time * units),
    last: new Float32Array(batch * units),
    hidden: new Float32Array(batch * units),
    cell: new Float32Array(batch * units),
    reserve: new Float32Array(layout.length),
  };
  lstmForward(problem, start, results);
  const kept = attrs.keepReserve ? results.reserve : new Float32Array(0);
  return [
    backend.makeTensorInfo([batch, time, units], 'float32', results.outputs),
    backend.makeTensorInfo([batch, units], 'float32', results.last),
    backend.makeTensorInfo([batch, units], 'float32', results.hidden),
    backend.makeTensorInfo([batch, units], 'float32', results.cell),
    backend.makeTensorInfo([kept.length], 'float32', kept),
  ];
}

function backward({ inputs, attrs, backend }: Call<LstmGradKernelInputs>): TensorInfo[] {
  const read = (info: TensorInfo) => values(backend, info) as Float32Array;
  const sizes = sizesOf(inputs);
  const layout = lstmReserve(sizes, attrs);
  const reserve = read(inputs.reserve);
  const problem: LstmProblem = {
    ...sizes,
    x: read(inputs.x),
    kernel: read(inputs.kernel),
    recurrentKernel: read(inputs.recurrentKernel),
    mask: attrs.hasMask ? reserve.subarray(layout.mask, layout.inputDropout) : undefined,
    inputDropout: attrs.hasInputDropout ? reserve.subarray(layout.inputDropout, layout.recurrentDropout) : undefined,
    recurrentDropout: attrs.hasRecurrentDropout ? reserve.subarray(layout.recurrentDropout, layout.length) : undefined,
    goBackwards: attrs.goBackwards,
    zeroOutputForMask: attrs.zeroOutputForMask,
    layout,
  };
  const { batch, time, features, units } = sizes;
  const gradients = {
    x: new Float32Array(batch * time * features),
    kernel: new Float32Array(features * 4 * units),
    recurrentKernel: new Float32Array(units * 4 * units),
    bias: new Float32Array(attrs.hasBias ? 4 * units : 0),
    hidden: new Float32Array(batch * units),
    cell: new Float32Array(batch * units),
  };
  const above = { outputs: read(inputs.dOutputs), last: read(inputs.dLast), hidden: read(inputs.dHidden), cell: read(inputs.dCell) };
  lstmBackward(problem, { reserve, above, gradients });
  const shapes = {
    x: inputs.x.shape,
    kernel: inputs.kernel.shape,
    recurrentKernel: inputs.recurrentKernel.shape,
    bias: [gradients.bias.length],
    hidden: [batch, units],
    cell: [batch, units],
  };
  return LSTM_GRADIENTS.map((name) => backend.makeTensorInfo(shapes[name], 'float32', gradients[name]));
}

function sizesOf({ x, recurrentKernel }: Pick<LstmKernelInputs, 'x' | 'recurrentKernel'>): LstmSizes {
  const [batch, time, features] = x.shape as [number, number, number];
  return { batch, time, features, units: recurrentKernel.shape[0] as number };
}

/** The live array behind a tensor; reading it copies nothing. */
function values(backend: MathBackendCPU, { dataId }: TensorInfo): Float32Array | Uint8Array {
  return backend.data.get(dataId).values as Float32Array | Uint8Array;
}
