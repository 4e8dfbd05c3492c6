import { CellstateError } from '@cellstate/core';
import type { CompileConfig, NamedSettings } from '../contract.ts';
import { invalidConfig, isObject, type Json, type JsonObject, own } from './json.ts';
import { refusePython } from './read-value.ts';
import { camelCase, nameCase } from './spelling.ts';

/** How Keras computes, not what. */
const WITHOUT_EFFECT = ['run_eagerly', 'steps_per_execution', 'jit_compile', 'auto_scale_loss'];
/** Options that say nothing while those below are switched off. */
const WITH_THOSE: readonly string[] = ['ema_momentum', 'ema_overwrite_frequency'];
/** Options of every Keras optimizer that ours lack, with the values that switch them off. */
const SWITCHED_OFF: Readonly<Record<string, readonly Json[]>> = {
  use_ema: [false],
  loss_scale_factor: [null],
  gradient_accumulation_steps: [null],
  is_legacy_optimizer: [false, true],
  jit_compile: [true, false],
};

/**
 * The compile settings of a file; null for a model that was not compiled.
 *
 * @throws CellstateError `UNSUPPORTED_OBJECT`, `UNSUPPORTED_OPTION`, `PYTHON_CODE`, `INVALID_CONFIG`; each with the hint to pass `compile: false`.
 */
export function readCompile(value: Json | undefined, where: string): CompileConfig | null {
  if (value === undefined || value === null) return null;
  if (!isObject(value)) throw invalidConfig(where, { expected: 'an object', received: value });
  const keys = Object.keys(value).filter((key) => !WITHOUT_EFFECT.includes(key) && value[key] !== null);
  if (keys.length === 0) return null;
  const known = ['optimizer', 'loss', 'loss_weights', 'metrics', 'weighted_metrics'];
  const unknown = keys.find((key) => !known.includes(key));
  if (unknown !== undefined) throw unsupportedOption(unknown, value[unknown] as Json, where);
  const {
    optimizer = null,
    loss = null,
    loss_weights: lossWeights = null,
    metrics = null,
    weighted_metrics: weightedMetrics = null,
  } = value;
  return {
    ...(optimizer === null ? {} : { optimizer: readOptimizer(optimizer, `${where}, optimizer`) }),
    ...(loss === null ? {} : { loss: readGoals(loss, `${where}, loss`) as NonNullable<CompileConfig['loss']> }),
    ...(lossWeights === null ? {} : { lossWeights: lossWeights as NonNullable<CompileConfig['lossWeights']> }),
    ...(metrics === null ? {} : { metrics: readGoals(metrics, `${where}, metrics`) as NonNullable<CompileConfig['metrics']> }),
    ...(weightedMetrics === null
      ? {}
      : { weightedMetrics: readGoals(weightedMetrics, `${where}, weighted_metrics`) as NonNullable<CompileConfig['weightedMetrics']> }),
  };
}

function readOptimizer(value: Json, where: string): string | NamedSettings {
  if (typeof value === 'string') return value;
  const { className, config } = classOf(value, where);
  const { name: _name, lr, decay = 0, ...rest } = config;
  const options: Record<string, unknown> = {};
  for (const [key, option] of Object.entries(lr === undefined ? rest : { learning_rate: lr, ...rest })) {
    if (WITH_THOSE.includes(key)) continue;
    if (Object.hasOwn(SWITCHED_OFF, key)) {
      if (!SWITCHED_OFF[key]?.includes(option)) throw unsupportedOption(key, option, where);
    } else if (option !== null) {
      options[camelCase(key)] = key === 'learning_rate' && isObject(option) ? readSettings(option, `${where}, learning_rate`) : option;
    }
  }
  return {
    name: nameCase(className.replace(/^Custom>/, '')),
    ...options,
    ...(decay === 0 ? {} : { learningRate: decayed(options.learningRate, decay) }),
  };
}

/** Keras 2's `decay`: the learning rate divided by 1 + decay · step. */
function decayed(learningRate: unknown, decay: Json): NamedSettings {
  return { name: 'inverseTimeDecay', initialLearningRate: learningRate, decaySteps: 1, decayRate: decay };
}

/** Losses or metrics: a name or an object, or lists and records of them. */
function readGoals(value: Json, where: string): unknown {
  if (value === null || typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map((item) => readGoals(item, where));
  if (!isObject(value)) throw invalidConfig(where, { expected: 'names', received: value });
  if (typeof own(value, 'class_name') === 'string') return readSettings(value, where);
  return Object.fromEntries(Object.entries(value).map(([output, item]) => [output, readGoals(item, where)]));
}

/** A loss, metric or schedule with its options. */
function readSettings(value: Json, where: string): string | NamedSettings {
  const { className, config, function: name } = classOf(value, where);
  if (name !== undefined) return name;
  const { name: _name, dtype: _dtype, fn, reduction, ...rest } = config;
  if (className === 'MeanMetricWrapper' && typeof fn === 'string') return fn;
  if (className === 'MeanMetricWrapper' && isObject(fn)) return readSettings(fn, where);
  const options = Object.entries(rest).filter(([, option]) => option !== null);
  return {
    name: nameCase(className),
    ...(typeof reduction === 'string' && reduction !== 'auto' ? { reduction: camelCase(reduction) } : {}),
    ...Object.fromEntries(options.map(([key, option]) => [camelCase(key), option])),
  };
}

function classOf(value: Json, where: string): { readonly className: string; readonly config: JsonObject; readonly function?: string } {
  if (!isObject(value)) throw invalidConfig(where, { expected: 'a name or an object', received: value });
  refusePython(value, where);
  const className = own(value, 'class_name');
  const config = own(value, 'config') ?? {};
  const registered = own(value, 'registered_name');
  if (className === 'function' && typeof config === 'string' && builtIn(value)) return { className, config: {}, function: config };
  if (typeof className === 'string' && isObject(config) && !(typeof registered === 'string' && registered.includes('>')))
    return { className, config };
  throw new CellstateError('UNSUPPORTED_OBJECT', 'The file was compiled with something of its own.', {
    expected: "Keras' optimizers, losses and metrics",
    received: typeof registered === 'string' ? registered : JSON.stringify(value).slice(0, 100),
    where,
    hint: 'Pass compile: false and set up the trainer yourself.',
  });
}

function builtIn(value: JsonObject): boolean {
  const module = String(own(value, 'module') ?? 'builtins');
  return module === 'builtins' || module.startsWith('keras');
}

function unsupportedOption(key: string, value: Json, where: string): CellstateError {
  return new CellstateError('UNSUPPORTED_OPTION', 'The file was compiled with an option that trainers lack.', {
    expected: Object.hasOwn(SWITCHED_OFF, key) ? `${key}: ${JSON.stringify(SWITCHED_OFF[key]?.[0])}` : 'options of createTrainer',
    received: `${key}: ${JSON.stringify(value).slice(0, 100)}`,
    where,
    hint: 'Pass compile: false and set up the trainer yourself.',
  });
}
