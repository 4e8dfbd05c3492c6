import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';

/**
 * What a trainer trains. Read this first.
 *
 * A model is a pure function of its inputs, its state and a seed; it keeps no tensor between calls but its parameters.
 * Whoever satisfies this interface can be trained: the models of @cellstate/layers do, and so may a hand-written one.
 * The caller owns every tensor it passes and every tensor it gets back; a model disposes neither.
 */
export interface TrainableModel {
  /** Every parameter once, in Keras' order. */
  readonly parameters: readonly Parameter[];
  /** A new zero (or wired) state for `batchSize` lanes, one entry for each recurrent call. */
  initialState(batchSize: number): State;
  /** One pass. Differentiable. Returned states are new tensors, never those passed in. */
  call(inputs: Tensors, options?: CallOptions): CallResult;
  /** A pass on plain arrays for inputs of these shapes, to the same effect as `call`; null where there is none. Absent: there never is. */
  arrayPass?(shapes: readonly (readonly number[])[], options: { readonly training: boolean }): ArrayPass | null;
  /** Call paths whose state a trainer carries from batch to batch. Absent: none, the model is stateless. */
  readonly statefulCalls?: readonly string[];
  /** The number of lanes when it is pinned, as by `batchInputShape`; null or absent: any. */
  readonly batchSize?: number | null;
  /** Names and shapes (batch first, null for any length), when the model knows them. */
  readonly inputs?: readonly Port[];
  readonly outputs?: readonly Port[];
}

export interface Port {
  readonly name: string;
  readonly shape: readonly (number | null)[];
  readonly dtype: 'float32' | 'int32' | 'bool';
}

export interface Parameter {
  /** Stable name within the model: `lstm/lstm_cell/kernel`. Files use it; gradients go by the variable. */
  readonly path: string;
  readonly variable: Variable;
  readonly trainable: boolean;
  /** Weight penalty, added to the loss as it is. */
  readonly regularizer?: ((value: Tensor) => Scalar) | undefined;
  /** Projection applied after each optimizer step. */
  readonly constraint?: ((value: Tensor) => Tensor) | undefined;
}

/**
 * A pass and its way back on plain arrays, which are the same ones at every pass: the caller fills the inputs and the states before
 * `forward`, and adds the derivatives of its loss to the gradients of the outputs before `backward`.
 */
export interface ArrayPass {
  readonly inputs: readonly ArrayValue[];
  readonly outputs: readonly ArrayValue[];
  /** What the outputs make together: one, a list, or a record with these names. */
  readonly structure: 'one' | 'list' | readonly string[];
  /** Of every recurrent call, by call path. */
  readonly state: Readonly<Record<string, ArrayState>>;
  /** The derivatives by a parameter, after `backward`. */
  gradient(parameter: Variable): Float32Array;
  forward(): void;
  backward(): void;
}

export interface ArrayValue {
  readonly shape: readonly number[];
  readonly values: Float32Array;
  readonly gradient: Float32Array;
  /** The mask that comes with the value; null: none ever does, and a batch with one runs on tensors. */
  readonly mask: ArrayMask | null;
}

/** Which steps are real, if that is told. */
export interface ArrayMask {
  /** Whether there is a mask in this pass: else every step is real. The caller says so for the inputs, the pass for the outputs. */
  given: boolean;
  /** `[batch, time]`, 0 for a step that is not real. */
  readonly values: Uint8Array;
}

/** The state that enters a pass, if one is given, and the one that leaves it; `shapes` are those of its tensors. */
export interface ArrayState {
  readonly before: { given: boolean; readonly arrays: readonly Float32Array[] };
  readonly after: readonly Float32Array[];
  readonly shapes: readonly (readonly number[])[];
}

/** State of each recurrent call by its call path: `{ 'lstm#0': [hidden, cell] }`, each `[batch, units]`. */
export type State = Readonly<Record<string, readonly Tensor[]>>;

/** One tensor, several in order, or several by name. */
export type Tensors = Tensor | readonly Tensor[] | Readonly<Record<string, Tensor>>;

/** A mask for each input or output, `[batch, time]`; null where there is none. */
export type Masks = Tensor | null | readonly (Tensor | null)[] | Readonly<Record<string, Tensor | null>>;

export interface CallOptions {
  /** Where the pass starts. Missing entries start from the initial state. */
  readonly state?: State;
  readonly mask?: Masks;
  /** Default false. */
  readonly training?: boolean;
  /** Needed only by a pass that draws (dropout in training). */
  readonly seed?: number;
  /** Whether to hand out the logits of the outputs, too, where the model has them. Default false. */
  readonly logits?: boolean;
}

export interface CallResult {
  readonly outputs: Tensors;
  /** The state after the last step, an entry for every recurrent call. */
  readonly state: State;
  /** The mask of each output, in order. */
  readonly masks: readonly (Tensor | null)[];
  /** What went into the softmax or sigmoid that gave an output, in order; null for other outputs. Absent: unknown. */
  readonly logits?: readonly (Tensor | null)[];
  /** Scalars of this pass to add to the loss: activity regularisers, already divided by the batch. */
  readonly penalties: readonly Scalar[];
  /** New values of non-trainable parameters (moving statistics), to assign after the step. */
  readonly updates: readonly { readonly variable: Variable; readonly value: Tensor }[];
}
