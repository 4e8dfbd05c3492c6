import type { TensorInfo } from '@tensorflow/tfjs-core';

/**
 * What an engine registers to run an LSTM's whole sequence in one kernel: `LSTMSequence` and `LSTMSequenceGrad`, both or
 * neither. What they compute is `lstmReference`; the cases of `@cellstate/ops/conformance` decide whether they do.
 *
 * Inputs are float32 but the mask, which is bool; those the caller left out are absent, and the attributes say so to both
 * kernels. Kernels write to nothing they are given, with one exception: `reserve` belongs to the two kernels alone, its
 * layout is the engine's own, and the gradient kernel, which reads it last, may overwrite it.
 */
export interface LstmKernelInputs {
  /** `[batch, time, features]` */
  readonly x: TensorInfo;
  /** `[features, 4 · units]`, gates in the order of `LSTM_GATES`. */
  readonly kernel: TensorInfo;
  /** `[units, 4 · units]` */
  readonly recurrentKernel: TensorInfo;
  /** `[4 · units]` */
  readonly bias?: TensorInfo;
  /** `[batch, units]`, as is `cell`; both are there or neither. */
  readonly hidden?: TensorInfo;
  readonly cell?: TensorInfo;
  /** `[batch, time]`, bool, true for a real step. */
  readonly mask?: TensorInfo;
  /** `[4, batch, features]` */
  readonly inputDropout?: TensorInfo;
  /** `[4, batch, units]` */
  readonly recurrentDropout?: TensorInfo;
}

/** Attributes of both kernels. */
export interface LstmKernelAttributes {
  readonly hasBias: boolean;
  readonly hasState: boolean;
  readonly hasMask: boolean;
  readonly hasInputDropout: boolean;
  readonly hasRecurrentDropout: boolean;
  readonly goBackwards: boolean;
  readonly zeroOutputForMask: boolean;
  /** Whether a gradient will be asked for. If not, `reserve` comes back as `[0]`. */
  readonly keepReserve: boolean;
}

/** `LSTMSequence` returns, in this order: `[batch, time, units]`, thrice `[batch, units]`, and whatever it keeps. */
export const LSTM_KERNEL_OUTPUTS = ['outputs', 'last', 'hidden', 'cell', 'reserve'] as const;

/**
 * `LSTMSequenceGrad` takes these three inputs of `LSTMSequence`, its `reserve`, and the gradients of its other outputs
 * (zeros where there are none), under the same attributes. What else the engine needs (states, mask, dropout) it has put
 * into `reserve`: each further tensor saved for the backward pass would cost every step as much time as a small kernel.
 */
export interface LstmGradKernelInputs extends Pick<LstmKernelInputs, 'x' | 'kernel' | 'recurrentKernel'> {
  readonly reserve: TensorInfo;
  /** `[batch, time, units]` */
  readonly dOutputs: TensorInfo;
  /** `[batch, units]`, as are `dHidden` and `dCell`. */
  readonly dLast: TensorInfo;
  readonly dHidden: TensorInfo;
  readonly dCell: TensorInfo;
}

/**
 * `LSTMSequenceGrad` returns the gradients of these inputs, in this order and of their shapes; of an absent bias `[0]`,
 * of an absent state `[batch, units]`. Dropout factors are constants: they have no gradient.
 */
export const LSTM_GRADIENTS = ['x', 'kernel', 'recurrentKernel', 'bias', 'hidden', 'cell'] as const;
