import { CellstateError } from '@cellstate/core';
import { corrupt } from '../corrupt.ts';

/** What a JSON text holds. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Levels of nesting beyond which no configuration of a model goes. */
const DEEPEST = 200;
/** Stands for a number that JSON cannot spell, while the text is parsed. */
const NUMBER_KEY = '\u0000number';

/**
 * Parses the JSON of Python, which writes NaN and Infinity as bare words.
 *
 * @throws CellstateError `CORRUPT_FILE`.
 */
export function parseJson(text: string, where: string): Json {
  const plain = /NaN|Infinity/.test(text)
    ? text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?Infinity|NaN/g, (part) =>
        part.startsWith('"') ? part : `{${JSON.stringify(NUMBER_KEY)}:"${part}"}`,
      )
    : text;
  const parsed = parse(plain, where);
  checkDepth(parsed, where);
  return parsed;
}

function parse(text: string, where: string): Json {
  try {
    return JSON.parse(text, (_, value) =>
      typeof value === 'object' && value !== null && NUMBER_KEY in value ? Number(value[NUMBER_KEY]) : value,
    );
  } catch (cause) {
    throw corrupt(where, `no JSON: ${String(cause).slice(0, 100)}`, cause);
  }
}

function checkDepth(root: Json, where: string): void {
  let level: Json[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) throw corrupt(where, `JSON nested deeper than ${DEEPEST} levels`);
    const next: Json[] = [];
    for (const value of level) if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) next.push(inner);
    level = next;
  }
}

/** Whether a value is an object, and no list. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The error for a configuration that means nothing. */
export function invalidConfig(where: string, details: { readonly expected: string; readonly received: unknown }): CellstateError {
  return new CellstateError('INVALID_CONFIG', 'The configuration in the file is wrong.', {
    expected: details.expected,
    received: (JSON.stringify(details.received) ?? 'nothing').slice(0, 200),
    where,
  });
}

/** The object under a key. Throws `INVALID_CONFIG` for anything else. */
export function objectAt(object: JsonObject, key: string, where: string): JsonObject {
  const value = own(object, key);
  if (isObject(value)) return value;
  throw invalidConfig(`${where}, ${key}`, { expected: 'an object', received: value });
}

/** The list under a key. Throws `INVALID_CONFIG` for anything else. */
export function listAt(object: JsonObject, key: string, where: string): readonly Json[] {
  const value = own(object, key);
  if (Array.isArray(value)) return value;
  throw invalidConfig(`${where}, ${key}`, { expected: 'a list', received: value });
}

/** The text under a key. Throws `INVALID_CONFIG` for anything else. */
export function textAt(object: JsonObject, key: string, where: string): string {
  const value = own(object, key);
  if (typeof value === 'string' && value !== '') return value;
  throw invalidConfig(`${where}, ${key}`, { expected: 'a text', received: value });
}

/** What stands under a key of the object itself. */
export function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
