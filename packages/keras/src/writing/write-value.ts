import { CellstateError } from '@cellstate/core';
import type { Config } from '@cellstate/layers';
import type { Json, JsonObject } from '../config/json.ts';
import { classCase, underscored } from '../config/spelling.ts';

/** A public Keras object as its serialization writes it. */
export function serialized(module: string, className: string, config: JsonObject): JsonObject {
  return { module, class_name: className, config, registered_name: null };
}

/** Class names that every version of Keras 3 accepts where our name leads to one that some refuse. */
const CLASS_NAMES: Readonly<Record<string, string>> = { orthogonal: 'OrthogonalInitializer', identity: 'IdentityInitializer' };
const REGULARIZER_NAMES: Readonly<Record<string, string>> = { l1: 'L1', l2: 'L2', l1l2: 'L1L2' };
/** Options whose value is a name that Keras spells with underscores. */
const SPELLED = ['mode', 'distribution'];

/**
 * An initializer, regularizer or constraint; null for none.
 *
 * @throws CellstateError `NOT_SERIALIZABLE` for a function of the user's own.
 */
export function writeNamed(value: Config[string], module: string, where: string): Json {
  if (value === null) return null;
  const { name, ...options } = value as Config;
  if (name === 'custom' || typeof name !== 'string') throw notSerializable('a function of your own', where);
  const config = Object.fromEntries(
    Object.entries(options).map(([key, option]) => [
      underscored(key),
      SPELLED.includes(key) ? underscored(String(option)) : (option as Json),
    ]),
  );
  return serialized(module, CLASS_NAMES[name] ?? REGULARIZER_NAMES[name] ?? classCase(name), config);
}

/** An activation by its name. Throws `NOT_SERIALIZABLE` for functions that Keras 3 has no name for. */
export function writeActivation(value: Config[string], where: string): Json {
  if (value === 'keras2_hard_sigmoid') throw notSerializable("Keras 2's hard_sigmoid, which Keras 3 lacks", where);
  if (value === 'custom' || typeof value !== 'string') throw notSerializable('a function of your own', where);
  return value;
}

/** The error for what a file cannot hold. */
function notSerializable(received: string, where: string): CellstateError {
  return new CellstateError('NOT_SERIALIZABLE', 'The model holds something that a file of Keras cannot.', {
    expected: 'layers, activations, initializers, regularizers and constraints that have a name',
    received,
    where,
    hint: 'saveWeights writes the weights alone.',
  });
}
