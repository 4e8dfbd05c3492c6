import { CellstateError, size } from '@cellstate/core';
import { getConstraint, getInitializer, getRegularizer, type Initializer, type NamedConfig } from '@cellstate/layers';
import { keras2HardSigmoid } from '../legacy/hard-sigmoid.ts';
import { invalidConfig, isObject, type Json, type JsonObject, objectAt, own, textAt } from './json.ts';
import type { Reading } from './reading.ts';
import { camelCase, nameCase } from './spelling.ts';

/** Parts of initializers that say how a first value is drawn, and so nothing about a model that has its values. */
const DRAWING_ONLY = ['input_axes', 'output_axes', 'dtype', 'partitioned'];

/**
 * An initializer from its configuration. It gives zeros: the values come from the file, and to draw orthogonal matrices first would take
 * most of the time. Its configuration is the file's, so that it is written again.
 */
export function readInitializer(value: Json, where: string): Initializer {
  const config = named(value, where, DRAWING_ONLY);
  const known = getInitializer(config, where);
  return Object.assign((shape: readonly number[]) => new Float32Array(size(shape)), {
    getConfig: () => known.getConfig?.() ?? config,
  });
}

/** A regularizer from its configuration; null for none. */
export function readRegularizer(value: Json, where: string): ReturnType<typeof getRegularizer> {
  return value === null ? null : getRegularizer(named(value, where), where);
}

/** A constraint from its configuration; null for none. */
export function readConstraint(value: Json, where: string): ReturnType<typeof getConstraint> {
  return value === null ? null : getConstraint(named(value, where), where);
}

/** Keras' class and options as the name and options of our factories. */
function named(value: Json, where: string, dropped: readonly string[] = []): NamedConfig {
  if (typeof value === 'string') return { name: value };
  if (!isObject(value)) throw invalidConfig(where, { expected: 'a name or an object', received: value });
  checkBuiltIn(value, where);
  const className = textAt(value, 'class_name', where);
  const config = own(value, 'config') === undefined || own(value, 'config') === null ? {} : objectAt(value, 'config', where);
  const options = Object.entries(config).filter(([key]) => !dropped.includes(key));
  return {
    ...Object.fromEntries(options.map(([key, option]) => [camelCase(key), key === 'seed' ? readSeed(option) : option])),
    name: nameCase(className),
  };
}

/** A seed is a number or null; as the state of a generator it starts from its own seed. */
export function readSeed(value: Json): Json {
  if (!isObject(value)) return value;
  const config = own(value, 'config');
  return isObject(config) ? (own(config, 'seed') ?? null) : null;
}

/** What the layers' `activation` options take. */
export type ReadActivation = string | null | typeof keras2HardSigmoid;

/**
 * An activation: a name, or a function by its name.
 *
 * @throws CellstateError `PYTHON_CODE` for a lambda, `UNKNOWN_ACTIVATION` for a layer or a function of the user's own.
 */
export function readActivation(value: Json, where: string, { dialect }: Pick<Reading, 'dialect'>): ReadActivation {
  if (value === null) return null;
  if (typeof value === 'string') return dialect === 'keras2' && value === 'hard_sigmoid' ? keras2HardSigmoid : value;
  if (!isObject(value)) throw invalidConfig(where, { expected: 'a name', received: value });
  refusePython(value, where);
  const config = own(value, 'config');
  if (own(value, 'class_name') === 'function' && typeof config === 'string') return readActivation(config, where, { dialect });
  throw new CellstateError('UNKNOWN_ACTIVATION', 'The activation is no function that has a name.', {
    expected: "a name such as 'relu'",
    received: String(own(value, 'class_name')),
    where,
    hint: 'In Keras, use the function instead of the layer, or a layer of its own behind this one.',
  });
}

/** Throws `PYTHON_CODE` for an object that holds Python code, which is never run. */
export function refusePython(value: JsonObject, where: string): void {
  if (own(value, 'class_name') !== '__lambda__' && own(value, 'class_name') !== 'Lambda') return;
  throw new CellstateError('PYTHON_CODE', 'The file holds Python code, which is not run.', {
    expected: 'layers and functions by name',
    received: String(own(value, 'class_name')),
    where,
    hint: 'For a Lambda layer, pass customLayers: { Lambda: ({ name }) => lambda({ name, function: … }) }.',
  });
}

function checkBuiltIn(value: JsonObject, where: string): void {
  refusePython(value, where);
  const registered = own(value, 'registered_name');
  if (typeof registered !== 'string' || !registered.includes('>')) return;
  throw new CellstateError('UNSUPPORTED_OBJECT', 'The file names an object of the user that is no layer.', {
    expected: "Keras' own initializers, regularizers and constraints",
    received: registered,
    where,
  });
}

/**
 * Checks the type a layer computes in.
 *
 * @throws CellstateError `UNSUPPORTED_DTYPE` unless it is float32.
 */
export function checkDtype(value: Json | undefined, where: string): void {
  const name = isObject(value) && isObject(own(value, 'config')) ? own(own(value, 'config') as JsonObject, 'name') : value;
  if (name === undefined || name === null || name === 'float32') return;
  throw new CellstateError('UNSUPPORTED_DTYPE', 'The layer does not compute in float32.', {
    expected: 'float32',
    received: String(name),
    where,
    hint: "In Keras, build the model under keras.config.set_dtype_policy('float32') and copy its weights.",
  });
}
