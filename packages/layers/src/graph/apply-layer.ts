import { CellstateError, checkOptions, describe } from '@cellstate/core';
import type {
  ApplyOptions,
  GivenMask,
  GraphNode,
  Layer,
  LayerDefinition,
  SymbolicTensor,
  SymbolicTensors,
  TensorSpec,
} from '../contract.ts';
import { placed } from './placed.ts';

/** What `apply` returns when nothing is known about the layer. */
export type Applied = SymbolicTensor | readonly SymbolicTensor[] | Readonly<Record<string, SymbolicTensor>>;

/**
 * Adds a call of a layer to the graph. Only shapes are worked out; parameters come with the model.
 *
 * @throws CellstateError `SHAPE_MISMATCH` for inputs the layer cannot take, `NOT_SYMBOLIC` for anything but symbolic tensors,
 * `NO_STATE` for an `initialState` to a layer that has none, `INVALID_OPTION` for more masks than inputs, `UNKNOWN_OPTION`.
 */
export function applyLayer(layer: Layer<unknown>, inputs: SymbolicTensors, options: ApplyOptions = {}): Applied {
  checkOptions(options, ['initialState', 'mask'], `${layer.name}.apply`);
  const flat = flattenInputs(layer, inputs);
  checkDeclared(layer, flat[0] as SymbolicTensor);
  const initialState = stateInputs(layer, options.initialState);
  const node: { -readonly [K in keyof GraphNode]: GraphNode[K] } = {
    layer,
    inputs: flat,
    initialState,
    masks: givenMasks(layer, options.mask, flat.length),
    outputs: [],
  };
  const specs = outputSpecs(layer, flat);
  node.outputs = specs.map(({ shape, dtype }, index) => ({ shape, dtype, node, index }));
  return packOutputs(layer.definition, node.outputs);
}

/** The shapes a layer gives for these inputs; its errors are told the layer's name. */
export function outputSpecs(layer: Layer<unknown>, inputs: readonly TensorSpec[]): readonly TensorSpec[] {
  return placed(layer.name, () => layer.definition.outputs(inputs.map(({ shape, dtype }) => ({ shape, dtype }))));
}

/** Outputs in the form `apply` and `call` promise: one, a list, or a record. */
export function packOutputs<T>(definition: LayerDefinition, outputs: readonly T[]): T | readonly T[] | Readonly<Record<string, T>> {
  const structure = definition.outputStructure ?? (outputs.length === 1 ? 'one' : 'list');
  if (structure === 'one') return outputs[0] as T;
  if (structure === 'list') return outputs;
  return Object.fromEntries(structure.map((name, index) => [name, outputs[index] as T]));
}

/** Whether a value is a symbolic tensor. */
export function isSymbolic(value: unknown): value is SymbolicTensor {
  return typeof value === 'object' && value !== null && 'node' in value && 'shape' in value && 'index' in value;
}

function flattenInputs(layer: Layer<unknown>, inputs: SymbolicTensors): readonly SymbolicTensor[] {
  if (isSymbolic(inputs)) return [inputs];
  const names = layer.definition.inputNames;
  const list = Array.isArray(inputs) ? inputs : names?.map((name) => (inputs as Readonly<Record<string, SymbolicTensor>>)?.[name]);
  if (list === undefined || list.length === 0 || !list.every(isSymbolic)) throw notSymbolic(layer, inputs);
  return list;
}

/** A layer that says the shape of its input is held to it, wherever it stands. */
function checkDeclared(layer: Layer<unknown>, { shape }: SymbolicTensor): void {
  const { inputShape, batchInputShape } = layer.options;
  const declared = batchInputShape ?? (inputShape === undefined ? undefined : [null, ...inputShape]);
  if (declared === undefined) return;
  const agree = (a: number | null | undefined, b: number | null | undefined) => a === null || b === null || a === b;
  if (declared.length === shape.length && declared.every((length, axis) => agree(length, shape[axis]))) return;
  throw new CellstateError('SHAPE_MISMATCH', 'The input is not what the layer declares.', {
    expected: describe(declared),
    received: describe(shape),
    where: layer.name,
    hint: 'Only the first layer of a model needs inputShape.',
  });
}

function stateInputs(layer: Layer<unknown>, given: ApplyOptions['initialState']): readonly SymbolicTensor[] | null {
  if (given === undefined) return null;
  const shapes = layer.definition.initialStateShapes;
  if (shapes === undefined) {
    throw new CellstateError('NO_STATE', 'Only a recurrent layer takes an initial state.', {
      expected: 'lstm, gru, simpleRnn, rnn or bidirectional',
      received: layer.className,
      where: layer.name,
    });
  }
  const states = isSymbolic(given) ? [given] : given;
  if (!Array.isArray(states) || !states.every(isSymbolic)) throw notSymbolic(layer, given);
  const fits = states.length === shapes.length && shapes.every((shape, i) => agrees((states[i] as SymbolicTensor).shape.slice(1), shape));
  if (!fits) {
    throw new CellstateError('SHAPE_MISMATCH', 'The initial state does not fit the layer.', {
      expected: shapes.map((shape) => describe([null, ...shape])).join(', '),
      received: states.map(({ shape }) => describe(shape)).join(', '),
      where: `${layer.name}, argument initialState`,
    });
  }
  return states;
}

function givenMasks(layer: Layer<unknown>, given: ApplyOptions['mask'], inputs: number): readonly GivenMask[] {
  if (given === undefined) return [];
  if (given === null) return Array.from({ length: inputs }, () => null);
  const masks: readonly GivenMask[] = isSymbolic(given) ? [given] : given;
  const isMask = (mask: GivenMask) => mask === undefined || mask === null || isSymbolic(mask);
  if (!Array.isArray(masks) || !masks.every(isMask)) throw notSymbolic(layer, given);
  if (masks.length <= inputs) return masks;
  throw new CellstateError('INVALID_OPTION', 'There are more masks than inputs.', {
    expected: `at most ${inputs}, one for each input`,
    received: String(masks.length),
    where: `${layer.name}, argument mask`,
  });
}

function agrees(shape: readonly (number | null)[], wanted: readonly number[]): boolean {
  return shape.length === wanted.length && wanted.every((length, axis) => shape[axis] === null || shape[axis] === length);
}

function notSymbolic(layer: Layer<unknown>, received: unknown): CellstateError {
  return new CellstateError('NOT_SYMBOLIC', 'A layer is applied to the symbolic tensors of a graph.', {
    expected: 'the result of input(…) or of another apply(…)',
    received: typeof received === 'object' && received !== null ? (received.constructor?.name ?? 'an object') : String(received),
    where: layer.name,
    hint: 'To compute with real values, put the layer in a model and use predict or call.',
  });
}
