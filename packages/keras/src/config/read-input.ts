import type { DataType, Shape } from '@cellstate/layers';
import { invalidConfig, isObject, type Json, type JsonObject, objectAt, own } from './json.ts';
import { checkDtype } from './read-value.ts';

/** What an InputLayer, or the first layer of an older file, says of the model's input. */
export interface InputFacts {
  readonly batchShape: Shape;
  readonly dtype: DataType;
}

const TYPES: Readonly<Record<string, DataType>> = {
  float32: 'float32',
  bool: 'bool',
  int32: 'int32',
  // Ids of any width fit where the embedding's rows do.
  int64: 'int32',
  int16: 'int32',
  int8: 'int32',
  uint8: 'int32',
};

/** Shape and type of an InputLayer. Throws `INVALID_CONFIG`, `UNSUPPORTED_DTYPE`. */
export function readInput(object: JsonObject, where: string): InputFacts {
  const config = objectAt(object, 'config', where);
  const shape = own(config, 'batch_shape') ?? own(config, 'batch_input_shape');
  return { batchShape: readShape(shape, where), dtype: readType(own(config, 'dtype'), where) };
}

/** A list of lengths, null for any. */
export function readShape(value: Json | undefined, where: string): Shape {
  if (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((length) => length === null || (Number.isInteger(length) && (length as number) > 0))
  ) {
    return value as Shape;
  }
  throw invalidConfig(`${where}, batch_shape`, { expected: '[null, steps, features]', received: value });
}

function readType(value: Json | undefined, where: string): DataType {
  const config = isObject(value) ? own(value, 'config') : undefined;
  const name = isObject(config) ? own(config, 'name') : (value ?? 'float32');
  const type = typeof name === 'string' && Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
  if (type === undefined) checkDtype(name, where);
  return type ?? 'float32';
}
