import { CellstateError, checkOptions, describe } from '@cellstate/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Child, Config, InnerCall, Layer, Port, State, SymbolicTensor, TensorSpec } from '../contract.ts';
import { outputSpecs } from '../graph/apply-layer.ts';
import type { Graph } from '../graph/graph.ts';
import { buildPart, freeUnheld, holdPart, namePart, releasePart, walkParts } from '../graph/part.ts';
import { runGraph } from '../graph/run-graph.ts';
import { uniqueNames } from '../graph/snake-case.ts';
import { defineLayer } from '../layer.ts';
import { callModel, checkAlive } from './call-model.ts';
import { explain } from './explain.ts';
import type { Model, ModelDefinition } from './model.ts';
import { passPlanner } from './pass-plan.ts';
import { predict } from './predict.ts';
import { recurrentCalls } from './recurrent-calls.ts';
import { createStream } from './stream.ts';
import { summarize } from './summary.ts';
import { parametersOf } from './weights.ts';

export interface ModelSpec {
  readonly className: 'Functional' | 'Sequential';
  readonly graph: Graph;
  readonly name: string | undefined;
  /** The seed from which the initial values of parameters are drawn. */
  readonly seed: number;
  /** Given when inputs or outputs go by names. */
  readonly inputNames: readonly string[] | undefined;
  readonly outputStructure: 'one' | 'list' | readonly string[];
  /** The model's layers as `layers` and the configuration list them. */
  readonly listed: readonly Layer<unknown>[];
  config(names: ReadonlyMap<Layer<unknown>, string>): Config;
}

/** Names the layers of a graph, builds what is not built, and makes the model. */
export function createModel<Output>(spec: ModelSpec): Model<Output> {
  const { graph, className, listed } = spec;
  const names = nameLayers(graph.layers);
  const inputs = ports(graph.inputs, spec.inputNames, names);
  const outputs = ports(graph.outputs, typeof spec.outputStructure === 'string' ? undefined : spec.outputStructure, names);
  const definition: ModelDefinition = {
    className,
    graph,
    names,
    inputNames: inputs.map(({ name }) => name),
    outputStructure: spec.outputStructure,
    children: graph.layers.map(
      (layer): Child => ({ role: 'layers', part: layer, name: names.get(layer) as string, inputs: () => inputsOf(graph, layer) }),
    ),
    innerCalls: graph.nodes.map(
      (node): InnerCall => ({ layer: node.layer, name: names.get(node.layer) as string, wired: node.initialState !== null }),
    ),
    config: () => spec.config(names),
    outputs: (given) => inferOutputs(graph, given),
    call: (tensors, context) => runGraph(graph, { inputs: tensors, masks: context.masks, names, run: context.call }),
  };
  const layer = defineLayer<Output>(definition, spec.name === undefined ? {} : { name: spec.name });
  let built = false;
  try {
    build(graph, names, spec.seed);
    built = true;
  } finally {
    if (!built) walkParts(layer, '', freeUnheld);
  }
  walkParts(layer, '', holdPart);
  const calls = recurrentCalls(definition);
  const plan = passPlanner(() => model);
  let disposed = false;

  const own: Omit<Model<Output>, Exclude<keyof Layer<Output>, 'parameters'>> = {
    layers: listed,
    inputs,
    outputs,
    batchSize: pinnedBatch(inputs),
    recurrentCalls: calls,
    statefulCalls: calls.filter(({ stateful }) => stateful).map(({ path }) => path),
    // Worked out when read, because `trainable` may change at any time. The model's own name is no part of the paths.
    get parameters() {
      checkAlive(model);
      return parametersOf(layer, '');
    },
    get disposed() {
      return disposed;
    },
    getLayer: (name) => findLayer(model, name),
    call: (tensors, options) => callModel(model, tensors, options),
    arrayPass: (shapes, options = {}) => {
      checkAlive(model);
      checkOptions(options, ['training', 'inputGradients'], `${model.name}.arrayPass`);
      return plan(shapes, options);
    },
    initialState: (batchSize) => zeroState(model, batchSize),
    predict: (x, options) => predict(model, x, options),
    stream: (options) => createStream(model, options),
    summary: () => summarize(model),
    explain: () => explain(model),
    dispose: () => {
      if (!disposed) walkParts(layer, '', releasePart);
      disposed = true;
    },
    resetStates: () => refuse(model, 'resetStates', 'State belongs to whoever carries it: trainer.resetStates() or stream.reset().'),
    compile: () => refuse(model, 'compile', 'Write createTrainer(model, { optimizer, loss, metrics }) from @cellstate/trainers.'),
    fit: () =>
      refuse(model, 'fit', 'Write await createTrainer(model, { optimizer, loss }).fit({ x, y }, { epochs }) from @cellstate/trainers.'),
  };
  const model = Object.defineProperties(layer, Object.getOwnPropertyDescriptors(own)) as Model<Output>;
  return model;
}

