import { CellstateError } from '@cellstate/core';
import type { GraphNode, Layer, SymbolicTensor } from '../contract.ts';

/** The calls between a model's inputs and outputs. */
export interface Graph {
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  /** Every call but those of input layers, each after what it needs. */
  readonly nodes: readonly GraphNode[];
  /** Every layer once, input layers too, in the order of Keras' `model.layers`: from the inputs on, by depth. */
  readonly layers: readonly Layer<unknown>[];
}

/**
 * Finds the calls that lead from inputs to outputs.
 *
 * @throws CellstateError `INVALID_GRAPH` when an input does not come from `input(…)` or is given twice, and when an output
 * depends on an input that is not among them.
 */
export function traceGraph(inputs: readonly SymbolicTensor[], outputs: readonly SymbolicTensor[]): Graph {
  checkInputs(inputs);
  const index = new Map<Layer<unknown>, number>();
  const finished = new Set<GraphNode>();
  const order: GraphNode[] = [];
  const visit = (node: GraphNode): void => {
    if (finished.has(node)) return;
    if (!index.has(node.layer)) index.set(node.layer, index.size);
    for (const parent of parents(node)) visit(parent.node);
    finished.add(node);
    order.push(node);
  };
  for (const output of outputs) visit(output.node);
  const given = new Set(inputs.map(({ node }) => node));
  const missing = order.find((node) => node.inputs.length === 0 && !given.has(node));
  if (missing !== undefined) {
    throw new CellstateError('INVALID_GRAPH', 'An output depends on an input that the model does not have.', {
      expected: `inputs with ${missing.layer.name}`,
      received: inputs.map(({ node }) => node.layer.name).join(', ') || 'no input',
      where: 'model, inputs',
    });
  }
  return { inputs, outputs, nodes: order.filter((node) => node.inputs.length > 0), layers: sortLayers(inputs, { order, index }) };
}

/** Every tensor a call depends on. */
function parents(node: GraphNode): readonly SymbolicTensor[] {
  const masks = node.masks.filter((mask) => mask !== undefined && mask !== null);
  return [...node.inputs, ...(node.initialState ?? []), ...masks];
}

/** Keras' order: greatest distance from the outputs first, then the order of first visit. */
function sortLayers(
  inputs: readonly SymbolicTensor[],
  { order, index }: { readonly order: readonly GraphNode[]; readonly index: ReadonlyMap<Layer<unknown>, number> },
): readonly Layer<unknown>[] {
  const nodeDepth = new Map<GraphNode, number>();
  const layerDepth = new Map<Layer<unknown>, number>();
  for (const node of order.toReversed()) {
    const depth = Math.max(nodeDepth.get(node) ?? 0, layerDepth.get(node.layer) ?? 0);
    nodeDepth.set(node, depth);
    layerDepth.set(node.layer, depth);
    for (const { node: parent } of parents(node)) nodeDepth.set(parent, Math.max(depth + 1, nodeDepth.get(parent) ?? 0));
  }
  const unused = inputs.map(({ node }) => node.layer).filter((layer) => !index.has(layer));
  const rank = (layer: Layer<unknown>) => index.get(layer) ?? -1;
  const depth = (layer: Layer<unknown>) => layerDepth.get(layer) ?? 0;
  return [...unused, ...index.keys()].sort((a, b) => depth(b) - depth(a) || rank(a) - rank(b));
}

function checkInputs(inputs: readonly SymbolicTensor[]): void {
  const inner = inputs.find(({ node }) => node.inputs.length > 0);
  if (inner !== undefined) {
    throw new CellstateError('INVALID_GRAPH', 'A model starts at inputs.', {
      expected: 'tensors made by input(…)',
      received: `an output of ${inner.node.layer.name}`,
      where: 'model, inputs',
      hint: 'For a part of a graph, apply its layers again to an input of their own; their parameters are shared.',
    });
  }
  const repeated = inputs.find((input, position) => inputs.indexOf(input) !== position);
  if (repeated !== undefined) {
    throw new CellstateError('INVALID_GRAPH', 'An input is given twice.', {
      expected: 'each input once',
      received: repeated.node.layer.name,
      where: 'model, inputs',
    });
  }
}
