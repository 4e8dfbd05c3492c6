import { sameShape, size } from '@cellstate/core';
import { arrayEngine } from '@cellstate/ops';
import type { Tensor } from '@tensorflow/tfjs-core';
import { type ArrayMask, type ArrayPass, type ArrayValue, arrayValue, type EnteringState } from '../array-pass.ts';
import type { GraphNode, Layer, LayerDefinition, SymbolicTensor } from '../contract.ts';
import type { Model, ModelDefinition } from './model.ts';

/** A whole model's pass on plain arrays: the passes of its layers in order, from array to array, and back. */
export interface PassPlan {
  /** To be filled before `forward`, and their masks given where steps are not real. */
  readonly inputs: readonly ArrayValue[];
  /** Filled by `forward`; their gradients are to be filled before `backward`. */
  readonly outputs: readonly ArrayValue[];
  /** What the outputs make together: one, a list, or a record with these names. */
  readonly structure: 'one' | 'list' | readonly string[];
  /** The state of every recurrent call that a trainer may carry, by call path. */
  readonly state: Readonly<Record<string, PlannedState>>;
  /** The derivatives by a parameter, filled by `backward`. */
  gradient(parameter: Tensor): Float32Array;
  forward(): void;
  backward(): void;
}

export interface PlannedState {
  /** To be filled before `forward`: whether a state enters, and which. */
  readonly before: EnteringState;
  /** Filled by `forward`. */
  readonly after: readonly Float32Array[];
  /** Of each, with the batch. */
  readonly shapes: readonly (readonly number[])[];
}

/** How many plans a model keeps: those of whole batches and of last ones, of training and of what runs beside it. */
const MOST_PLANS = 4;

export interface PassOptions {
  /** Whether dropout drops. Default false. */
  readonly training?: boolean;
  /** Whether the way back gives the gradients of the inputs, too. Default false: they are not to be read. */
  readonly inputGradients?: boolean;
}

/** Plans a model's passes, and keeps the plans for the shapes and the engine that they were last asked for. */
export function passPlanner(
  model: () => Model<unknown>,
): (shapes: readonly (readonly number[])[], options: PassOptions) => PassPlan | null {
  const kept: KeptPlan[] = [];
  return (shapes, { training = false, inputGradients = false }) => {
    const engine = arrayEngine();
    const found = kept.find(
      (one) =>
        one.training === training && one.inputGradients === inputGradients && one.engine === engine && sameShapes(one.shapes, shapes),
    );
    if (found !== undefined) return found.plan;
    const plan = planPass(model(), shapes, { training, inputGradients });
    if (kept.length >= MOST_PLANS) kept.shift();
    kept.push({ engine, training, inputGradients, shapes: shapes.map((shape) => [...shape]), plan });
    return plan;
  };
}

/** A plan and what it was made for. */
interface KeptPlan extends Required<PassOptions> {
  readonly engine: string;
  readonly shapes: readonly (readonly number[])[];
  readonly plan: PassPlan | null;
}

function sameShapes(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): boolean {
  return a.length === b.length && a.every((shape, i) => sameShape(shape, b[i] as readonly number[]));
}

/**
 * Plans a model's pass for inputs of these shapes; null when some layer has none on this engine, or the graph is more than
 * arrays that go from layer to layer: masks given to a call, wired states, types other than float32, activity regularizers.
 */
function planPass(
  { definition }: Model<unknown>,
  shapes: readonly (readonly number[])[],
  { training, inputGradients }: Required<PassOptions>,
): PassPlan | null {
  const inputs = shapes.map((shape) => ({ ...arrayValue(shape), constant: !inputGradients, mask: inputMask(shape) }));
  const whole: Planned = {
    training,
    rows: shapes[0]?.[0] as number,
    values: [...inputs],
    sums: new Map(),
    state: {},
    calls: new Map(),
    passes: [],
  };
  const outputs = planGraph(definition, inputs, { whole, prefix: '' });
  if (outputs === null) return null;
  const { passes, state } = whole;
  const zeroed = [...whole.values.map(({ gradient }) => gradient), ...whole.sums.values()];
  const backwards = passes.toReversed();
  return {
    inputs,
    outputs,
    structure: definition.outputStructure ?? 'one',
    state,
    gradient: (parameter) => sumOf(whole, parameter),
    forward() {
      for (const sum of zeroed) sum.fill(0);
      for (const pass of passes) pass.forward();
    },
    backward() {
      for (const pass of backwards) pass.backward();
    },
  };
}

