import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';

/**
 * The contract of the sequence ops. Read this first.
 *
 * A sequence op runs one recurrent layer over a whole sequence. Axes are `[batch, time, features]`. State goes in and
 * comes out; an op keeps nothing between calls. Inputs belong to the caller and are never disposed; every tensor that
 * comes back is new. With a mask, a masked step copies every state through and repeats the last output (zeros before the first real
 * step, even when an initial state was given), or gives zeros under `zeroOutputForMask`. `goBackwards` reverses the
 * input and the mask; outputs stay in the order they were computed.
 */

/** Gates along the last axis of an LSTM's kernels and bias, as Keras has them. */
export const LSTM_GATES = ['input', 'forget', 'candidate', 'output'] as const;

/** Gates along the last axis of a GRU's kernels and biases, as Keras has them. */
export const GRU_GATES = ['update', 'reset', 'candidate'] as const;

/** A named elementwise function. The name decides whether a fused kernel may serve it. */
export interface Activation {
  readonly name: string;
  apply(x: Tensor): Tensor;
}

/** What every sequence op takes. G is the number of gates: 4, 3 and 1 for LSTM, GRU and SimpleRNN. */
export interface SequenceInputs {
  /** `[batch, time, features]` */
  readonly x: Tensor3D;
  /** `[features, G · units]` */
  readonly kernel: Tensor2D;
  /** `[units, G · units]` */
  readonly recurrentKernel: Tensor2D;
  /** `[G · units]`; GRU with `resetAfter`: `[2, G · units]`, input bias then recurrent bias. Absent: no bias. */
  readonly bias?: Tensor;
  /** LSTM: hidden then cell, each `[batch, units]`; GRU and SimpleRNN: hidden alone. Absent: zeros. */
  readonly state?: readonly Tensor2D[];
  /** `[batch, time]`, 1 or true for a real step. Absent: all steps are real. */
  readonly mask?: Tensor2D;
  /** Factors on the input, one for each gate, constant over time: `[G, batch, features]`. Absent: none. */
  readonly inputDropout?: Tensor3D;
  /** Factors on the hidden state where it enters each gate: `[G, batch, units]`. Absent: none. */
  readonly recurrentDropout?: Tensor3D;
}

export interface SequenceOptions {
  /** Of the candidate and, in an LSTM, of the cell's output. Default tanh. */
  readonly activation?: Activation;
  /** Of the gates (not in SimpleRNN). Default sigmoid. */
  readonly recurrentActivation?: Activation;
  /** Read the sequence from its end. Default false. */
  readonly goBackwards?: boolean;
  /** Give zeros at masked steps. Default false: repeat the last output. */
  readonly zeroOutputForMask?: boolean;
}

export interface GruOptions extends SequenceOptions {
  /** Apply the reset gate after the recurrent product. Default true, which is Keras 3. */
  readonly resetAfter?: boolean;
}

export interface SequenceResult {
  /** The output of every step, in the order computed: `[batch, time, units]`. */
  readonly outputs: Tensor3D;
  /** The output of the step computed last: `[batch, units]`. */
  readonly last: Tensor2D;
  /** The state after the last step, in the order it went in. */
  readonly state: readonly Tensor2D[];
}

/** One step of a cell: `[batch, features]` and states in, output and new states out. The order of states is the cell's own. */
export type Step = (x: Tensor2D, state: readonly Tensor[]) => { readonly output: Tensor; readonly state: readonly Tensor[] };
