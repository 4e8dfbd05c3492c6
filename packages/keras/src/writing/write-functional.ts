import type { Config, Part, TensorSpec } from '@cellstate/layers';
import type { Json, JsonObject } from '../config/json.ts';
import { kerasOrder } from '../weights/keras-order.ts';
import { isModel } from '../weights/weight-places.ts';
import type { Described, Within } from './described.ts';
import { namesBesideMasks } from './names-beside-masks.ts';
import { writeCallOptions } from './write-call-options.ts';
import { type WrittenMask, writeMasks } from './write-masks.ts';

/** `[layer, which call of it, which output]`. */
type Origin = readonly [string, number, number];

interface Node {
  readonly inputs: readonly Origin[];
  readonly initialState: readonly Origin[] | null;
  readonly masks: readonly WrittenMask<Origin>[];
  readonly outputs: readonly TensorSpec[];
}

interface Entry extends Described {
  readonly name: string;
  readonly inboundNodes: readonly Node[];
}

/**
 * The configuration of a graph. Layers stand in the order that Keras gives them, by which their weights are numbered. The masks that layers make
 * are not written: Keras makes them anew. Ends are lists of triples, which all versions read; only
 * inputs or outputs by name need the record of later versions.
 */
export function writeFunctional(
  { name, trainable, layers, inputLayers, outputLayers }: Config,
  { where, part, writeLayer }: Within,
): JsonObject {
  const found = partsOf(part);
  const entries = inKerasOrder(layers as unknown as readonly Entry[], found);
  const specs = new Map(entries.map((entry) => [entry.name, entry]));
  const names = namesBesideMasks(entries);
  const named = (layer: string) => names.get(layer) as string;
  const symbol = (origin: Origin) => tensor(origin, specs, named(origin[0]));
  // Keras counts a call of its own for a Functional within, at the ends of the graph only.
  const end = ([layer, call, output]: Origin): Json => [
    named(layer),
    specs.get(layer)?.className === 'Functional' ? call + 1 : call,
    output,
  ];
  const ends = (value: unknown): Json => {
    if (!Array.isArray(value))
      return Object.fromEntries(Object.entries(value as Record<string, Origin>).map(([key, origin]) => [key, end(origin)]));
    return typeof value[0] === 'string' ? [end(value as unknown as Origin)] : (value as readonly Origin[]).map(end);
  };
  return {
    name: name as Json,
    trainable: trainable as Json,
    layers: entries.map((entry) => ({
      ...writeLayer(
        { className: entry.className, config: { ...entry.config, name: named(entry.name) } },
        { where, part: found.get(entry.name) },
      ),
      name: named(entry.name),
      inbound_nodes: entry.inboundNodes.map((node) => writeNode(node, entry, { tensor: symbol, where: `${where}, ${entry.name}` })),
    })),
    input_layers: ends(inputLayers),
    output_layers: ends(outputLayers),
  };
}

/** The layers of a model by their names, in the order of Keras. */
function partsOf(part: Part | undefined): ReadonlyMap<string, Part> {
  if (part === undefined || !isModel(part)) return new Map();
  const { names } = part.definition;
  return new Map(kerasOrder(part).map((layer) => [names.get(layer) as string, layer]));
}

function inKerasOrder(entries: readonly Entry[], parts: ReadonlyMap<string, Part>): readonly Entry[] {
  const order = new Map([...parts.keys()].map((name, index) => [name, index]));
  const rank = ({ name }: Entry) => order.get(name) ?? 0;
  return [...entries].sort((a, b) => rank(a) - rank(b));
}

/** Layers that take their inputs as one list. */
const LISTED = ['Add', 'Subtract', 'Multiply', 'Average', 'Maximum', 'Minimum', 'Concatenate', 'Dot', 'Attention', 'AdditiveAttention'];

function writeNode(
  { inputs, initialState, masks }: Node,
  entry: Entry,
  { tensor, where }: { readonly tensor: (origin: Origin) => JsonObject; readonly where: string },
): JsonObject {
  const tensors = inputs.map(tensor);
  const listed = LISTED.includes(entry.className) || (tensors.length > 1 && entry.className !== 'MultiHeadAttention');
  return {
    args: listed ? [tensors] : tensors,
    kwargs: {
      ...(initialState === null ? {} : { initial_state: initialState.map(tensor) }),
      ...writeMasks({ className: entry.className, inputs: inputs.length, masks }, { where, tensor }),
      ...writeCallOptions(entry),
    },
  };
}

/** Keras reads the history; early versions also want a shape. */
function tensor([layer, call, output]: Origin, entries: ReadonlyMap<string, Entry>, name: string): JsonObject {
  const entry = entries.get(layer) as Entry;
  const { batchShape, dtype } = entry.config;
  const spec = entry.className === 'InputLayer' ? { shape: batchShape, dtype } : entry.inboundNodes[call]?.outputs[output];
  return {
    class_name: '__keras_tensor__',
    config: { shape: (spec?.shape ?? null) as Json, dtype: (spec?.dtype ?? 'float32') as Json, keras_history: [name, call, output] },
  };
}
