import type { NdArray, Nested } from '@cellstate/core';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { ArrayPass, ArrayPassContext } from './array-pass.ts';
import type { ArrayStep, ArrayStepContext } from './array-step.ts';
import type { Initializer } from './initializers/initializer.ts';

/**
 * The contract of layers and models. Read this first.
 *
 * A layer is a definition: a pure `call` over tensors, the parameters it needs, the shapes it gives, the child layers
 * it runs. It keeps no tensor between calls but its parameters. `defineLayer` makes a layer of a definition; a model names the
 * layers of its graph, builds their parameters, and runs them. Axes are `[batch, time, features]`, batch first.
 * Who passes a tensor in owns it, and nobody here disposes it; whatever `call` makes on the way is freed by its caller.
 */

/** Lengths of the axes, batch first; null for any length. */
export type Shape = readonly (number | null)[];
export type DataType = 'float32' | 'int32' | 'bool';

export interface TensorSpec {
  readonly shape: Shape;
  readonly dtype: DataType;
}

/** Plain JSON. Keys are our option names (camelCase), values Keras' (`'hard_sigmoid'`). */
export type ConfigValue = null | boolean | number | string | readonly ConfigValue[] | Config;
export interface Config {
  readonly [key: string]: ConfigValue;
}

/** Penalty on a weight or an output; a pure function. Without `getConfig` the model cannot be written to a file. */
export interface Regularizer {
  (value: Tensor): Scalar;
  getConfig?(): NamedConfig;
}

/** Projection of a weight after each step of an optimizer; a pure function. */
export interface Constraint {
  (value: Tensor): Tensor;
  getConfig?(): NamedConfig;
}

/** An initializer, regularizer or constraint as plain data: its name and every option. */
export interface NamedConfig {
  readonly name: string;
  readonly [option: string]: unknown;
}

/** A Keras name in either spelling, an object, or the config of one. */
export type RegularizerSpec = string | Regularizer | NamedConfig | null;
export type ConstraintSpec = string | Constraint | NamedConfig | null;

/** A parameter that a layer declares. */
export interface ParameterSpec {
  /** The last part of its path: `kernel`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly initializer: Initializer;
  readonly regularizer?: Regularizer | null;
  readonly constraint?: Constraint | null;
  /** Default true. False for statistics, which the layer returns as `updates`. */
  readonly trainable?: boolean;
}

/** A node of the parameter tree: what layers and cells share. */
export interface PartDefinition {
  /** Keras' name of the class: `LSTM`. Its snake case is the automatic name. */
  readonly className: string;
  /** Every option in effect, in Keras' order, without `name`, `trainable` and input shapes. */
  config(): Config;
  /** Parts that this one runs, in Keras' order of weights. */
  readonly children?: readonly Child[];
  /** Its own parameters (not its children's), trainable ones first, in Keras' order. */
  parameters?(inputs: readonly TensorSpec[]): readonly ParameterSpec[];
}

export interface Child {
  /** Keras' attribute: `cell`, `cells`, `forward_layer`, `backward_layer`, `layer`, `layers`. */
  readonly role: string;
  readonly part: Part;
  /** Its name here. Default: its own name, with `_1`, `_2` … behind the second and later ones of that name. */
  readonly name?: string;
  /** What the child is built on, given the parent's inputs. Default: the same. */
  inputs?(inputs: readonly TensorSpec[]): readonly TensorSpec[];
}

/** What the author of a layer writes. */
export interface LayerDefinition extends PartDefinition {
  /** What comes out, given what goes in. Throws `SHAPE_MISMATCH` for inputs the layer cannot take (`where` is added). */
  outputs(inputs: readonly TensorSpec[]): readonly TensorSpec[];
  /** One pass: pure and differentiable. Runs in a tidy of its caller. An output may be an input itself. */
  call(inputs: readonly Tensor[], context: CallContext): LayerResult;
  /** `pass`: output 0 keeps the mask of input 0. Default `drop`: no mask. `masks` in the result wins over both. */
  readonly masking?: 'pass' | 'drop';
  /** How many outputs, from the first on, keep the mask under `pass`. Default 1. */
  readonly maskedOutputs?: number;
  /**
   * Under `stream()`: `steps` when a step of the output needs that step of the inputs alone; `sequence` (default) when
   * it needs others, so that an input with a time axis is refused; `never` when even an input without one is.
   */
  readonly streaming?: 'steps' | 'sequence' | 'never';
  /** Its step on plain arrays, for streams; null where it, its options or the engine have none. Absent: none. */
  arrayStep?(context: ArrayStepContext): ArrayStep | null;
  /**
   * Its pass on plain arrays; null where it, its options or the engine have none. Absent: none. The mask of its output is by `masking`
   * alone.
   */
  arrayPass?(context: ArrayPassContext): ArrayPass | null;
  /** True when a row's output depends on the other rows (batch statistics). Default false. */
  readonly couplesBatch?: boolean;
  /** Type of the input when the layer comes first in a model. Default float32. */
  readonly inputDtype?: DataType;
  /** Set on recurrent layers: what their state is and how it moves. */
  readonly recurrence?: Recurrence;
  /** The calls of child layers whose state belongs to the model, in the order they run. */
  readonly innerCalls?: readonly InnerCall[];
  /** Set when `apply` takes `initialState`: the shape of each tensor of it, without the batch. */
  readonly initialStateShapes?: readonly (readonly number[])[];
  /** Names of the inputs, when they may be given by name. */
  readonly inputNames?: readonly string[];
  /** What `apply` gives: one tensor, a list, or a record with these names. Default: one if there is one output, else a list. */
  readonly outputStructure?: 'one' | 'list' | readonly string[];
}

