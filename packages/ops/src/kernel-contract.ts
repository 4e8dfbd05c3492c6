import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';

/**
 * What an engine registers to run a recurrent layer's whole sequence in one kernel: for each cell a kernel and its
 * gradient's, such as `GRUSequence` and `GRUSequenceGrad`, both or neither. What they compute is `lstmReference`, `gruReference`
 * and `simpleRnnReference`; the cases of `@cellstate/ops/conformance` decide whether they do.
 *
 * Inputs are float32 but the mask, which is bool; those the caller left out are absent, and the attributes say so to both
 * kernels. Kernels write to nothing they are given, with one exception: `reserve` belongs to the two kernels alone, its
 * layout is the engine's own, and the gradient kernel, which reads it last, may overwrite it.
 */

/** The sequence ops, by the names of their functions without the word Sequence. */
export type SequenceOp = 'lstm' | 'gru' | 'simpleRnn';

/** The kernel that runs each op's forward pass, where an engine has it; its gradient's name ends in `Grad`. */
export const SEQUENCE_KERNELS = { lstm: 'LSTMSequence', gru: 'GRUSequence', simpleRnn: 'SimpleRNNSequence' } as const;

/** What of a call may go beyond an engine's kernel. */
export interface SequenceCall {
  /** Whether there is a mask. Default false. */
  readonly mask?: boolean;
  /** Whether there are dropout factors, of the input or recurrent. Default false. */
  readonly dropout?: boolean;
}

/** What an engine registers; a forward kernel that does not serve every call says so, and the others go by the reference. */
export interface SequenceKernelConfig extends KernelConfig {
  /** Whether the kernel serves such a call. Absent: it serves all. */
  readonly serves?: (call: SequenceCall) => boolean;
  /**
   * Whether the kernel uses no more of the backend it is given than `data.get(dataId).values`, `data.has(dataId)` and
   * `makeTensorInfo(shape, 'float32', values)`, so that `arraySequence` may run it on plain arrays. Default false.
   */
  readonly onArrays?: boolean;
}

/**
 * The kernel of `softmaxCrossentropy` over the last axis, where an engine has it: `target` and `logits` `[…, classes]` → `[…]`. Its
 * gradient's name ends in `Grad`, takes `dy` `[…]` besides, and gives that of the logits. Both or neither.
 */
export const CROSSENTROPY_KERNEL = 'SoftmaxCrossentropy';

/** What an engine registers as `BatchMatMul` in the place of TensorFlow.js' own. */
export interface ProductKernelConfig extends KernelConfig {
  /**
   * Whether a product of that many multiplications uses no more of the backend than `SequenceKernelConfig.onArrays` says, so that
   * `arrayProduct` may run it on plain arrays; its attribute `borrowed` is that of `SequenceKernelAttributes`. Absent: none does.
   */
  readonly onArrays?: (multiplications: number) => boolean;
}

/** How many gates each cell has along the last axis of its kernels (G below), and its states in the order they go in and out. */
export const SEQUENCE_CELLS = {
  lstm: { gates: 4, states: ['hidden', 'cell'] },
  gru: { gates: 3, states: ['hidden'] },
  simpleRnn: { gates: 1, states: ['hidden'] },
} as const;

/** Inputs of `GRUSequence` and `SimpleRNNSequence`. */
export interface SequenceKernelInputs {
  /** `[batch, time, features]` */
  readonly x: TensorInfo;
  /** `[features, G · units]`, gates in the order of `LSTM_GATES` or `GRU_GATES`. */
  readonly kernel: TensorInfo;
  /** `[units, G · units]` */
  readonly recurrentKernel: TensorInfo;
  /** `[G · units]`; GRU with `resetAfter`: `[2, G · units]`, input bias then recurrent bias. */
  readonly bias?: TensorInfo;
  /** `[batch, units]` */
  readonly hidden?: TensorInfo;
  /** `[batch, time]`, bool, true for a real step. What `x` holds at other steps, NaN included, touches no result. */
  readonly mask?: TensorInfo;
  /** `[G, batch, features]` */
  readonly inputDropout?: TensorInfo;
  /** `[G, batch, units]`. In a GRU without `resetAfter`, the candidate's factors apply to the hidden state after the reset gate. */
  readonly recurrentDropout?: TensorInfo;
}