function nameLayers(layers: readonly Layer<unknown>[]): ReadonlyMap<Layer<unknown>, string> {
  const explicit = layers.filter(({ named }) => named).map(({ name }) => name);
  const repeated = explicit.find((name, index) => explicit.indexOf(name) !== index);
  if (repeated !== undefined) {
    throw new CellstateError('DUPLICATE_NAME', 'Two layers of a model have one name.', {
      expected: 'a name of its own for each layer',
      received: `${repeated}, twice`,
      where: 'model',
    });
  }
  const names = uniqueNames(layers.map(({ name, named }) => ({ name, fixed: named })));
  for (const [index, layer] of layers.entries()) namePart(layer, names[index] as string);
  return new Map(layers.map((layer, index) => [layer, names[index] as string]));
}

function build(graph: Graph, names: ReadonlyMap<Layer<unknown>, string>, seed: number): void {
  for (const { layer, inputs } of graph.nodes) {
    buildPart(layer, { inputs: inputs.map(({ shape, dtype }) => ({ shape, dtype })), path: names.get(layer) as string, seed });
  }
}

/** What a layer of the graph was first applied to. */
function inputsOf(graph: Graph, layer: Layer<unknown>): readonly TensorSpec[] {
  return graph.nodes.find((node) => node.layer === layer)?.inputs ?? [];
}

function ports(
  tensors: readonly SymbolicTensor[],
  given: readonly string[] | undefined,
  names: ReadonlyMap<Layer<unknown>, string>,
): readonly Port[] {
  const found = given ?? uniqueNames(tensors.map(({ node }) => ({ name: names.get(node.layer) as string, fixed: false })));
  return tensors.map(({ shape, dtype }, index) => ({ name: found[index] as string, shape, dtype }));
}

function pinnedBatch(inputs: readonly Port[]): number | null {
  return inputs.map(({ shape }) => shape[0] ?? null).find((length) => length !== null) ?? null;
}

function inferOutputs(graph: Graph, given: readonly TensorSpec[]): readonly TensorSpec[] {
  if (given.length !== graph.inputs.length) {
    throw new CellstateError('SHAPE_MISMATCH', 'The number of inputs is not that of the model.', {
      expected: String(graph.inputs.length),
      received: String(given.length),
      where: 'inputs',
    });
  }
  for (const [index, { shape, node }] of graph.inputs.entries()) {
    const received = given[index]?.shape ?? [];
    const fits = shape.length === received.length && shape.every((length, axis) => axis === 0 || agree(length, received[axis] ?? null));
    if (fits) continue;
    throw new CellstateError('SHAPE_MISMATCH', 'The input is not what the model declares.', {
      expected: describe(shape),
      received: describe(received),
      where: node.layer.name,
    });
  }
  const specs = new Map<SymbolicTensor, TensorSpec>(graph.inputs.map((input, index) => [input, given[index] as TensorSpec]));
  for (const node of graph.nodes) {
    const outputs = outputSpecs(
      node.layer,
      node.inputs.map((input) => specs.get(input) as TensorSpec),
    );
    for (const [index, symbol] of node.outputs.entries()) specs.set(symbol, outputs[index] as TensorSpec);
  }
  return graph.outputs.map((output) => specs.get(output) as TensorSpec);
}

function agree(a: number | null, b: number | null): boolean {
  return a === null || b === null || a === b;
}

function zeroState(model: Model<unknown>, batchSize: number): State {
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new CellstateError('INVALID_OPTION', 'The batch size must be a positive integer.', {
      expected: 'a positive integer',
      received: String(batchSize),
      where: `${model.name}.initialState`,
    });
  }
  const own = model.recurrentCalls.filter(({ wired }) => !wired);
  return Object.fromEntries(own.map(({ path, stateShapes }) => [path, stateShapes.map((shape) => tf.zeros([batchSize, ...shape]))]));
}

function findLayer(model: Model<unknown>, name: string): Layer<unknown> {
  const found = [...model.definition.names].find(([, given]) => given === name);
  if (found !== undefined) return found[0];
  throw new CellstateError('UNKNOWN_LAYER', 'The model has no layer of this name.', {
    expected: [...model.definition.names.values()].join(', '),
    received: name,
    where: `${model.name}.getLayer`,
  });
}

function refuse(model: Model<unknown>, method: string, hint: string): never {
  throw new CellstateError('NOT_A_TRAINER', `A model is a pure function and has no ${method}.`, {
    expected: 'a trainer',
    received: 'a model',
    where: `${model.name}.${method}`,
    hint,
  });
}
