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
import { type LstmProblem, lstmReserve } from './lstm-problem.ts';

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
  const problem = problemOf({ inputs, attrs, backend });
  const { batch, time, units } = problem;
  const reserve = new Float32Array(lstmReserve(problem).length);
  const results = {
    outputs: new Float32Array(batch * time * units),
    last: new Float32Array(batch * units),
    hidden: new Float32Array(batch * units),
    cell: new Float32Array(batch * units),
    reserve,
  };
  lstmForward(problem, results);
  return [
    backend.makeTensorInfo([batch, time, units], 'float32', results.outputs),
    backend.makeTensorInfo([batch, units], 'float32', results.last),
    backend.makeTensorInfo([batch, units], 'float32', results.hidden),
    backend.makeTensorInfo([batch, units], 'float32', results.cell),
    attrs.keepReserve
      ? backend.makeTensorInfo([reserve.length], 'float32', reserve)
      : backend.makeTensorInfo([0], 'float32', new Float32Array(0)),
  ];
}

function backward({ inputs, attrs, backend }: Call<LstmGradKernelInputs>): TensorInfo[] {
  const problem = problemOf({ inputs, attrs, backend });
  const { batch, units } = problem;
  const read = (info: TensorInfo) => values(backend, info) as Float32Array;
  const shapes = { ...inputs, hidden: { shape: [batch, units] }, cell: { shape: [batch, units] } };
  const arrays = LSTM_GRADIENTS.map((name) => new Float32Array(shapes[name].shape.reduce((product, length) => product * length, 1)));
  const [x, kernel, recurrentKernel, bias, hidden, cell] = arrays as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  lstmBackward(problem, {
    reserve: read(inputs.reserve),
    above: { outputs: read(inputs.dOutputs), last: read(inputs.dLast), hidden: read(inputs.dHidden), cell: read(inputs.dCell) },
    gradients: { x, kernel, recurrentKernel, bias, hidden, cell },
  });
  return LSTM_GRADIENTS.map((name, i) => backend.makeTensorInfo([...shapes[name].shape], 'float32', arrays[i] as Float32Array));
}

function problemOf({ inputs, attrs, backend }: Call<LstmKernelInputs>): LstmProblem {
  const [batch, time, features] = inputs.x.shape as [number, number, number];
  const read = (info: TensorInfo) => values(backend, info) as Float32Array;
  const readIf = (present: boolean, info: TensorInfo) => (present ? read(info) : undefined);
  return {
    batch,
    time,
    features,
    units: inputs.recurrentKernel.shape[0] as number,
    x: read(inputs.x),
    kernel: read(inputs.kernel),
    recurrentKernel: read(inputs.recurrentKernel),
    bias: readIf(attrs.hasBias, inputs.bias),
    hidden: readIf(attrs.hasState, inputs.hidden),
    cell: readIf(attrs.hasState, inputs.cell),
    mask: attrs.hasMask ? values(backend, inputs.mask) : undefined,
    inputDropout: readIf(attrs.hasInputDropout, inputs.inputDropout),
    recurrentDropout: readIf(attrs.hasRecurrentDropout, inputs.recurrentDropout),
    goBackwards: attrs.goBackwards,
    zeroOutputForMask: attrs.zeroOutputForMask,
  };
}

/** The live array behind a tensor; reading it copies nothing. */
function values(backend: MathBackendCPU, { dataId }: TensorInfo): Float32Array | Uint8Array {
  return backend.data.get(dataId).values as Float32Array | Uint8Array;
}
