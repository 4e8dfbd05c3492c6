import { CellstateError } from '@cellstate/core';
import type { GraphNode, Layer, SymbolicTensor } from '../contract.ts';
import type { ModelDefinition } from './model.ts';

/**
 * What a tensor is to a stream: one value a step (`steps`), a value after the last step so far (`last`), or nothing that
 * time changes (`static`).
 */
export type Timing = 'steps' | 'last' | 'static';

/** Whether an input of a model has a time axis: sequences of rows, and what an embedding turns into such. */
export function inputTimings(definition: ModelDefinition): readonly Timing[] {
  return definition.graph.inputs.map((input) => (input.shape.length >= 3 || becomesRows(definition, input) ? 'steps' : 'static'));
}

/**
 * The timing of each output of a model whose inputs have these.
 *
 * @throws CellstateError `NOT_STREAMABLE`, naming the first layer that needs steps which are not there yet.
 */
export function outputTimings(definition: ModelDefinition, inputs: readonly Timing[], prefix = ''): readonly Timing[] {
  const timings = new Map<SymbolicTensor, Timing>(definition.graph.inputs.map((input, index) => [input, inputs[index] as Timing]));
  for (const node of definition.graph.nodes) {
    const name = `${prefix}${definition.names.get(node.layer)}`;
    const found = nodeTimings(node, (symbol) => timings.get(symbol) as Timing, name);
    for (const [index, symbol] of node.outputs.entries()) timings.set(symbol, found[index] as Timing);
  }
  return definition.graph.outputs.map((output) => timings.get(output) as Timing);
}

function nodeTimings(node: GraphNode, timing: (symbol: SymbolicTensor) => Timing, name: string): readonly Timing[] {
  const { definition } = node.layer;
  const inputs = node.inputs.map(timing);
  if (isModel(definition)) return outputTimings(definition, inputs, `${name}/`);
  const { recurrence, streaming = 'sequence' } = definition;
  if (recurrence !== undefined) {
    if (recurrence.goBackwards) throw notStreamable(node.layer, name, 'reads time backwards');
    if (inputs[0] !== 'steps') throw notStreamable(node.layer, name, 'runs over a sequence that exists only once the stream has ended');
    if (node.initialState?.some((symbol) => timing(symbol) !== 'static')) {
      throw notStreamable(node.layer, name, 'starts from what another layer makes of the whole sequence');
    }
    return node.outputs.map((_, index) => (index === 0 && recurrence.returnSequences ? 'steps' : 'last'));
  }
  if (streaming === 'never') throw notStreamable(node.layer, name, 'needs the whole sequence');
  if (streaming === 'sequence' && inputs.includes('steps')) throw notStreamable(node.layer, name, 'needs the whole sequence');
  if (inputs.includes('steps') && inputs.includes('last'))
    throw notStreamable(node.layer, name, 'joins single steps with what the whole sequence gives');
  const result = inputs.includes('steps') ? 'steps' : inputs.includes('last') ? 'last' : 'static';
  return node.outputs.map(() => result);
}

function becomesRows(definition: ModelDefinition, input: SymbolicTensor): boolean {
  return definition.graph.nodes.some((node) => {
    if (!node.inputs.includes(input)) return false;
    if (isModel(node.layer.definition)) {
      const inner = node.layer.definition;
      return inner.graph.inputs.some((symbol, index) => node.inputs[index] === input && becomesRows(inner, symbol));
    }
    return node.layer.definition.streaming === 'steps' && (node.outputs[0]?.shape.length ?? 0) > input.shape.length;
  });
}

function isModel(definition: object): definition is ModelDefinition {
  return 'graph' in definition;
}

function notStreamable(layer: Layer<unknown>, name: string, why: string): CellstateError {
  return new CellstateError('NOT_STREAMABLE', `The model cannot run step by step: ${name} ${why}.`, {
    expected: 'layers that need no later step',
    received: layer.className,
    where: name,
    hint: 'Use predict on whole sequences.',
  });
}
