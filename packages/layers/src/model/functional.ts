import { CellstateError, checkOptions } from '@cellstate/core';
import { checkSeed } from '../check-option-types.ts';
import type { Config, Layer, SymbolicTensor, SymbolicTensors } from '../contract.ts';
import { isSymbolic } from '../graph/apply-layer.ts';
import { type Graph, traceGraph } from '../graph/graph.ts';
import { createModel } from './create-model.ts';
import type { Model } from './model.ts';

export interface FunctionalOptions<Outputs extends SymbolicTensors> {
  /** What `input(…)` gave: one, a list, or a record whose keys name the inputs. */
  readonly inputs: SymbolicTensors;
  /** What the model gives: one, a list, or a record whose keys name the outputs. */
  readonly outputs: Outputs;
  /** Default functional, or functional_1 … as a layer of another model. */
  readonly name?: string;
  /** The seed of the parameters' initial values. Default 0. Layers that another model has built keep their values. */
  readonly seed?: number;
}

/**
 * Makes a model of a graph: every layer between inputs and outputs, named and built. Keras' Model(inputs, outputs).
 *
 * @throws CellstateError `INVALID_GRAPH` when outputs depend on other inputs, `DUPLICATE_NAME`, `UNKNOWN_OPTION`; what a layer
 * throws for shapes it cannot take.
 *
 * @example
 * ```ts
 * import { dense, input, lstm, model, repeatVector } from '@cellstate/layers';
 *
 * const x = input({ shape: [5, 2] });
 * const code = lstm({ units: 3 }).apply(x);
 * const encoder = model({ inputs: x, outputs: code });
 * const autoencoder = model({ inputs: x, outputs: lstm({ units: 2, returnSequences: true }).apply(repeatVector({ n: 5 }).apply(encoder.apply(x))) });
 * autoencoder.outputs[0].shape; // → [null, 5, 2]
 * ```
 */
export function model<const Outputs extends SymbolicTensors>(options: FunctionalOptions<Outputs>): Model<Outputs> {
  checkOptions(options, ['inputs', 'outputs', 'name', 'seed'], 'model');
  checkSeed(options?.seed, 'model');
  const inputs = symbolicList(options?.inputs, 'inputs');
  const outputs = symbolicList(options.outputs, 'outputs');
  const graph = traceGraph(inputs.tensors, outputs.tensors);
  return createModel<Outputs>({
    className: 'Functional',
    graph,
    name: options.name,
    seed: options.seed ?? 0,
    inputNames: inputs.names,
    outputStructure: outputs.names ?? (isSymbolic(options.outputs) ? 'one' : 'list'),
    listed: graph.layers,
    config: (names) => graphConfig(graph, { names, inputs, outputs }),
  });
}

/** The same as `model`, so that `const model = functional({ … })` reads well. */
export const functional: typeof model = model;

interface SymbolicList {
  readonly tensors: readonly SymbolicTensor[];
  readonly names: readonly string[] | undefined;
}

function symbolicList(given: SymbolicTensors, where: string): SymbolicList {
  const record = !isSymbolic(given) && !Array.isArray(given) && typeof given === 'object' && given !== null;
  const tensors = isSymbolic(given) ? [given] : Array.isArray(given) ? given : record ? Object.values(given) : [];
  if (tensors.length > 0 && tensors.every(isSymbolic)) return { tensors, names: record ? Object.keys(given) : undefined };
  throw new CellstateError('NOT_SYMBOLIC', `The ${where} of a model are symbolic tensors.`, {
    expected: 'results of input(…) and apply(…): one, a list, or a record',
    received: tensors.length === 0 ? String(given) : 'something else among them',
    where: `model, ${where}`,
  });
}

interface ConfigParts {
  readonly names: ReadonlyMap<Layer<unknown>, string>;
  readonly inputs: SymbolicList;
  readonly outputs: SymbolicList;
}

/** `[layer, which call of it, which output]`, the calls counted within this graph. */
function graphConfig(graph: Graph, { names, inputs, outputs }: ConfigParts): Config {
  const callsOf = (layer: Layer<unknown>) => graph.nodes.filter((node) => node.layer === layer);
  const origin = ({ node, index }: SymbolicTensor) => [
    names.get(node.layer) as string,
    Math.max(0, callsOf(node.layer).indexOf(node)),
    index,
  ];
  const ends = ({ tensors, names: keys }: SymbolicList, single: boolean) => {
    const origins = tensors.map(origin);
    if (keys !== undefined) return Object.fromEntries(keys.map((key, i) => [key, origins[i] as (string | number)[]]));
    return single && origins.length === 1 ? (origins[0] as (string | number)[]) : origins;
  };
  return {
    layers: graph.layers.map((layer) => ({
      className: layer.className,
      name: names.get(layer) as string,
      config: { ...layer.getConfig(), name: names.get(layer) as string },
      inboundNodes: callsOf(layer).map((node) => ({
        inputs: node.inputs.map(origin),
        initialState: node.initialState?.map(origin) ?? null,
        masks: node.masks.map((mask) => (mask === undefined ? 'own' : mask === null ? null : origin(mask))),
        outputs: node.outputs.map(({ shape, dtype }) => ({ shape, dtype })),
      })),
    })),
    inputLayers: ends(inputs, true),
    outputLayers: ends(outputs, true),
  };
}
