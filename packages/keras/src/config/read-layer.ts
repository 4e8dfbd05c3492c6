import { CellstateError, nearest } from '@cellstate/core';
import { type Cell, type Config, type Layer, stackedCells } from '@cellstate/layers';
import { invalidConfig, isObject, type Json, type JsonObject, listAt, objectAt, own, textAt } from './json.ts';
import { CELL_CLASSES, DEFAULT_INITIALIZERS, LAYER_CLASSES, WITHOUT_EFFECT } from './layer-classes.ts';
import { readFunctional } from './read-functional.ts';
import { readSequential } from './read-sequential.ts';
import { checkDtype, readActivation, readConstraint, readInitializer, readRegularizer, readSeed, refusePython } from './read-value.ts';
import type { CallOptions, Reading } from './reading.ts';
import { sound } from './sound.ts';
import { camelCase } from './spelling.ts';
import { swapsZeros } from './swapped-zeros.ts';

/** Keys that every layer may have, read here and not as an option of its class. */
const EVERY_LAYER = ['name', 'trainable', 'dtype', 'activity_regularizer', 'batch_input_shape'];

/**
 * A layer from its serialized object.
 *
 * @throws CellstateError `UNKNOWN_LAYER`, `PYTHON_CODE`, `UNSUPPORTED_OPTION`, `UNSUPPORTED_DTYPE`, `INVALID_CONFIG`, and what the layer's
 * own factory throws.
 */
export function readLayer(
  object: Json | undefined,
  reading: Reading,
  { where, call = {} }: { where: string; call?: CallOptions },
): Layer<unknown> {
  if (!isObject(object)) throw invalidConfig(where, { expected: 'a layer', received: object });
  const className = textAt(object, 'class_name', where);
  const config = objectAt(object, 'config', `${where}, ${className}`);
  const name = typeof own(config, 'name') === 'string' ? (config.name as string) : className;
  const place = where === '' ? name : `${where}, ${name}`;
  const custom = customFactory(object, className, reading);
  if (custom !== undefined) return readCustom(custom, config, place);
  if (className === 'Sequential') return readSequential(config, reading, place);
  if (className === 'Functional' || className === 'Model') return readFunctional(config, reading, place);
  refusePython(object, place);
  const known = Object.hasOwn(LAYER_CLASSES, LEGACY_CLASSES[className] ?? className)
    ? LAYER_CLASSES[LEGACY_CLASSES[className] ?? className]
    : undefined;
  const registered = own(object, 'registered_name');
  if (known === undefined || (typeof registered === 'string' && registered !== className)) throw unknownLayer(object, className, place);
  if (swapsZeros(config)) throw swappedZeros(place);
  const own3 = { ...known, className };
  return sound(place, () => known.make(readOptions(config, reading, { ...own3, where: place, call }) as never));
}

/** Classes that other versions had for the same computation. */
const LEGACY_CLASSES: Readonly<Record<string, string>> = { CuDNNLSTM: 'LSTM', CuDNNGRU: 'GRU' };

/** A cell from its serialized object. */
function readCell(object: Json | undefined, reading: Reading, where: string): Cell {
  if (!isObject(object)) throw invalidConfig(where, { expected: 'a cell', received: object });
  const className = textAt(object, 'class_name', where);
  const config = objectAt(object, 'config', where);
  if (className === 'StackedRNNCells') {
    const cells = listAt(config, 'cells', where).map((cell, i) => readCell(cell, reading, `${where}, cell ${i}`));
    const name = own(config, 'name');
    return sound(where, () => stackedCells(cells, typeof name === 'string' ? { name } : {}));
  }
  const known = Object.hasOwn(CELL_CLASSES, className) ? CELL_CLASSES[className] : undefined;
  if (known === undefined) throw unknownLayer(object, className, where);
  return sound(where, () => known.make(readOptions(config, reading, { keys: known.keys, className, where, call: {} }) as never));
}

interface Class {
  readonly className: string;
  readonly keys: readonly string[];
  readonly fixed?: Readonly<Record<string, readonly Json[]>>;
  readonly callKeys?: readonly string[];
  readonly lists?: readonly string[];
  readonly where: string;
  readonly call: CallOptions;
}

/** The options of our factory: every key is read, or asks for what the layer does anyway, or throws. */
function readOptions(config: JsonObject, reading: Reading, from: Class): Config {
  const { keys, fixed = {}, lists = [], where } = from;
  const options: Record<string, unknown> = {};
  for (const [key, value] of Object.entries({ ...versionDefaults(from, reading), ...config })) {
    if (keys.includes(key)) options[camelCase(key)] = readOption(key, unlisted(key, value, lists), { reading, where: `${where}, ${key}` });
    else if (!EVERY_LAYER.includes(key))
      checkFixed(key, value, { allowed: Object.hasOwn(fixed, key) ? fixed[key] : undefined, keys, where });
  }
  for (const [key, initializer] of Object.entries(DEFAULT_INITIALIZERS)) {
    if (keys.includes(key) && own(config, key) === undefined) options[camelCase(key)] = readInitializer(initializer, `${where}, ${key}`);
  }
  checkDtype(own(config, 'dtype'), where);
  const { name, trainable, activity_regularizer: penalty } = config;
  if (name !== undefined && typeof name !== 'string') throw invalidConfig(where, { expected: 'a name', received: name });
  if (trainable !== undefined && typeof trainable !== 'boolean')
    throw invalidConfig(where, { expected: 'trainable: true or false', received: trainable });
  return {
    ...options,
    ...readCall(from),
    ...(name === undefined ? {} : { name }),
    ...(trainable === undefined ? {} : { trainable }),
    ...(penalty === undefined || penalty === null
      ? {}
      : { activityRegularizer: readRegularizer(penalty, `${where}, activity_regularizer`) }),
  } as Config;
}

