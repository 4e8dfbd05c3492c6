import { CellstateError, nearest } from '@cellstate/core';
import type { LossFunction } from '../losses/loss.ts';
import { LOSS_NAMES, lossByName, plainName } from '../losses/resolve-loss.ts';
import { accuracy, binaryAccuracy, categoricalAccuracy, sparseCategoricalAccuracy, topKCategoricalAccuracy } from './accuracies.ts';
import { precision, recall } from './detection-metrics.ts';
import { lossMetric, meanMetric } from './mean-metric.ts';
import type { Metric, MetricLike } from './metric.ts';
import { cosineSimilarityMetric, r2Score, rootMeanSquaredError } from './regression-metrics.ts';

/** Every metric by its name. */
export const METRICS: Readonly<Record<string, () => Metric>> = {
  accuracy,
  binaryAccuracy,
  categoricalAccuracy,
  sparseCategoricalAccuracy,
  topKCategoricalAccuracy,
  rootMeanSquaredError,
  r2Score,
  cosineSimilarity: cosineSimilarityMetric,
  precision,
  recall,
};

const ALIASES: Readonly<Record<string, string>> = { acc: 'accuracy', rmse: 'rootMeanSquaredError', r2: 'r2Score', logcosherror: 'logCosh' };

/**
 * The metric that a name, an object, a loss or a function stands for. A metric given by name carries that very name, as in
 * Keras. Throws `UNKNOWN_METRIC`.
 */
export function resolveMetric(metric: MetricLike): Metric {
  if (typeof metric === 'function') return fromFunction(metric);
  if (typeof metric !== 'string') return 'measure' in metric ? metric : lossMetric(metric);
  const plain = plainName(ALIASES[plainName(metric)] ?? metric);
  const key = Object.keys(METRICS).find((candidate) => plainName(candidate) === plain);
  const found = key === undefined ? undefined : METRICS[key]?.();
  const loss = found === undefined ? lossByName(plain) : undefined;
  const resolved = found ?? (loss === undefined ? undefined : lossMetric(loss));
  if (resolved !== undefined) return { ...resolved, name: metric };
  const known = [...Object.keys(METRICS), ...LOSS_NAMES];
  const near = nearest(metric, known);
  throw new CellstateError('UNKNOWN_METRIC', `There is no metric '${metric}'.`, {
    expected: `one of ${[...new Set(known)].join(', ')}, or a function`,
    received: metric,
    where: 'createTrainer, option metrics',
    ...(near === undefined ? {} : { hint: `Did you mean '${near}'?` }),
  });
}

function fromFunction(values: LossFunction): Metric {
  return meanMetric({ name: values.name === '' ? 'metric' : values.name, direction: null, target: 'any', values });
}