export interface InnerCall {
  readonly layer: Layer<unknown>;
  /** The child's name here. */
  readonly name: string;
  /** Whether the graph gives it an initial state. */
  readonly wired: boolean;
}

/** The state of a recurrent layer. */
export interface Recurrence {
  /** The shape of each state tensor without the batch: `[[units], [units]]` for an LSTM. */
  readonly stateShapes: readonly (readonly number[])[];
  readonly stateful: boolean;
  readonly goBackwards: boolean;
  readonly returnSequences: boolean;
  readonly returnState: boolean;
  /** `fused` when the current engine has a kernel for the whole sequence under these options. */
  path(): 'fused' | 'reference';
  /** A new, unbuilt layer of the same options but these. */
  variant(change: { name?: string; goBackwards?: boolean; zeroOutputForMask?: boolean }): Layer<unknown>;
}

/** What a layer's `call` gets beside its inputs. */
export interface CallContext {
  readonly training: boolean;
  /** Whether the layer's own `trainable` is true. */
  readonly trainable: boolean;
  /** The mask that came with each input, `[batch, time]`; null where there is none. */
  readonly masks: readonly (Tensor | null)[];
  /** The state this call starts from (carried, else `initialState`), in the order of `stateShapes`; null: zeros. */
  readonly state: readonly Tensor[] | null;
  /** Whether the pass goes on where an earlier one stopped, as in a stream: a masked step then repeats that one's last output. */
  readonly resumes: boolean;
  /** What `apply` was given as `initialState`; null if nothing. For layers that hand it to their children. */
  readonly initialState: readonly Tensor[] | null;
  /** The layer's own parameter. */
  parameter(name: string): Tensor;
  /**
   * The seed of this call's draws: that of the pass, split by `own` (the layer's `seed` option) or else by the call path.
   * Call it only when drawing: throws `SEED_MISSING` when the pass has none. `key` keeps several draws of a call apart.
   */
  seed(own?: number | null, key?: string): number;
  /** Runs a child layer within this pass; its state, penalties and updates are collected. */
  call(child: Layer<unknown>, inputs: readonly Tensor[], options?: ChildCallOptions): ChildResult;
}

export interface ChildCallOptions {
  /** The mask that comes with each input. */
  readonly masks?: readonly (Tensor | null)[];
  /** A mask for the layer to use, and to pass on, in place of the first; null: it uses none, and passes on what is in `masks`. */
  readonly mask?: Tensor | null;
  /** The child's name here. Default: its own. */
  readonly name?: string;
  /** Where a recurrent child starts unless its state is carried. */
  readonly initialState?: readonly Tensor[] | null;
  /** True keeps the child's state out of the model's: it starts from zero at each call and is forgotten. */
  readonly forgetful?: boolean;
}

export interface ChildResult {
  readonly outputs: readonly Tensor[];
  readonly masks: readonly (Tensor | null)[];
}

export interface LayerResult {
  readonly outputs: readonly Tensor[];
  /** What went into the softmax or sigmoid that gave an output; null for other outputs. Default: none. */
  readonly logits?: readonly (Tensor | null)[];
  /** What the activity regularizer is laid on. Default: the outputs. */
  readonly penalized?: readonly Tensor[];
  /** One an output. Default: by `masking`. */
  readonly masks?: readonly (Tensor | null)[];
  /** The state after the last step. Recurrent layers only. */
  readonly state?: readonly Tensor[];
  /** New values of the layer's own non-trainable parameters. */
  readonly updates?: readonly { readonly name: string; readonly value: Tensor }[];
}