/** What a configuration leaves out where the version that wrote it had another default than ours. */
function versionDefaults({ className }: Class, { dialect }: Reading): JsonObject {
  if (className === 'CuDNNGRU') return { reset_after: true };
  return dialect === 'keras2' && (className === 'GRU' || className === 'GRUCell') ? { reset_after: false } : {};
}

function readCall({ call, callKeys = [], where }: Class): Record<string, Json> {
  const unknown = Object.keys(call).find((key) => !callKeys.includes(key));
  if (unknown !== undefined) {
    throw new CellstateError('UNSUPPORTED_OPTION', 'The layer is called with an argument that is not read.', {
      expected: callKeys.join(', ') || 'tensors alone',
      received: `${unknown}: ${JSON.stringify(call[unknown])}`,
      where,
    });
  }
  return Object.fromEntries(Object.entries(call).map(([key, value]) => [camelCase(key), value]));
}

function readOption(key: string, value: Json, { reading, where }: { reading: Reading; where: string }): unknown {
  if (key.endsWith('_initializer')) return readInitializer(value, where);
  if (key.endsWith('_regularizer')) return readRegularizer(value, where);
  if (key.endsWith('_constraint')) return readConstraint(value, where);
  if (key.endsWith('activation')) return readActivation(value, where, reading);
  if (key === 'seed') return readSeed(value);
  if (key === 'cell') return readCell(value, reading, where);
  if (key === 'backward_layer' && value === null) return undefined;
  if (key === 'layer' || key === 'backward_layer') return readLayer(value, { ...reading, within: true }, { where });
  return value;
}

function unlisted(key: string, value: Json, lists: readonly string[]): Json {
  return lists.includes(key) && Array.isArray(value) && value.length === 1 ? (value[0] as Json) : value;
}

function checkFixed(
  key: string,
  value: Json,
  from: { allowed: readonly Json[] | undefined; keys: readonly string[]; where: string },
): void {
  const { allowed, keys, where } = from;
  if (WITHOUT_EFFECT.includes(key)) return;
  if (allowed?.some((each) => JSON.stringify(each) === JSON.stringify(value))) return;
  throw new CellstateError('UNSUPPORTED_OPTION', 'The layer has an option that is not read.', {
    expected: allowed === undefined ? `one of ${keys.join(', ')}` : `${key}: ${allowed.map((each) => JSON.stringify(each)).join(' or ')}`,
    received: `${key}: ${JSON.stringify(value).slice(0, 100)}`,
    where,
  });
}

function customFactory(object: JsonObject, className: string, { customLayers }: Reading): Reading['customLayers'][string] | undefined {
  const registered = own(object, 'registered_name');
  const key = [registered, className].find((name) => typeof name === 'string' && Object.hasOwn(customLayers, name));
  return typeof key === 'string' ? customLayers[key] : undefined;
}

function readCustom(factory: Reading['customLayers'][string], config: JsonObject, where: string): Layer<unknown> {
  const options = Object.entries(config).filter(([key]) => key !== 'dtype');
  const layer = sound(where, () => factory(Object.fromEntries(options.map(([key, value]) => [camelCase(key), value])) as Config));
  if (typeof layer?.definition?.call === 'function' && layer.name === config.name) return layer;
  throw new CellstateError('INVALID_LAYER', 'The factory in customLayers gave something else than the layer of the file.', {
    expected: `a layer named ${String(config.name)}`,
    received: typeof layer?.definition?.call === 'function' ? `a layer named ${layer.name}` : typeof layer,
    where,
    hint: 'Pass the name on: (config) => defineLayer({ … }, { name: config.name }).',
  });
}

function swappedZeros(where: string): CellstateError {
  return new CellstateError('UNSUPPORTED_OPTION', 'Unrolled backwards, Keras sets other steps to zero than the masked ones.', {
    expected: 'unroll: false, or zero_output_for_mask: false, or go_backwards: false',
    received: 'all three: true',
    where,
    hint: 'In Keras, set unroll to false before the model is saved: the same layer, with zeros where they were meant.',
  });
}

function unknownLayer(object: JsonObject, className: string, where: string): CellstateError {
  const registered = own(object, 'registered_name');
  const module = String(own(object, 'module') ?? '');
  const known = Object.keys(LAYER_CLASSES);
  const near = nearest(className, known);
  return new CellstateError(
    'UNKNOWN_LAYER',
    module.includes('.ops') ? 'The model computes with an operation that is no layer.' : 'There is no such layer.',
    {
      expected: `one of ${known.join(', ')}`,
      received: typeof registered === 'string' ? registered : className,
      where,
      hint: `Pass a factory for it: customLayers: { '${typeof registered === 'string' ? registered : className}': (config) => … }.${
        near === undefined ? '' : ` The nearest known name is ${near}.`
      }`,
    },
  );
}
