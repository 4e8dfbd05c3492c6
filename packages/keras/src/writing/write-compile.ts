import { CellstateError } from '@cellstate/core';
import type { Json, JsonObject } from '../config/json.ts';
import { classCase, underscored } from '../config/spelling.ts';
import type { CompileConfig } from '../contract.ts';
import { serialized } from './write-value.ts';

/** Names whose class is not the name with a capital letter. */
const CLASSES: Readonly<Record<string, string>> = { sgd: 'SGD', rmsprop: 'RMSprop', klDivergence: 'KLDivergence' };
const SCHEDULE = 'learningRate';

/**
 * Compile settings as Keras reads them.
 *
 * @throws CellstateError `NOT_SERIALIZABLE` for functions, and for optimizers and losses that are no plain data.
 */
export function writeCompile(config: CompileConfig): JsonObject {
  const { optimizer, loss, lossWeights, metrics, weightedMetrics } = config;
  return {
    ...(optimizer === undefined ? {} : { optimizer: writeSettings(optimizer, 'optimizers', 'compileConfig, optimizer') }),
    loss: writeGoals(loss, 'losses', 'compileConfig, loss'),
    loss_weights: (lossWeights ?? null) as Json,
    metrics: writeGoals(metrics, 'metrics', 'compileConfig, metrics'),
    weighted_metrics: writeGoals(weightedMetrics, 'metrics', 'compileConfig, weightedMetrics'),
    run_eagerly: false,
    steps_per_execution: 1,
    jit_compile: false,
  };
}

function writeGoals(value: unknown, module: string, where: string): Json {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return underscored(value);
  if (Array.isArray(value)) return value.map((item) => writeGoals(item, module, where));
  if (isSettings(value)) return writeSettings(value, module, where);
  if (typeof value !== 'object') throw notPlain(value, where);
  return Object.fromEntries(Object.entries(value).map(([output, item]) => [output, writeGoals(item, module, where)]));
}

function isSettings(value: unknown): value is { readonly name: string } {
  return typeof value === 'object' && value !== null && typeof (value as { name?: unknown }).name === 'string';
}

function writeSettings(value: unknown, module: string, where: string): Json {
  if (typeof value === 'string') return value.toLowerCase();
  if (!isSettings(value)) throw notPlain(value, where);
  const { name, ...options } = value as { readonly name: string; readonly [option: string]: unknown };
  const config = Object.entries(options).map(([key, option]): [string, Json] => {
    if (key === SCHEDULE && typeof option === 'object')
      return ['learning_rate', writeSettings(option, 'optimizers.schedules', `${where}, ${key}`)];
    if (typeof option === 'function' || (typeof option === 'object' && option !== null && !Array.isArray(option)))
      throw notPlain(option, where);
    return [underscored(key), key === 'reduction' ? underscored(String(option)) : (option as Json)];
  });
  return serialized(`keras.${module}`, CLASSES[name] ?? classCase(name), Object.fromEntries(config));
}

function notPlain(value: unknown, where: string): CellstateError {
  return new CellstateError('NOT_SERIALIZABLE', 'The compile settings hold something that a file cannot.', {
    expected: "names, or plain data such as { name: 'adam', learningRate: 0.01 }",
    received: typeof value === 'function' ? 'a function' : typeof value,
    where,
    hint: 'Pass compileConfig: null to write the model without them.',
  });
}
