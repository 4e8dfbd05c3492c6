import { CellstateError } from '@cellstate/core';
import { invalidConfig, isObject, type Json, type JsonObject, listAt, own, textAt } from './json.ts';
import type { CallOptions } from './reading.ts';

/** An output of a call: the layer's name, which call of it, which output. */
export interface Reference {
  readonly layer: string;
  readonly call: number;
  readonly output: number;
}

export type StatedMask = Reference | null | undefined;

/** One call of a layer as a Functional configuration states it. */
export interface CallEntry {
  readonly inputs: readonly Reference[];
  readonly initialState: readonly Reference[] | null;
  /** The mask given for each input: a tensor, null where the call says that there is none, undefined where it says nothing. */
  readonly masks: readonly StatedMask[];
  /** Arguments that are no tensors. */
  readonly options: CallOptions;
}

/** A layer, or an operation, of a Functional configuration. */
export interface GraphEntry {
  readonly name: string;
  readonly className: string;
  readonly object: JsonObject;
  /** Whether it is an operation on tensors, as masks are made of, and no layer. */
  readonly operation: boolean;
  readonly calls: readonly CallEntry[];
}

const RECURRENT = ['LSTM', 'GRU', 'SimpleRNN', 'RNN', 'Bidirectional', 'CuDNNLSTM', 'CuDNNGRU'];
/** Arguments that are masks, with the input they are for. `mask` alone may be a list, from the first input on. */
const MASK_ARGUMENTS: Readonly<Record<string, number>> = { mask: 0, query_mask: 0, value_mask: 1, key_mask: 2 };
/** Layers that take a list of masks as it is; to others null says nothing, and they use the masks of their inputs. */
const ATTENTIONS = ['Attention', 'AdditiveAttention'];
/** Classes of models within a model. */
export const MODELS: readonly string[] = ['Sequential', 'Functional', 'Model'];

/** Reads an entry of `layers` with its calls. Throws `INVALID_CONFIG`, `UNSUPPORTED_OPTION`. */
export function readEntry(object: Json, where: string): GraphEntry {
  if (!isObject(object)) throw invalidConfig(where, { expected: 'a layer', received: object });
  const className = textAt(object, 'class_name', where);
  const config = own(object, 'config');
  const name = textAt(own(object, 'name') === undefined && isObject(config) ? config : object, 'name', where);
  const place = `${where}, ${name}`;
  const operation = /[.]ops\b/.test(String(own(object, 'module') ?? ''));
  const nodes = own(object, 'inbound_nodes') === undefined ? [] : listAt(object, 'inbound_nodes', place);
  return { name, className, object, operation, calls: nodes.map((node) => readNode(node, { className, operation, where: place })) };
}

interface Caller {
  readonly className: string;
  readonly operation: boolean;
  readonly where: string;
}

function readNode(node: Json, caller: Caller): CallEntry {
  if (Array.isArray(node)) return readLegacyNode(node, caller);
  if (!isObject(node)) throw invalidConfig(caller.where, { expected: 'a call', received: node });
  const args = listAt(node, 'args', caller.where);
  const kwargs = own(node, 'kwargs') ?? {};
  if (!isObject(kwargs)) throw invalidConfig(caller.where, { expected: 'arguments by name', received: kwargs });
  if (caller.operation) return { inputs: [...references(args), ...references(kwargs)], initialState: null, masks: [], options: {} };
  return sort(args, kwargs, caller);
}

/** Keras 2: a list of `[layer, call, output, arguments]`, one an input; other tensors among the arguments are triples. */
function readLegacyNode(node: readonly Json[], caller: Caller): CallEntry {
  const inputs = node.map((item) => triple(item, caller.where));
  const [first] = node as readonly (readonly Json[])[];
  const kwargs = first?.[3] ?? {};
  if (!isObject(kwargs)) throw invalidConfig(caller.where, { expected: 'arguments by name', received: kwargs });
  const args: Json[] = [inputs.map(tensorOf)];
  return sort(args, Object.fromEntries(Object.entries(kwargs).map(([key, value]) => [key, withTensors(value, caller.where)])), caller);
}

function tensorOf({ layer, call, output }: Reference): JsonObject {
  return { class_name: '__keras_tensor__', config: { keras_history: [layer, call, output] } };
}

