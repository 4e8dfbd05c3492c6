import { CellstateError } from '@cellstate/core';
import { LOSSES, lossByName, plainName } from '../losses/resolve-loss.ts';
import { METRICS } from '../metrics/resolve-metric.ts';
import { OPTIMIZERS } from '../optimizers/resolve-optimizer.ts';
import { cosineDecay } from '../schedules/cosine-decay.ts';
import { cosineDecayRestarts } from '../schedules/cosine-decay-restarts.ts';
import { exponentialDecay } from '../schedules/exponential-decay.ts';
import { inverseTimeDecay } from '../schedules/inverse-time-decay.ts';
import { piecewiseConstantDecay } from '../schedules/piecewise-constant-decay.ts';
import { polynomialDecay } from '../schedules/polynomial-decay.ts';
import type { TrainerOptions } from '../trainer.ts';
import type { NamedSettings, TrainerSettings } from './trainer-settings.ts';

type Factories = Readonly<Record<string, (options: never) => unknown>>;

const SCHEDULES: Factories = {
  cosineDecay,
  cosineDecayRestarts,
  exponentialDecay,
  inverseTimeDecay,
  piecewiseConstantDecay,
  polynomialDecay,
};

/** Options with every plain `{ name, … }` among them made into what it names; the rest as it is. */
export function fromSettings(options: TrainerOptions | TrainerSettings): TrainerOptions {
  const { optimizer, loss, metrics, weightedMetrics } = options;
  const made: Record<string, unknown> = { ...options };
  if (isSettings(optimizer)) made.optimizer = makeOptimizer(optimizer);
  if (loss !== undefined) made.loss = each(loss, (settings) => make(settings, { factories: LOSSES, option: 'loss' }));
  if (metrics !== undefined) made.metrics = each(metrics, makeMetric);
  if (weightedMetrics !== undefined) made.weightedMetrics = each(weightedMetrics, makeMetric);
  return made as TrainerOptions;
}

/** Plain data with a name. What a factory made has functions in it. */
function isSettings(value: unknown): value is NamedSettings {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return typeof (value as { name?: unknown }).name === 'string' && !Object.values(value).some((part) => typeof part === 'function');
}

function each(value: unknown, makeOne: (settings: NamedSettings) => unknown): unknown {
  if (isSettings(value)) return makeOne(value);
  if (Array.isArray(value)) return value.map((item) => each(item, makeOne));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  if (Object.values(value).some((part) => typeof part === 'function') && 'name' in value) return value;
  return Object.fromEntries(Object.entries(value).map(([output, item]) => [output, each(item, makeOne)]));
}

function makeOptimizer({ learningRate, ...settings }: NamedSettings): unknown {
  const rate = isSettings(learningRate) ? make(learningRate, { factories: SCHEDULES, option: 'optimizer, learningRate' }) : learningRate;
  return make({ ...settings, ...(rate === undefined ? {} : { learningRate: rate }) } as NamedSettings, {
    factories: OPTIMIZERS,
    option: 'optimizer',
  });
}

/** A loss serves as a metric too. */
function makeMetric(settings: NamedSettings): unknown {
  const known = Object.keys(METRICS).some((name) => plainName(name) === plainName(settings.name));
  return make(settings, { factories: known ? METRICS : LOSSES, option: 'metrics' });
}

function make({ name, ...options }: NamedSettings, { factories, option }: { factories: Factories; option: string }): unknown {
  const key = Object.keys(factories).find((candidate) => plainName(candidate) === plainName(name));
  if (key !== undefined) return (factories[key] as (options: object) => unknown)(options);
  const alias = factories === LOSSES && Object.keys(options).length === 0 ? lossByName(name) : undefined;
  if (alias !== undefined) return alias;
  throw new CellstateError('UNKNOWN_NAME', `Nothing is named '${name}' that could stand here.`, {
    expected: `one of ${Object.keys(factories).join(', ')}`,
    received: name,
    where: `createTrainer, option ${option}`,
  });
}
