import { CellstateError } from '@cellstate/core';
import { input, type Layer, type Model, model, permute, type SymbolicTensor } from '@cellstate/layers';
import { type CallEntry, type GraphEntry, MODELS, type Reference, readEntry, type StatedMask, triple } from './graph-entry.ts';
import { invalidConfig, isObject, type Json, type JsonObject, listAt, own } from './json.ts';
import { type MaskRule, maskRule } from './mask-operations.ts';
import { readInput } from './read-input.ts';
import type { Reading } from './reading.ts';
import { sound } from './sound.ts';

/** A model of a graph from its configuration. Its layers keep the order of the file, by which their weights are named. */
export function readFunctional(config: JsonObject, reading: Reading, where: string): Model<unknown> {
  const entries = listAt(config, 'layers', where).map((entry) => readEntry(entry, where));
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  if (byName.size < entries.length)
    throw invalidConfig(where, { expected: 'a name of its own for each layer', received: entries.map(({ name }) => name) });
  const masks = maskRule(entries, { where, masked: reading.within });
  const graph: Graph = {
    reading: { ...reading, within: true },
    where,
    masks,
    outputs: new Map(),
    layers: new Map(),
    names: new Set(byName.keys()),
    shifted: shiftedModels(entries),
  };
  const layers = entries.filter(({ operation }) => !operation);
  for (const entry of layers) addEntry(graph, entry);
  applyAll(graph, layers);
  const ends = (key: string) => readEnds(graph, own(config, key), `${where}, ${key}`);
  const name = own(config, 'name');
  const built = sound(where, () =>
    model({
      inputs: ends('input_layers'),
      outputs: ends('output_layers'),
      ...(typeof name === 'string' ? { name } : {}),
    }),
  ) as Model<unknown>;
  reading.models.push(built);
  if (own(config, 'trainable') === false) built.trainable = false;
  const order = layers.map(({ name: layer }) => graph.layers.get(layer) as Layer<unknown>);
  reading.order.set(
    built,
    order.filter((layer) => built.layers.includes(layer)),
  );
  return built;
}

interface Graph {
  readonly reading: Reading;
  readonly where: string;
  readonly masks: MaskRule;
  /** The outputs of each call, by the layer's name. */
  readonly outputs: Map<string, (readonly SymbolicTensor[])[]>;
  readonly layers: Map<string, Layer<unknown>>;
  /** Every name that is taken. */
  readonly names: Set<string>;
  /** Names of inner models whose calls count from 1: in `input_layers` and `output_layers`, and with Keras 2 everywhere. */
  readonly shifted: { readonly ends: ReadonlySet<string>; readonly calls: ReadonlySet<string> };
}

/** A model starts with a call of its own in Keras' books, which some of its indices count. */
function shiftedModels(entries: readonly GraphEntry[]): Graph['shifted'] {
  const legacy = ({ object }: GraphEntry) => (own(object, 'inbound_nodes') as readonly Json[] | undefined)?.some(Array.isArray) === true;
  const old = entries.some(legacy);
  const names = (classes: readonly string[]) =>
    new Set(entries.filter(({ className }) => classes.includes(className)).map(({ name }) => name));
  return { ends: names(old ? MODELS : ['Functional', 'Model']), calls: names(old ? MODELS : []) };
}

function addEntry(graph: Graph, entry: GraphEntry): void {
  const { where, reading } = graph;
  const { name, className, object } = entry;
  graph.outputs.set(name, []);
  if (className === 'InputLayer') {
    const tensor = sound(`${where}, ${name}`, () => input({ ...readInput(object, `${where}, ${name}`), name }));
    graph.outputs.set(name, [[tensor]]);
    graph.layers.set(name, tensor.node.layer);
    return;
  }
  const [call] = entry.calls;
  const options = call?.options ?? {};
  const other = entry.calls.find((each) => JSON.stringify(each.options) !== JSON.stringify(options));
  if (other !== undefined) {
    throw new CellstateError('UNSUPPORTED_OPTION', 'A shared layer is called with different arguments.', {
      expected: JSON.stringify(options),
      received: JSON.stringify(other.options),
      where: `${where}, ${name}`,
    });
  }
  graph.layers.set(name, reading.readLayer(object, reading, { where, call: options }));
}

/** Applies every call once its inputs are there. The order of calls within a layer is that of the file. */
function applyAll(graph: Graph, entries: readonly GraphEntry[]): void {
  const done = ({ name }: GraphEntry) => (graph.outputs.get(name) as (readonly SymbolicTensor[])[]).length;
  let waiting = entries.filter((entry) => done(entry) < entry.calls.length);
  while (waiting.length > 0) {
    let moved = false;
    for (const entry of waiting) {
      for (let call = entry.calls[done(entry)]; call !== undefined && isReady(graph, call); call = entry.calls[done(entry)]) {
        graph.outputs.get(entry.name)?.push(applyCall(graph, entry, call));
        moved = true;
      }
    }
    waiting = waiting.filter((entry) => done(entry) < entry.calls.length);
    if (moved || waiting.length === 0) continue;
    throw invalidConfig(graph.where, { expected: 'calls that follow from the inputs', received: waiting.map(({ name }) => name) });
  }
}

