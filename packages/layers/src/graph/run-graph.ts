import type { Tensor } from '@tensorflow/tfjs-core';
import type { ChildCallOptions, ChildResult, GivenMask, GraphNode, Layer, SymbolicTensor } from '../contract.ts';
import type { Graph } from './graph.ts';

export interface GraphInputs {
  readonly inputs: readonly Tensor[];
  /** The mask of each input. */
  readonly masks: readonly (Tensor | null)[];
  /** The names of the layers in this graph. */
  readonly names: ReadonlyMap<Layer<unknown>, string>;
  /** Runs one call. */
  run(layer: Layer<unknown>, inputs: readonly Tensor[], options: ChildCallOptions): ChildResult;
}

/** Runs every call of a graph in order and gives the values and masks of its outputs. */
export function runGraph(graph: Graph, { inputs, masks, names, run }: GraphInputs): ChildResult {
  const values = new Map<SymbolicTensor, Tensor>();
  const carried = new Map<SymbolicTensor, Tensor | null>();
  for (const [index, symbol] of graph.inputs.entries()) {
    values.set(symbol, inputs[index] as Tensor);
    carried.set(symbol, masks[index] ?? null);
  }
  const value = (symbol: SymbolicTensor) => values.get(symbol) as Tensor;
  const mask = (given: GivenMask, symbol: SymbolicTensor) =>
    given === undefined ? (carried.get(symbol) ?? null) : given === null ? null : value(given);
  for (const node of graph.nodes) {
    const result = run(node.layer, node.inputs.map(value), {
      name: names.get(node.layer) as string,
      masks: node.inputs.map((symbol, index) => mask(node.masks[index], symbol)),
      initialState: node.initialState?.map(value) ?? null,
      ...usedMask(node),
    });
    for (const [index, symbol] of node.outputs.entries()) {
      values.set(symbol, result.outputs[index] as Tensor);
      carried.set(symbol, result.masks[index] ?? null);
    }
  }
  return { outputs: graph.outputs.map(value), masks: graph.outputs.map((symbol) => carried.get(symbol) ?? null) };
}

/** As in Keras, a call that is given an initial state does not see the mask of its input unless it is given that, too. */
function usedMask({ initialState, masks }: GraphNode): { mask?: null } {
  return initialState === null || masks[0] !== undefined ? {} : { mask: null };
}