/** What the planning of a model has gathered, the models inside it included. */
interface Planned {
  readonly training: boolean;
  /** Of the batch. */
  readonly rows: number;
  readonly values: ArrayValue[];
  /** The sum of the derivatives by each parameter. */
  readonly sums: Map<Tensor, Float32Array>;
  readonly state: Record<string, PlannedState>;
  /** How often each path was called so far. */
  readonly calls: Map<string, number>;
  readonly passes: ArrayPass[];
}

/** Plans the calls of a graph in order, those of a model inside it one by one; gives its outputs, or null. */
function planGraph(
  { graph, names }: ModelDefinition,
  inputs: readonly ArrayValue[],
  { whole, prefix }: { readonly whole: Planned; readonly prefix: string },
): readonly ArrayValue[] | null {
  if (!graph.inputs.every(isFloat) || !graph.nodes.every(isPlain)) return null;
  const values = new Map<SymbolicTensor, ArrayValue>(graph.inputs.map((symbol, i) => [symbol, inputs[i] as ArrayValue]));
  const of = (symbols: readonly SymbolicTensor[]) => symbols.map((symbol) => values.get(symbol) as ArrayValue);
  for (const node of graph.nodes) {
    const { layer } = node;
    const place = `${prefix}${names.get(layer)}`;
    const outputs = isModel(layer.definition)
      ? planGraph(layer.definition, of(node.inputs), { whole, prefix: `${place}/` })
      : planLayer(layer, of(node.inputs), { whole, place });
    if (outputs === null) return null;
    for (const [i, symbol] of node.outputs.entries()) values.set(symbol, outputs[i] as ArrayValue);
  }
  return of(graph.outputs);
}

function planLayer(
  layer: Layer<unknown>,
  inputs: readonly ArrayValue[],
  { whole, place }: { readonly whole: Planned; readonly place: string },
): readonly ArrayValue[] | null {
  const { training, rows, values, state, calls, passes } = whole;
  const count = calls.get(place) ?? 0;
  calls.set(place, count + 1);
  const shapes = (layer.definition.recurrence?.stateShapes ?? []).map((shape) => [rows, ...shape]);
  const zeros = () => shapes.map((shape) => new Float32Array(size(shape)));
  const planned = { before: { given: false, arrays: zeros() }, after: zeros(), shapes };
  if (shapes.length > 0) state[`${place}#${count}`] = planned;
  const pass = layer.definition.arrayPass?.({
    training,
    inputs,
    state: planned.before,
    nextState: planned.after,
    parameter: (wanted) => layer.parameter(wanted),
    gradient: (parameter) => sumOf(whole, parameter),
  });
  if (pass === undefined || pass === null) return null;
  const { output } = pass;
  const [input] = inputs as [ArrayValue];
  const mask = layer.definition.masking === 'pass' ? input.mask : null;
  if (mask !== null && !sameSteps(input.shape, output.shape)) return null;
  values.push(output);
  passes.push(pass);
  return [{ ...output, mask }];
}

/** Whatever has steps may come with a mask. */
function inputMask([batch, time, ...step]: readonly number[]): ArrayMask | null {
  return step.length === 0 ? null : { given: false, values: new Uint8Array((batch as number) * (time as number)) };
}

/** Whether a mask of the one fits the other. */
function sameSteps(a: readonly number[], b: readonly number[]): boolean {
  return b.length > 2 && a[0] === b[0] && a[1] === b[1];
}

function sumOf({ sums }: Planned, parameter: Tensor): Float32Array {
  const sum = sums.get(parameter) ?? new Float32Array(parameter.size);
  sums.set(parameter, sum);
  return sum;
}

function isModel(definition: LayerDefinition): definition is ModelDefinition {
  return 'graph' in definition;
}

/** By nothing but its inputs, and with one output unless it is a model. */
function isPlain({ layer, inputs, outputs, initialState, masks }: GraphNode): boolean {
  return (
    initialState === null &&
    masks.length === 0 &&
    (outputs.length === 1 || isModel(layer.definition)) &&
    layer.activityRegularizer === null &&
    [...inputs, ...outputs].every(isFloat)
  );
}

function isFloat({ dtype }: SymbolicTensor): boolean {
  return dtype === 'float32';
}