function isReady(graph: Graph, { inputs, initialState, masks }: CallEntry): boolean {
  const own = masks.filter((mask) => mask !== undefined && mask !== null && !graph.masks.isOperation(mask)) as readonly Reference[];
  return [...inputs, ...(initialState ?? []), ...own].every((reference) => find(graph, reference, graph.shifted.calls) !== undefined);
}

function applyCall(graph: Graph, { name, className }: GraphEntry, call: CallEntry): readonly SymbolicTensor[] {
  const where = `${graph.where}, ${name}`;
  const layer = graph.layers.get(name) as Layer<unknown>;
  const tensor = (reference: Reference) => find(graph, reference, graph.shifted.calls) as SymbolicTensor;
  const inputs = call.inputs.map((reference) =>
    overlooksMask(graph, className, reference) ? unmasked(graph, reference.layer, tensor(reference)) : tensor(reference),
  );
  const masks = graph.masks.explicit(name, call);
  const given = (mask: StatedMask) => (mask === undefined || mask === null ? mask : tensor(mask));
  return sound(where, () => {
    const applied = layer.apply(inputs.length === 1 ? (inputs[0] as SymbolicTensor) : inputs, {
      ...(call.initialState === null ? {} : { initialState: call.initialState.map(tensor) }),
      ...(masks.length === 0 ? {} : { mask: masks.map(given) }),
    });
    graph.reading.budget.take(layer, inputs);
    const [first] = [applied].flat().flatMap((each) => (isTensor(each) ? [each] : Object.values(each as object)));
    const { outputs } = (first as SymbolicTensor).node;
    return losesMask(graph, className, call) ? [unmasked(graph, name, outputs[0] as SymbolicTensor), ...outputs.slice(1)] : outputs;
  });
}

/** Layers whose first argument is a list and whose output has a mask if the inputs have. */
const LISTED = ['Add', 'Subtract', 'Average', 'Concatenate', 'Attention', 'AdditiveAttention'];

/** Merges that saw no masks at all before 3.4; later Multiply takes masked values as ones, and the others leave them out. */
const OVERLOOKING = ['Multiply', 'Minimum', 'Maximum'];

function overlooksMask({ reading, masks }: Graph, className: string, input: Reference): boolean {
  if (className === 'Concatenate') return masks.takenForUnmasked(input);
  return reading.listsLoseMasks && OVERLOOKING.includes(className) && masks.mayBeMasked(input);
}

function losesMask({ reading, masks }: Graph, className: string, { inputs }: CallEntry): boolean {
  return reading.listsLoseMasks && LISTED.includes(className) && inputs.some(masks.mayBeMasked);
}

/** The tensor without its mask: by a layer, so that a file that is written of it says so to every version of Keras. */
function unmasked(graph: Graph, name: string, tensor: SymbolicTensor): SymbolicTensor {
  let own = `${name}_without_mask`;
  while (graph.names.has(own)) own += '_';
  graph.names.add(own);
  return permute({ dims: tensor.shape.slice(1).map((_, axis) => axis + 1), name: own }).apply(tensor);
}

function isTensor(value: unknown): value is SymbolicTensor {
  return typeof value === 'object' && value !== null && 'node' in value;
}

function find(graph: Graph, { layer, call, output }: Reference, shifted: ReadonlySet<string>): SymbolicTensor | undefined {
  return graph.outputs.get(layer)?.[shifted.has(layer) ? call - 1 : call]?.[output];
}

/** Inputs or outputs: one triple, a list of triples, or a record of them. */
function readEnds(
  graph: Graph,
  value: Json | undefined,
  where: string,
): SymbolicTensor | SymbolicTensor[] | Record<string, SymbolicTensor> {
  const tensor = (item: Json): SymbolicTensor => {
    const found = find(graph, triple(item, where), graph.shifted.ends);
    if (found !== undefined) return found;
    throw invalidConfig(where, { expected: 'a call of a layer in the model', received: item });
  };
  if (isObject(value))
    return Object.fromEntries(
      Object.keys(value)
        .sort()
        .map((key) => [key, tensor(value[key] as Json)]),
    );
  if (!Array.isArray(value) || value.length === 0) throw invalidConfig(where, { expected: 'a list', received: value });
  if (typeof value[0] === 'string') return tensor(value);
  const tensors = value.map(tensor);
  return tensors.length === 1 ? (tensors[0] as SymbolicTensor) : tensors;
}
