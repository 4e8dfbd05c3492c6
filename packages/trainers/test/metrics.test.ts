import { expectClose } from '@cellstate/testing';
import { expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { accuracy, binaryAccuracy, huber, type MetricLike, precision, recall, topKCategoricalAccuracy } from '../src/index.ts';
import { alignTarget } from '../src/losses/align-target.ts';
import { fitWeight } from '../src/losses/fit-weight.ts';
import { resolveMetric } from '../src/metrics/resolve-metric.ts';

interface Sample {
  readonly target: tf.TensorLike;
  readonly prediction: tf.TensorLike;
  readonly weight?: tf.TensorLike;
}

/** The metric over several batches. */
function metricOf(like: MetricLike, ...batches: Sample[]): number {
  const metric = resolveMetric(like);
  const totals: number[] = [];
  expectNoLeak(() =>
    tf.tidy(() => {
      for (const { target, prediction, weight } of batches) {
        const pair = alignTarget(tf.tensor(target), tf.tensor(prediction), { kind: metric.target, where: 'y' });
        const sums = metric.measure({
          ...pair,
          weight: (shape) => (weight === undefined ? null : fitWeight(tf.tensor(weight), shape, { what: 'sampleWeight', where: 'y' })),
        });
        const numbers = sums.flatMap((sum) => (typeof sum === 'number' ? [sum] : [...sum.dataSync()]));
        for (const [i, value] of numbers.entries()) totals[i] = (totals[i] ?? 0) + value;
      }
    }),
  );
  return metric.result(Float64Array.from(totals));
}

const y = [
  [0, 1, 2],
  [3, -1, 0.5],
];
const p = [
  [0.1, 0.8, 2.5],
  [1, -1.2, 2],
];

describe("Keras' values", () => {
  test('of regression', () => {
    expectClose(metricOf('root_mean_squared_error', { target: y, prediction: p }), 1.0480139);
    expectClose(metricOf('rmse', { target: y, prediction: p, weight: [1, 3] }), 1.2639225);
    expectClose(metricOf('r2_score', { target: y, prediction: p }), -0.051111143, { relative: 1e-4 });
    expectClose(metricOf('cosine_similarity', { target: y, prediction: p }), 0.81374246);
    expectClose(metricOf('mae', { target: y, prediction: p }), 0.75);
    expectClose(metricOf(huber({ delta: 0.5 }), { target: y, prediction: p }), 0.27833334);
  });
});

describe('over several batches', () => {
  const rows = (from: number, to: number) => ({
    target: [...y, [1, 4, -2]].slice(from, to),
    prediction: [...p, [0, 1, 5]].slice(from, to),
  });

  test.each(['rmse', 'r2', 'mse', 'cosineSimilarity', 'logCosh'])('%s is that of all samples, not a mean of means', (name) => {
    expectClose(metricOf(name, rows(0, 1), rows(1, 3)), metricOf(name, rows(0, 3)), { absolute: 1e-5 });
  });

  test('r2 by its definition, weighted', () => {
    const weights = [1, 3, 0.5];
    const { target, prediction } = rows(0, 3);
    const total = weights.reduce((a, b) => a + b);
    const scores = [0, 1, 2].map((f) => {
      const mean = weights.reduce((sum, w, i) => sum + w * target[i][f], 0) / total;
      const spread = weights.reduce((sum, w, i) => sum + w * (target[i][f] - mean) ** 2, 0);
      return 1 - weights.reduce((sum, w, i) => sum + w * (target[i][f] - prediction[i][f]) ** 2, 0) / spread;
    });
    expectClose(metricOf('r2', { ...rows(0, 3), weight: weights }), scores.reduce((a, b) => a + b) / 3, { relative: 1e-4 });
    expect(metricOf('r2', { target: [[2], [2]], prediction: [[1], [3]] })).toBe(0);
  });
});

describe('accuracy', () => {
  const chances = [
    [0.2, 0.5, 0.3],
    [0.6, 0.3, 0.1],
    [0.1, 0.2, 0.7],
    [0.4, 0.35, 0.25],
  ];
  const ids = [1, 0, 1, 2];
  const oneHot = ids.map((id) => [0, 1, 2].map((c) => (c === id ? 1 : 0)));

  test('of classes', () => {
    expect(metricOf('sparse_categorical_accuracy', { target: ids, prediction: chances })).toBe(0.5);
    expect(metricOf('categorical_accuracy', { target: oneHot, prediction: chances })).toBe(0.5);
    expectClose(metricOf('sparse_categorical_accuracy', { target: ids, prediction: chances, weight: [1, 2, 3, 4] }), 0.3);
    expect(metricOf(topKCategoricalAccuracy({ k: 2 }), { target: oneHot, prediction: chances })).toBe(0.75);
    expect(metricOf(topKCategoricalAccuracy({ k: 3 }), { target: oneHot, prediction: chances })).toBe(1);
  });

  test('of a threshold, strictly above', () => {
    const sample = { target: [1, 0, 1, 0], prediction: [[0.5], [0.2], [0.6], [0.9]] };
    expect(metricOf('binary_accuracy', sample)).toBe(0.5);
    expect(metricOf(binaryAccuracy({ threshold: 0.4 }), sample)).toBe(0.75);
  });

  test('of the kind that the shapes call for', () => {
    expect(metricOf('acc', { target: [1, 0, 1, 0], prediction: [[0.5], [0.2], [0.6], [0.9]] })).toBe(0.5);
    expect(metricOf(accuracy(), { target: ids, prediction: chances })).toBe(0.5);
    expect(metricOf('accuracy', { target: ids.map((id) => [id]), prediction: chances })).toBe(0.5);
    expect(metricOf('accuracy', { target: oneHot, prediction: chances })).toBe(0.5);
  });

  test('of steps', () => {
    const steps = {
      target: [ids.slice(0, 2), ids.slice(2)],
      prediction: [chances.slice(0, 2), chances.slice(2)],
      weight: [
        [1, 1],
        [0, 1],
      ],
    };
    expectClose(metricOf('accuracy', steps), 2 / 3);
  });
});

describe('detection', () => {
  const sample = { target: [1, 1, 1, 0, 0, 0], prediction: [[0.9], [0.8], [0.3], [0.7], [0.2], [0.5]] };
  test('precision and recall', () => {
    expectClose(metricOf('precision', sample), 2 / 3);
    expectClose(metricOf('recall', sample), 2 / 3);
    expectClose(metricOf(precision({ threshold: 0.75 }), sample), 1);
    expectClose(metricOf(recall({ threshold: 0.85 }), sample), 1 / 3);
    expectClose(metricOf('precision', { ...sample, weight: [1, 3, 1, 4, 1, 1] }), 0.5);
    expect(metricOf('precision', { target: [1], prediction: [[0]] })).toBe(0);
    expect(metricOf('recall', { target: [0], prediction: [[0]] })).toBe(0);
  });
});

describe('names', () => {
  test('a metric given by name carries that very name', () => {
    expect(['mae', 'meanAbsoluteError', 'mean_absolute_error', 'acc', 'rmse'].map((name) => resolveMetric(name).name)).toEqual([
      'mae',
      'meanAbsoluteError',
      'mean_absolute_error',
      'acc',
      'rmse',
    ]);
    expect(resolveMetric(huber()).name).toBe('huber');
    expect(
      resolveMetric(function bias(t, q) {
        return tf.sub(q, t);
      }).name,
    ).toBe('bias');
    expect(resolveMetric((t) => t).name).toBe('metric');
  });

  test('directions', () => {
    expect(['mse', 'acc', 'cosineSimilarity', 'rmse', 'r2'].map((name) => resolveMetric(name).direction)).toEqual([
      'min',
      'max',
      'max',
      'min',
      'max',
    ]);
    expect(resolveMetric((t) => t).direction).toBeNull();
  });

  test('a function gives a value for each sample', () => {
    expectClose(
      metricOf((t, q) => tf.mean(tf.sub(q, t), -1), { target: y, prediction: p }),
      (0.1 - 0.2 + 0.5 - 2 - 0.2 + 1.5) / 6,
    );
  });

  test('nothing counted is 0', () => {
    expect(metricOf('mae', { target: y, prediction: p, weight: [0, 0] })).toBe(0);
  });

  test('unknown names and options', () => {
    expect(() => resolveMetric('acuracy')).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: There is no metric 'acuracy'. [UNKNOWN_METRIC]
        expected: one of accuracy, binaryAccuracy, categoricalAccuracy, sparseCategoricalAccuracy, topKCategoricalAccuracy, rootMeanSquaredError, r2Score, cosineSimilarity, precision, recall, meanSquaredError, meanAbsoluteError, meanAbsolutePercentageError, meanSquaredLogarithmicError, huber, logCosh, poisson, klDivergence, binaryCrossentropy, categoricalCrossentropy, sparseCategoricalCrossentropy, hinge, squaredHinge, categoricalHinge, mse, mae, mape, msle, kld, bce, or a function
        received: acuracy
        where: createTrainer, option metrics
        hint: Did you mean 'accuracy'?]
    `);
    expect(() => binaryAccuracy({ threshold: Number.NaN })).toThrowError(expect.objectContaining({ code: 'INVALID_OPTION' }));
    expect(() => topKCategoricalAccuracy({ k: 0 })).toThrowError(expect.objectContaining({ code: 'INVALID_OPTION' }));
    expect(() => precision({ threshold: Number.NaN })).toThrowError(expect.objectContaining({ code: 'INVALID_OPTION' }));
    expect(() => recall({ treshold: 1 } as never)).toThrowError(expect.objectContaining({ code: 'UNKNOWN_OPTION' }));
  });
});
