import type { GruOptions } from './contract.ts';

/**
 * What an engine whose values live in plain arrays may register besides, to run one step of a cell for a stream: `LSTMStep`,
 * `GRUStep`, `SimpleRNNStep`. A step makes no tensor and no gradient. It computes what `lstmReference` and its kin compute over
 * one unmasked step without dropout, with tanh and sigmoid.
 *
 * The registered function is not a kernel that TensorFlow.js could run: it is a `StepFactory`, which says for given sizes
 * whether the engine has a step that is faster than a sequence of one step.
 */
export const STEP_KERNELS = { lstm: 'LSTMStep', gru: 'GRUStep', simpleRnn: 'SimpleRNNStep' } as const;

/** The arrays of one step. The engine writes to the states and to nothing else, and keeps none of them. */
export interface StepArrays {
  /** `[lanes, features]` */
  x: Float32Array;
  /** `[features, G · units]`, gates in the order of `LSTM_GATES` or `GRU_GATES`. */
  kernel: Float32Array;
  /** `[units, G · units]` */
  recurrentKernel: Float32Array;
  /** `[G · units]`; GRU with `resetAfter`: `[2, G · units]`. Absent: none. */
  bias: Float32Array | undefined;
  /** Each `[lanes, units]`, hidden first, replaced by the state after the step. Hidden is also the output. */
  state: readonly Float32Array[];
}

/** Runs one step in place. */
export type StepKernel = (arrays: StepArrays) => void;

/** The sizes of a step; `resetAfter` is a GRU's. */
export interface StepSizes extends Pick<GruOptions, 'resetAfter'> {
  readonly lanes: number;
  readonly features: number;
  readonly units: number;
}

/** Makes the step for these sizes; undefined where a sequence of one step is as good. */
export type StepFactory = (sizes: StepSizes) => StepKernel | undefined;