function withTensors(value: Json, where: string): Json {
  if (!Array.isArray(value)) return value;
  const [layer, call, output] = value;
  if (typeof layer === 'string' && typeof call === 'number' && typeof output === 'number') return tensorOf(triple(value, where));
  return value.map((item) => withTensors(item, where));
}

/** Tells inputs, initial state, masks and options apart. */
function sort(args: readonly Json[], kwargs: JsonObject, { className, where }: Caller): CallEntry {
  const { inputs: namedInputs, sequences, initial_state: stateArgument, value, key, query, ...rest } = kwargs;
  const first = args[0] ?? namedInputs ?? sequences ?? query;
  if (first === undefined) throw invalidConfig(where, { expected: 'a call with inputs', received: args });
  const lead = references(first);
  if (className === 'MultiHeadAttention') {
    const others = [args[1] ?? value, args[2] ?? key].flatMap((argument) => references(argument ?? null));
    return { inputs: [...lead, ...others], initialState: null, ...restOf(rest, { className, where }) };
  }
  if (RECURRENT.includes(className)) {
    const state = [...lead.slice(1), ...references(args[1] ?? stateArgument ?? null)];
    const { masks, options } = restOf({ ...rest, ...(args[2] === undefined ? {} : { mask: args[2] }) }, { className, where });
    return { inputs: lead.slice(0, 1), initialState: state.length === 0 ? null : state, masks, options };
  }
  const extra = args.slice(1).find((argument) => argument !== null);
  if (extra !== undefined && !MODELS.includes(className)) throw unsupportedArgument('a second argument', extra, where);
  return { inputs: lead, initialState: null, ...restOf(rest, { className, where }) };
}

function restOf(
  kwargs: JsonObject,
  { className, where }: { readonly className: string; readonly where: string },
): Pick<CallEntry, 'masks' | 'options'> {
  const masks: StatedMask[] = [];
  const options: Record<string, Json> = {};
  for (const [name, value] of Object.entries(kwargs)) {
    if (value === null || value === false) continue;
    const position = Object.hasOwn(MASK_ARGUMENTS, name) ? MASK_ARGUMENTS[name] : undefined;
    if (position !== undefined) {
      const stated = flatMasks(value).map((mask) => (mask === null && !ATTENTIONS.includes(className) ? undefined : mask));
      for (const [index, mask] of stated.entries()) masks[position + index] = mask;
    } else if (name === 'training') throw unsupportedArgument(name, value, where);
    else if (references(value).length > 0) throw unsupportedArgument(name, 'a tensor', where);
    else options[name] = value;
  }
  return { masks: Array.from(masks), options };
}

function unsupportedArgument(name: string, value: Json, where: string): CellstateError {
  return new CellstateError('UNSUPPORTED_OPTION', 'The layer is called with an argument that is not read.', {
    expected: 'inputs, initial_state and mask',
    received: `${name}: ${JSON.stringify(value).slice(0, 100)}`,
    where,
  });
}

/** The masks of a list or record of inputs, in the order of the inputs. */
function flatMasks(value: Json): readonly (Reference | null)[] {
  if (Array.isArray(value)) return value.flatMap(flatMasks);
  if (!isObject(value)) return [null];
  if (own(value, 'class_name') === '__keras_tensor__') return references(value);
  return Object.keys(value)
    .sort()
    .flatMap((key) => flatMasks(value[key] as Json));
}

/** Every tensor within a value, in order; those of a record by its sorted keys, as Keras flattens them. */
function references(value: Json): readonly Reference[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (!isObject(value)) return [];
  if (own(value, 'class_name') === '__keras_tensor__') {
    const config = own(value, 'config');
    return [triple(isObject(config) ? own(config, 'keras_history') : undefined, 'keras_history')];
  }
  return Object.keys(value)
    .sort()
    .flatMap((key) => references(value[key] as Json));
}

/** `[layer, call, output]`. */
export function triple(value: Json | undefined, where: string): Reference {
  const [layer, call, output] = Array.isArray(value) ? value : [];
  const sound = typeof layer === 'string' && [call, output].every((index) => Number.isInteger(index) && (index as number) >= 0);
  if (!sound) throw invalidConfig(where, { expected: '[layer, call, output]', received: value });
  return { layer, call: call as number, output: output as number };
}
