import { CellstateError } from '@cellstate/core';
import type { Loss, LossLike } from '../losses/loss.ts';
import { resolveLoss } from '../losses/resolve-loss.ts';
import type { Metric, MetricLike } from '../metrics/metric.ts';
import { resolveMetric } from '../metrics/resolve-metric.ts';
import { orderByName } from './order-by-name.ts';

/** Metrics of one output, or of several: in order, or by output name. */
export type MetricsOption =
  | readonly MetricLike[]
  | readonly (readonly MetricLike[])[]
  | Readonly<Record<string, MetricLike | readonly MetricLike[]>>;

export interface ObjectiveOptions {
  readonly loss?: LossLike | readonly (LossLike | null)[] | Readonly<Record<string, LossLike | null>> | undefined;
  readonly lossWeights?: readonly number[] | Readonly<Record<string, number>> | undefined;
  readonly metrics?: MetricsOption | undefined;
  readonly weightedMetrics?: MetricsOption | undefined;
}

/** What a model with these outputs is trained on and measured by. */
export interface Objective {
  readonly names: readonly string[];
  /** By output; null for one without a loss. */
  readonly losses: readonly (Loss | null)[];
  readonly lossWeights: readonly number[];
  readonly metrics: readonly OutputMetric[];
}

export interface OutputMetric {
  readonly metric: Metric;
  /** Its key in logs. */
  readonly key: string;
  /** Index of its output. */
  readonly output: number;
  /** Whether sample weights count. */
  readonly weighted: boolean;
}

// An array has a method called `values`, so lists are told apart first.
const has = (value: unknown, key: string) => typeof value === 'object' && value !== null && !Array.isArray(value) && key in value;
const isLoss = (value: unknown) => typeof value === 'string' || typeof value === 'function' || has(value, 'values');
const isMetric = (value: unknown) => isLoss(value) || has(value, 'measure');

/**
 * Resolves losses and metrics for a model's outputs. One loss serves every output; several go by order or by name.
 *
 * @throws CellstateError `NO_LOSS`, `UNKNOWN_LOSS`, `UNKNOWN_METRIC`, `WRONG_COUNT`, `UNKNOWN_NAME`, `METRIC_NAME_TWICE`.
 */
export function createObjective(names: readonly string[], options: ObjectiveOptions): Objective {
  const where = 'createTrainer, option loss';
  const { loss } = options;
  if (loss === undefined) {
    throw new CellstateError('NO_LOSS', 'A trainer needs a loss to train or evaluate.', {
      expected: "a loss, such as 'meanSquaredError'",
      received: 'none',
      where: 'createTrainer',
    });
  }
  const given = isLoss(loss) ? names.map(() => loss as LossLike) : orderByName<LossLike | null>(loss, { names, isOne: isLoss, where });
  const losses = given.map((entry) => (entry === undefined || entry === null ? null : resolveLoss(entry)));
  if (losses.every((entry) => entry === null)) {
    throw new CellstateError('NO_LOSS', 'None of the outputs has a loss.', {
      expected: `a loss for one of ${names.join(', ')}`,
      received: 'none',
      where,
    });
  }
  return {
    names,
    losses,
    lossWeights: lossWeights(options.lossWeights, names),
    metrics: uniqueKeys([
      ...outputMetrics(options.metrics, { names, weighted: false }),
      ...outputMetrics(options.weightedMetrics, { names, weighted: true }),
    ]),
  };
}

function lossWeights(given: ObjectiveOptions['lossWeights'], names: readonly string[]): readonly number[] {
  if (given === undefined) return names.map(() => 1);
  const isOne = (value: unknown) => typeof value === 'number';
  return orderByName<number>(given, { names, isOne, where: 'createTrainer, option lossWeights' }).map((weight) => weight ?? 1);
}

function outputMetrics(
  given: MetricsOption | undefined,
  { names, weighted }: { names: readonly string[]; weighted: boolean },
): OutputMetric[] {
  if (given === undefined) return [];
  const where = `createTrainer, option ${weighted ? 'weightedMetrics' : 'metrics'}`;
  const single = names.length === 1 && Array.isArray(given) && given.every(isMetric);
  type Entry = MetricLike | readonly MetricLike[];
  const perOutput = single ? [given as readonly MetricLike[]] : orderByName<Entry>(given, { names, isOne: isMetric, where });
  return perOutput.flatMap((entry, output) => {
    const list = entry === undefined ? [] : isMetric(entry) ? [entry as MetricLike] : (entry as readonly MetricLike[]);
    return list.map((like) => {
      const metric = resolveMetric(like);
      return { metric, key: names.length === 1 ? metric.name : `${names[output]}_${metric.name}`, output, weighted };
    });
  });
}

/** As in Keras, a weighted metric whose key is taken gets `weighted_` in front. */
function uniqueKeys(metrics: readonly OutputMetric[]): readonly OutputMetric[] {
  const taken = new Set(['loss']);
  return metrics.map((entry) => {
    const key = entry.weighted && taken.has(entry.key) ? `weighted_${entry.key}` : entry.key;
    if (taken.has(key)) {
      throw new CellstateError('METRIC_NAME_TWICE', `Two values would be logged as '${key}'.`, {
        expected: 'a name of its own for each metric',
        received: key,
        where: 'createTrainer, option metrics',
        hint: 'Give one of them as an object with another name: { ...metric, name }.',
      });
    }
    taken.add(key);
    return { ...entry, key };
  });
}
