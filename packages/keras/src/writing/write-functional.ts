import type { Config, TensorSpec } from '@cellstate/layers';
import type { Json, JsonObject } from '../config/json.ts';
import type { Described, Within } from './described.ts';
import { namesBesideMasks } from './names-beside-masks.ts';
import { writeCallOptions } from './write-call-options.ts';

/** `[layer, which call of it, which output]`. */
type Origin = readonly [string, number, number];

interface Node {
  readonly inputs: readonly Origin[];
  readonly initialState: readonly Origin[] | null;
  readonly mask: Origin | null;
  readonly outputs: readonly TensorSpec[];
}

interface Entry extends Described {
  readonly name: string;
  readonly inboundNodes: readonly Node[];
}

/**
 * The configuration of a graph. Masks are not written: Keras makes them anew. Ends are lists of triples, which all versions read; only
 * inputs or outputs by name need the record of later versions.
 */
export function writeFunctional({ name, trainable, layers, inputLayers, outputLayers }: Config, { where, writeLayer }: Within): JsonObject {
  const entries = layers as unknown as readonly Entry[];
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
      ...writeLayer({ className: entry.className, config: { ...entry.config, name: named(entry.name) } }, where),
      name: named(entry.name),
      inbound_nodes: entry.inboundNodes.map((node) => writeNode(node, entry, symbol)),
    })),
    input_layers: ends(inputLayers),
    output_layers: ends(outputLayers),
  };
}

/** Layers that take their inputs as one list. */
const LISTED = ['Add', 'Subtract', 'Multiply', 'Average', 'Maximum', 'Minimum', 'Concatenate', 'Dot', 'Attention', 'AdditiveAttention'];

function writeNode({ inputs, initialState, mask }: Node, entry: Entry, tensor: (origin: Origin) => JsonObject): JsonObject {
  const tensors = inputs.map(tensor);
  const listed = LISTED.includes(entry.className) || (tensors.length > 1 && entry.className !== 'MultiHeadAttention');
  return {
    args: listed ? [tensors] : tensors,
    kwargs: {
      ...(initialState === null ? {} : { initial_state: initialState.map(tensor) }),
      ...(mask === null ? {} : { mask: tensor(mask) }),
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
