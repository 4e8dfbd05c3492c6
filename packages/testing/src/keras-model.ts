import { type ArrayDescription, type Made, shapeOf } from './keras-fixtures.ts';

/** A graph of layers as plain data. */
export interface ModelDescription {
  readonly inputs: Readonly<Record<string, ArrayDescription>>;
  /** Layers that several nodes call. */
  readonly layers?: Readonly<Record<string, Made>>;
  readonly nodes?: readonly NodeDescription[];
  /** In place of `nodes`: layers one behind the other, from the first input on; the last one gives the outputs. */
  readonly row?: readonly Made[];
  readonly outputs: readonly string[];
}

interface NodeDescription {
  /** A layer, or the name of one in `layers`. */
  readonly layer: string | Made;
  readonly of: string | readonly string[];
  readonly as: string | readonly string[];
  readonly initialState?: readonly string[];
  readonly mask?: string;
}

interface Symbolic {
  readonly node: unknown;
}

interface Applicable {
  apply(inputs: Symbolic | readonly Symbolic[], options: object): Symbolic | readonly Symbolic[];
}

/** Names what a call would give that Keras refuses, however many outputs that were. */
const REFUSED = 'refused';

/** What `@cellstate/layers` exports, as far as this file goes; it cannot be imported here. */
export interface Layers<Model> {
  input(options: { batchShape: readonly (number | null)[]; dtype: 'float32' | 'int32' | 'bool'; name?: string }): object;
  // biome-ignore lint/suspicious/noExplicitAny: the parameters differ with each caller's own generics.
  model(options: any): Model;
}

/**
 * Makes a model of a description, as tooling/keras/build.py makes one in Keras.
 *
 * @param layers the exports of `@cellstate/layers`.
 * @param rows the rows of every input, null for any; absent: those of the description.
 */
export function kerasModel<Model>(description: ModelDescription, layers: Layers<Model>, rows?: number | null): Model {
  const tensors = new Map<string, Symbolic>();
  for (const [name, array] of Object.entries(description.inputs)) {
    const [first, ...rest] = array.declared ?? shapeOf(array);
    const batchShape = [rows === undefined ? (first as number | null) : rows, ...rest];
    tensors.set(name, layers.input({ batchShape, dtype: array.dtype ?? 'float32' }) as Symbolic);
  }
  const found = (name: string) => tensors.get(name) as Symbolic;
  const inputs = [...tensors.values()];
  const shared = Object.fromEntries(Object.entries(description.layers ?? {}).map(([name, made]) => [name, layerOf(made, layers)]));
  for (const { layer, of, as, initialState, mask } of nodesOf(description)) {
    const applied = typeof layer === 'string' ? (shared[layer] as Applicable) : layerOf(layer, layers);
    const outputs = applied.apply(typeof of === 'string' ? found(of) : of.map(found), {
      ...(initialState === undefined ? {} : { initialState: initialState.map(found) }),
      ...(mask === undefined ? {} : { mask: found(mask) }),
    });
    const list = Array.isArray(outputs) ? (outputs as readonly Symbolic[]) : [outputs as Symbolic];
    const names = typeof as === 'string' ? [as] : as;
    if (names.length !== list.length && as !== REFUSED)
      throw new Error(`Expected ${names.length} outputs of ${JSON.stringify(layer)}, received ${list.length}.`);
    for (const [i, name] of names.entries()) tensors.set(name, list[i] as Symbolic);
  }
  const outputs = description.outputs.map(found);
  return layers.model({ inputs, outputs: outputs.length === 1 ? outputs[0] : outputs });
}

function nodesOf({ nodes, row = [], inputs, outputs }: ModelDescription): readonly NodeDescription[] {
  if (nodes !== undefined) return nodes;
  const name = (i: number) => (i === 0 ? (Object.keys(inputs)[0] as string) : `row${i}`);
  return row.map((layer, i) => ({ layer, of: name(i), as: i === row.length - 1 ? outputs : name(i + 1) }));
}

function layerOf<Model>({ type, ...options }: Made, layers: Layers<Model>): Applicable {
  if (type === 'model') return kerasModel(options as unknown as ModelDescription, layers) as Applicable;
  const factory = (layers as unknown as Readonly<Record<string, (options: object) => Applicable>>)[type];
  if (factory === undefined) throw new Error(`There is no layer ${type}.`);
  const inner = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inner);
    return typeof value === 'object' && value !== null && 'type' in value ? layerOf(value as Made, layers) : value;
  };
  return factory(Object.fromEntries(Object.entries(options).map(([name, value]) => [name, inner(value)])));
}