/** Inputs of `LSTMSequence`. */
export interface LstmKernelInputs extends SequenceKernelInputs {
  /** `[batch, units]`; there when `hidden` is. */
  readonly cell?: TensorInfo;
}

/** Attributes of both kernels of every op. */
export interface SequenceKernelAttributes {
  readonly hasBias: boolean;
  readonly hasState: boolean;
  readonly hasMask: boolean;
  readonly hasInputDropout: boolean;
  readonly hasRecurrentDropout: boolean;
  readonly goBackwards: boolean;
  readonly zeroOutputForMask: boolean;
  /** Whether a gradient will be asked for. If not, `reserve` comes back as `[0]`. */
  readonly keepReserve: boolean;
  /** Whether nobody reads `outputs`: it may come back as `[0]`, and `dOutputs` is zeros. Default false. */
  readonly lastOnly?: boolean;
  /** Whether nobody reads the gradient of `x`: it may come back as `[0]`. Default false. */
  readonly constantInput?: boolean;
  /** Whether results are read before any kernel runs again: they may then lie in memory of the engine's own. Default false. */
  readonly borrowed?: boolean;
}

/** Attributes of `LSTMSequence` and `LSTMSequenceGrad`. */
export type LstmKernelAttributes = SequenceKernelAttributes;

/** Attributes of `GRUSequence` and `GRUSequenceGrad`. */
export interface GruKernelAttributes extends SequenceKernelAttributes {
  /** Whether the reset gate applies after the recurrent product; the bias then has two rows. */
  readonly resetAfter: boolean;
}

/** What each kernel returns, in this order: `[batch, time, units]`, `[batch, units]` each, and whatever it keeps. */
export const SEQUENCE_KERNEL_OUTPUTS = {
  lstm: ['outputs', 'last', 'hidden', 'cell', 'reserve'],
  gru: ['outputs', 'last', 'hidden', 'reserve'],
  simpleRnn: ['outputs', 'last', 'hidden', 'reserve'],
} as const;

/** `SEQUENCE_KERNEL_OUTPUTS` of an LSTM. */
export const LSTM_KERNEL_OUTPUTS: (typeof SEQUENCE_KERNEL_OUTPUTS)['lstm'] = SEQUENCE_KERNEL_OUTPUTS.lstm;

/**
 * A gradient kernel takes these three inputs of its forward kernel, its `reserve`, and the gradients of its other outputs
 * (zeros where there are none), under the same attributes. What else the engine needs (states, mask, dropout) it has put
 * into `reserve`: each further tensor saved for the backward pass would cost every step as much time as a small kernel.
 */
export interface SequenceGradKernelInputs extends Pick<SequenceKernelInputs, 'x' | 'kernel' | 'recurrentKernel'> {
  readonly reserve: TensorInfo;
  /** `[batch, time, units]` */
  readonly dOutputs: TensorInfo;
  /** `[batch, units]`, as is `dHidden`. */
  readonly dLast: TensorInfo;
  readonly dHidden: TensorInfo;
}

/** Inputs of `LSTMSequenceGrad`. */
export interface LstmGradKernelInputs extends SequenceGradKernelInputs {
  /** `[batch, units]` */
  readonly dCell: TensorInfo;
}

/**
 * A gradient kernel returns the gradients of these inputs, in this order and of their shapes; of an absent bias `[0]`, of an
 * absent state `[batch, units]`. Dropout factors are constants: they have no gradient.
 */
export const SEQUENCE_GRADIENTS = {
  lstm: ['x', 'kernel', 'recurrentKernel', 'bias', 'hidden', 'cell'],
  gru: ['x', 'kernel', 'recurrentKernel', 'bias', 'hidden'],
  simpleRnn: ['x', 'kernel', 'recurrentKernel', 'bias', 'hidden'],
} as const;

/** `SEQUENCE_GRADIENTS` of an LSTM. */
export const LSTM_GRADIENTS: (typeof SEQUENCE_GRADIENTS)['lstm'] = SEQUENCE_GRADIENTS.lstm;
