import { size } from '@cellstate/core';
import { arrayEngine } from '@cellstate/ops';
import type { Tensor } from '@tensorflow/tfjs-core';
import { type ArrayPass, type ArrayValue, arrayValue, type EnteringState } from '../array-pass.ts';
import type { GraphNode, SymbolicTensor } from '../contract.ts';
import type { Model } from './model.ts';

/** A whole model's pass on plain arrays: the passes of its layers in order, from array to array, and back. */
export interface PassPlan {
  /** To be filled before `forward`. */
  readonly inputs: readonly ArrayValue[];
  /** Filled by `forward`; their gradients are to be filled before `backward`. */
  readonly outputs: readonly ArrayValue[];
  /** What the outputs make together: one, a list, or a record with these names. */
  readonly structure: 'one' | 'list' | readonly string[];
  /** The state of every recurrent call, by call path. */
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
}

/** Plans a model's passes, and keeps the plans for the shapes and the engine that they were last asked for. */
export function passPlanner(
  model: () => Model<unknown>,
): (shapes: readonly (readonly number[])[], options: PassOptions) => PassPlan | null {
  const plans = new Map<string, PassPlan | null>();
  return (shapes, { training = false }) => {
    const key = `${arrayEngine()} ${training} ${shapes.join(' ')}`;
    const kept = plans.get(key);
    if (kept !== undefined) return kept;
    const plan = planPass(model(), shapes, training);
    if (plans.size >= MOST_PLANS) plans.delete(plans.keys().next().value as string);
    plans.set(key, plan);
    return plan;
  };
}

/**
 * Plans a model's pass for inputs of these shapes; null when some layer has none on this engine, or the graph is more than
 * arrays that go from layer to layer: masks, wired states, types other than float32, nested models, activity regularizers.
 */
function planPass(model: Model<unknown>, shapes: readonly (readonly number[])[], training: boolean): PassPlan | null {
  const { graph, names, outputStructure = 'one' } = model.definition;
  if (!graph.inputs.every(isFloat) || !graph.nodes.every(isPlain)) return null;
  const values = new Map<SymbolicTensor, ArrayValue>();
  const gradients = new Map<Tensor, Float32Array>();
  const state: Record<string, PlannedState> = {};
  const calls = new Map<string, number>();
  const passes: ArrayPass[] = [];
  for (const [i, symbol] of graph.inputs.entries()) values.set(symbol, arrayValue(shapes[i] as readonly number[]));
  const rows = shapes[0]?.[0] as number;

  function gradient(parameter: Tensor): Float32Array {
    const sum = gradients.get(parameter) ?? new Float32Array(parameter.size);
    gradients.set(parameter, sum);
    return sum;
  }

  for (const { layer, inputs, outputs } of graph.nodes) {
    const name = names.get(layer) as string;
    const path = `${name}#${calls.get(name) ?? 0}`;
    calls.set(name, (calls.get(name) ?? 0) + 1);
    const stateShapes = (layer.definition.recurrence?.stateShapes ?? []).map((shape) => [rows, ...shape]);
    const zeros = () => stateShapes.map((shape) => new Float32Array(size(shape)));
    const planned = { before: { given: false, arrays: zeros() }, after: zeros(), shapes: stateShapes };
    if (stateShapes.length > 0) state[path] = planned;
    const pass = layer.definition.arrayPass?.({
      training,
      inputs: inputs.map((symbol) => values.get(symbol) as ArrayValue),
      state: planned.before,
      nextState: planned.after,
      parameter: (wanted) => layer.parameter(wanted),
      gradient,
    });
    if (pass === undefined || pass === null) return null;
    values.set(outputs[0] as SymbolicTensor, pass.output);
    passes.push(pass);
  }
  const of = (symbols: readonly SymbolicTensor[]) => symbols.map((symbol) => values.get(symbol) as ArrayValue);
  const sums = [...[...values.values()].map((value) => value.gradient), ...gradients.values()];
  const backwards = passes.toReversed();
  return {
    inputs: of(graph.inputs),
    outputs: of(graph.outputs),
    structure: outputStructure,
    state,
    gradient,
    forward() {
      for (const sum of sums) sum.fill(0);
      for (const pass of passes) pass.forward();
    },
    backward() {
      for (const pass of backwards) pass.backward();
    },
  };
}

/** One output, by nothing but its inputs. */
function isPlain({ layer, inputs, outputs, initialState, masks }: GraphNode): boolean {
  return (
    initialState === null &&
    masks.length === 0 &&
    outputs.length === 1 &&
    layer.activityRegularizer === null &&
    [...inputs, ...outputs].every(isFloat)
  );
}

function isFloat({ dtype }: SymbolicTensor): boolean {
  return dtype === 'float32';
}
