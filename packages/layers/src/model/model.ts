import type { NdArray, Nested } from '@cellstate/core';
import type { Tensor, TypedArray } from '@tensorflow/tfjs-core';
import type { CallOptions, CallResult, Layer, LayerDefinition, Port, State, SymbolicTensor, Tensors } from '../contract.ts';
import type { Graph } from '../graph/graph.ts';
import type { PassOptions, PassPlan } from './pass-plan.ts';
import type { RecurrentCall } from './recurrent-calls.ts';

/** What `predict` and `push` take for one input: nested arrays, an NdArray or a tensor. */
export type ArrayLike = Nested | TypedArray | NdArray | Tensor;
/** For several inputs: a list in order, or a record by name. */
export type ModelInputs = ArrayLike | readonly ArrayLike[] | Readonly<Record<string, ArrayLike>>;

/** What symbolic outputs become when a model runs: one array for one tensor, a list for a list, a record for a record. */
export type Predicted<Output> = Output extends SymbolicTensor
  ? NdArray
  : Output extends readonly SymbolicTensor[]
    ? { -readonly [Index in keyof Output]: NdArray }
    : Output extends Readonly<Record<string, SymbolicTensor>>
      ? { [Name in keyof Output]: NdArray }
      : NdArray | NdArray[] | Record<string, NdArray>;

export interface PredictOptions {
  /** Rows of a batch. Default: the pinned batch size, else 32. */
  readonly batchSize?: number;
  /**
   * Where the rows start: 'zero', or a state with a row for each row of the input. Needed by a model with a stateful layer,
   * because predict carries no state from batch to batch.
   */
  readonly state?: 'zero' | State;
}

export interface StreamOptions {
  /** The number of sequences that run side by side. Default 1. */
  readonly lanes?: number;
}

/**
 * A model run step by step. It carries the state of every recurrent layer, lane by lane, from push to push.
 *
 * Steps and chunks may be mixed; the outputs are those of one pass over all that was pushed, to float rounding.
 */
export interface Stream<Output = SymbolicTensor> {
  readonly lanes: number;
  /**
   * Takes the next step `[lanes, features]`, chunk `[lanes, steps, features]`, or, with one lane, bare row `[features]`, and returns
   * what the model gives for it, of the same rank: a step's outputs have no time axis, a bare row's no lane axis.
   *
   * @throws CellstateError `SHAPE_MISMATCH`; `SYNC_READ_UNSUPPORTED` on an engine that cannot read at once; `DISPOSED`.
   */
  push(x: ModelInputs): Predicted<Output>;
  /** The same on every engine. */
  pushAsync(x: ModelInputs): Promise<Predicted<Output>>;
  /** Starts these lanes (default: all) anew. */
  reset(lanes?: readonly number[]): void;
  /** The state as plain arrays, for `restore`, a file, or another process. */
  snapshot(): StreamSnapshot;
  /** Goes back to a snapshot of a stream of this model with as many lanes. */
  restore(snapshot: StreamSnapshot): void;
  /** A stream of its own that goes on from here. */
  fork(): Stream<Output>;
  /** Frees the state. */
  dispose(): void;
}

export interface StreamSnapshot {
  readonly lanes: number;
  /** The lanes that start anew with the next push. */
  readonly starts: readonly boolean[];
  /** The state of each recurrent call, by call path; empty before the first push. */
  readonly state: Readonly<Record<string, readonly NdArray[]>>;
}

/** The definition of a model: that of a layer, and the graph it runs. */
export interface ModelDefinition extends LayerDefinition {
  readonly graph: Graph;
  /** The name of each layer in this graph. */
  readonly names: ReadonlyMap<Layer<unknown>, string>;
}

/**
 * A graph of layers. It is a pure function of inputs, state and seed, can be trained by @cellstate/trainers, and is itself a
 * layer: `apply` it to share its parameters.
 */
export interface Model<Output = SymbolicTensor> extends Layer<Output> {
  readonly definition: ModelDefinition;
  /** Every layer once, in Keras' order; a sequential model leaves its input layer out. */
  readonly layers: readonly Layer<unknown>[];
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** The number of lanes when it is pinned, as by `batchInputShape`; else null. */
  readonly batchSize: number | null;
  /** Every call of a recurrent layer that has an entry in the state, in the order they run. */
  readonly recurrentCalls: readonly RecurrentCall[];
  /** Call paths of the layers declared stateful: what a trainer carries. */
  readonly statefulCalls: readonly string[];
  /** Finds a layer by its name. Throws `UNKNOWN_LAYER`. */
  getLayer(name: string): Layer<unknown>;
  /**
   * One pass over tensors: differentiable, pure. All tensors of the result are new, and the caller's.
   *
   * @throws CellstateError `SHAPE_MISMATCH`, `BATCH_SIZE_MISMATCH`, `INPUT_MISMATCH`; `SEED_MISSING` when a pass draws.
   */
  call(inputs: Tensors, options?: CallOptions): CallResult;
  /**
   * A pass on plain arrays, and its way back, for inputs of these shapes: what `call` computes, with neither tensors nor a tape, which
   * make up most of the time of a small model. A trainer uses it where it can.
   *
   * @param shapes of each input, with the batch.
   * @param options `training` (default false): a model that drops values out then has none. `inputGradients` (default false): whether
   * the way back fills the gradients of the inputs as well.
   * @returns null where the engine or a layer has none: then use `call`. The arrays are the same ones at every call for these shapes.
   */
  arrayPass(shapes: readonly (readonly number[])[], options?: PassOptions): PassPlan | null;
  /** A new zero state for so many lanes. Calls to which the graph gives an initial state have no entry. */
  initialState(batchSize: number): State;
  /**
   * The outputs for arrays, batch by batch.
   *
   * @throws CellstateError `STATE_NOT_CARRIED` when a layer is stateful and no `state` is given; those of `call`.
   */
  predict(x: ModelInputs, options?: PredictOptions): Promise<Predicted<Output>>;
  /** Throws `NOT_STREAMABLE`, naming the layer, for a model that needs later steps. */
  stream(options?: StreamOptions): Stream<Output>;
  /** A table of layers, output shapes and parameters, 80 columns wide. */
  summary(): string;
  /** What is worth knowing before training: which layers carry state, and where that is of no use. */
  explain(): string;
  /** Whether `dispose` was called; `call`, `predict`, `parameters` and the weights then throw `DISPOSED`. */
  readonly disposed: boolean;
  /** Frees the parameters that no other model holds. */
  dispose(): void;
  /** Throws: state is the trainer's. */
  resetStates(): never;
  /** Throws: see `createTrainer`. */
  compile(): never;
  /** Throws: see `createTrainer`. */
  fit(): never;
}