/** Options of every layer. */
export interface LayerOptions {
  /** Default: Keras' automatic name, given by the first model the layer is in. */
  readonly name?: string;
  /** Default true. False: trainers leave its parameters as they are. */
  readonly trainable?: boolean;
  /** Of a first layer: the shape of one sample, `[steps, features]`, null for any length. */
  readonly inputShape?: Shape;
  /** Of a first layer: the same with the batch in front. */
  readonly batchInputShape?: Shape;
  /** Penalty on each output, divided by the batch. Default none. */
  readonly activityRegularizer?: RegularizerSpec;
}

/** A parameter that exists. */
export interface BuiltParameter {
  readonly spec: ParameterSpec;
  readonly variable: Variable;
}

/** A layer or a cell, with its parameters once a model has built them. */
export interface Part {
  readonly className: string;
  readonly definition: PartDefinition;
  /** The name given by the user or by the first model the part is in; before that, the snake case of its class. */
  readonly name: string;
  /** True when the user gave the name. */
  readonly named: boolean;
  trainable: boolean;
  readonly children: readonly Child[];
  /** Its own parameters in Keras' order; null before a model has built them. */
  readonly built: readonly BuiltParameter[] | null;
  /** Its own parameter of this name. Throws `NOT_BUILT` before a model has built it. */
  parameter(name: string): Tensor;
  /** `name`, `trainable`, then every option in effect. */
  getConfig(): Config;
}

/** What users hold. `Output` is what `apply` gives: one symbolic tensor, or several. */
export interface Layer<Output = SymbolicTensor> extends Part {
  readonly definition: LayerDefinition;
  readonly options: LayerOptions;
  /** Penalty on each output; null: none. */
  readonly activityRegularizer: Regularizer | null;
  /** Every parameter of the layer and of what it runs once, in Keras' order. Empty before a model has built them. */
  readonly parameters: readonly Parameter[];
  /** The values of the parameters. */
  getWeights(): NdArray[];
  /** Sets them. Throws `WEIGHTS_MISMATCH` before any is set. */
  setWeights(weights: readonly (NdArray | Nested | Tensor)[]): void;
  countParams(): number;
  /** Adds a call of this layer to the graph. The same layer applied again shares its parameters. */
  apply(inputs: SymbolicTensors, options?: ApplyOptions): Output;
}

export interface ApplyOptions {
  /** Where a recurrent layer starts: `[hidden, cell]` for an LSTM. */
  readonly initialState?: SymbolicTensor | readonly SymbolicTensor[];
  /**
   * What the layer uses and passes on instead of the masks that come with its inputs: a tensor in place of the first one; null for none, as
   * if no input had a mask; or a list with a tensor, null (none) or undefined (its own) for each input. Default: their own.
   */
  readonly mask?: SymbolicTensor | null | readonly GivenMask[];
}

/** The mask a call is given for an input: a tensor, null for none, undefined for the one that comes with it. */
export type GivenMask = SymbolicTensor | null | undefined;

/** A tensor of the graph: a shape, a type, and the call it comes from. */
export interface SymbolicTensor extends TensorSpec {
  readonly node: GraphNode;
  /** Which output of the call it is. */
  readonly index: number;
}

export type SymbolicTensors = SymbolicTensor | readonly SymbolicTensor[] | Readonly<Record<string, SymbolicTensor>>;

/** One call of a layer in the graph. */
export interface GraphNode {
  readonly layer: Layer<unknown>;
  readonly inputs: readonly SymbolicTensor[];
  readonly initialState: readonly SymbolicTensor[] | null;
  /** What is given for each input; those beyond the end of the list keep their own. */
  readonly masks: readonly GivenMask[];
  readonly outputs: readonly SymbolicTensor[];
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
  /** Whether to hand out the logits of the outputs, too. Default false. */
  readonly logits?: boolean;
}

export interface CallResult {
  readonly outputs: Tensors;
  /** The state after the last step, an entry for every recurrent call. */
  readonly state: State;
  /** The mask of each output, in order. */
  readonly masks: readonly (Tensor | null)[];
  /** What went into the softmax or sigmoid that gave an output, in order; null for other outputs. Absent unless asked for. */
  readonly logits?: readonly (Tensor | null)[];
  /** Scalars of this pass to add to the loss: activity regularisers, already divided by the batch. */
  readonly penalties: readonly Scalar[];
  /** New values of non-trainable parameters (moving statistics), to assign after the step. */
  readonly updates: readonly { readonly variable: Variable; readonly value: Tensor }[];
}

/** A parameter as trainers see it. */
export interface Parameter {
  /** Stable name within the model: `lstm/lstm_cell/kernel`. */
  readonly path: string;
  readonly variable: Variable;
  readonly trainable: boolean;
  readonly regularizer?: ((value: Tensor) => Scalar) | undefined;
  readonly constraint?: ((value: Tensor) => Tensor) | undefined;
}

/** Name, shape and type of an input or output of a model. */
export interface Port extends TensorSpec {
  readonly name: string;
}
