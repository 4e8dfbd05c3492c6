import { size } from '@cellstate/core';
import type { ArrayStep } from '../array-step.ts';
import type { GraphNode, SymbolicTensor } from '../contract.ts';
import type { Model } from './model.ts';
import type { Setting } from './stream-form.ts';

/** A whole model's step on plain arrays: the steps of its layers in order, from array to array. */
export interface StepPlan {
  /** `[lanes, width]` of each input, to be filled before `run`. */
  readonly inputs: readonly Float32Array[];
  /** `[lanes, width]` of each output, filled by `run`. */
  readonly outputs: readonly Float32Array[];
  /** The state of every recurrent call, by call path, replaced by `run`. */
  readonly state: Readonly<Record<string, readonly Float32Array[]>>;
  run(): void;
}

/**
 * Plans a model's step; null when some layer has none on this engine, or the graph is more than rows that go from layer to
 * layer: masks, wired states, inputs without time, types other than float32, nested models.
 */
export function planSteps(model: Model<unknown>, { lanes, inputs: timings }: Setting): StepPlan | null {
  const { graph, names } = model.definition;
  if (!timings.every((timing) => timing === 'steps') || !graph.inputs.every(isRow) || !graph.nodes.every(isPlain)) return null;
  const arrays = new Map<SymbolicTensor, Float32Array>();
  for (const symbol of graph.inputs) arrays.set(symbol, new Float32Array(lanes * (symbol.shape.at(-1) as number)));
  const state: Record<string, readonly Float32Array[]> = {};
  const calls = new Map<string, number>();
  const steps: ArrayStep[] = [];
  for (const { layer, inputs, outputs } of graph.nodes) {
    const name = names.get(layer) as string;
    const path = `${name}#${calls.get(name) ?? 0}`;
    calls.set(name, (calls.get(name) ?? 0) + 1);
    const shapes = layer.definition.recurrence?.stateShapes ?? [];
    const own = shapes.map((shape) => new Float32Array(lanes * size(shape)));
    if (shapes.length > 0) state[path] = own;
    const step = layer.definition.arrayStep?.({
      lanes,
      inputs: inputs.map((symbol) => arrays.get(symbol) as Float32Array),
      state: own,
      parameter: (wanted) => layer.parameter(wanted),
    });
    if (step === undefined || step === null) return null;
    arrays.set(outputs[0] as SymbolicTensor, step.output);
    steps.push(step);
  }
  const of = (symbols: readonly SymbolicTensor[]) => symbols.map((symbol) => arrays.get(symbol) as Float32Array);
  return {
    inputs: of(graph.inputs),
    outputs: of(graph.outputs),
    state,
    run: () => {
      for (const step of steps) step.run();
    },
  };
}

/** One output, from rows to rows, by nothing but its inputs. */
function isPlain({ inputs, outputs, initialState, masks }: GraphNode): boolean {
  return initialState === null && masks.length === 0 && outputs.length === 1 && [...inputs, ...outputs].every(isRow);
}

/** A row of numbers for each step, or after all of them. */
function isRow({ shape, dtype }: SymbolicTensor): boolean {
  return dtype === 'float32' && (shape.length === 2 || shape.length === 3) && typeof shape.at(-1) === 'number';
}
