import { expectClose } from '@cellstate/testing';
import { describe, expect, test } from 'vitest';
import {
  cosineDecay,
  cosineDecayRestarts,
  exponentialDecay,
  inverseTimeDecay,
  piecewiseConstantDecay,
  polynomialDecay,
  type Schedule,
} from '../src/index.ts';

const STEPS = [0, 1, 5, 6, 10, 11, 15, 20, 25];
const decay = { initialLearningRate: 0.1, decaySteps: 10, decayRate: 0.5 };

// Keras 3.15.1, float32, at the steps above.
const KERAS: [string, Schedule, number[]][] = [
  [
    'exponentialDecay',
    exponentialDecay(decay),
    [0.1, 0.0933033, 0.070710681, 0.065975398, 0.05, 0.04665165, 0.035355341, 0.025, 0.01767767],
  ],
  ['exponentialDecay, staircase', exponentialDecay({ ...decay, staircase: true }), [0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.025, 0.025]],
  [
    'piecewiseConstantDecay',
    piecewiseConstantDecay({ boundaries: [5, 10], values: [1, 0.5, 0.1] }),
    [1, 1, 1, 0.5, 0.5, 0.1, 0.1, 0.1, 0.1],
  ],
  [
    'polynomialDecay',
    polynomialDecay({ initialLearningRate: 0.1, decaySteps: 10 }),
    [0.1, 0.090010002, 0.050050002, 0.040059999, 1e-4, 1e-4, 1e-4, 1e-4, 1e-4],
  ],
  [
    'polynomialDecay, cycle',
    polynomialDecay({ initialLearningRate: 0.1, decaySteps: 10, endLearningRate: 0.01, power: 2, cycle: true }),
    [0.1, 0.082899995, 0.0325, 0.0244, 0.01, 0.028225, 0.015625, 0.01, 0.0125],
  ],
  [
    'inverseTimeDecay',
    inverseTimeDecay(decay),
    [0.1, 0.095238104, 0.08, 0.07692308, 0.06666667, 0.064516135, 0.057142857, 0.05, 0.044444446],
  ],
  [
    'cosineDecay',
    cosineDecay({ initialLearningRate: 0.1, decaySteps: 10, alpha: 0.1 }),
    [0.1, 0.097797543, 0.055, 0.041094229, 0.01, 0.01, 0.01, 0.01, 0.01],
  ],
  [
    'cosineDecay, warm-up',
    cosineDecay({ initialLearningRate: 0, decaySteps: 10, warmupTarget: 0.1, warmupSteps: 5 }),
    [0, 0.02, 0.1, 0.097552828, 0.05, 0.034549143, 0, 0, 0],
  ],
  [
    'cosineDecayRestarts',
    cosineDecayRestarts({ initialLearningRate: 0.1, firstDecaySteps: 10 }),
    [0.1, 0.097552828, 0.05, 0.034549143, 0.1, 0.09938442, 0.085355341, 0.05, 0.014644662],
  ],
];

describe('schedules', () => {
  test.each(KERAS)("%s gives Keras' values", (_name, schedule, expected) => {
    expectClose(STEPS.map(schedule), expected, { absolute: 1e-8, relative: 2e-6 });
  });

  test('a restart lowers the top by mMul and stretches the period by tMul', () => {
    const schedule = cosineDecayRestarts({ initialLearningRate: 1, firstDecaySteps: 10, tMul: 3, mMul: 0.5, alpha: 0.2 });
    expectClose([schedule(10), schedule(25), schedule(40)], [0.8 * 0.5 + 0.2, 0.8 * 0.25 + 0.2, 0.8 * 0.25 + 0.2]);
    const inKeras = cosineDecayRestarts({ initialLearningRate: 0.1, firstDecaySteps: 3, tMul: 1, mMul: 0.8, alpha: 0.1 });
    expectClose([0, 1, 2, 3, 4, 5, 6].map(inKeras), [0.1, 0.0775, 0.0325, 0.082, 0.064, 0.028, 0.0676]);
  });

  test.each([
    ['initialLearningRate', () => exponentialDecay({ ...decay, initialLearningRate: 0 })],
    ['decaySteps', () => exponentialDecay({ ...decay, decaySteps: 0 })],
    ['decayRate', () => inverseTimeDecay({ ...decay, decayRate: -1 })],
    ['initialLearningRate', () => polynomialDecay({ initialLearningRate: -1, decaySteps: 1 })],
    ['decaySteps', () => polynomialDecay({ initialLearningRate: 1, decaySteps: 0 })],
    ['initialLearningRate', () => cosineDecay({ initialLearningRate: -1, decaySteps: 1 })],
    ['decaySteps', () => cosineDecay({ initialLearningRate: 1, decaySteps: -1 })],
    ['warmupSteps', () => cosineDecay({ initialLearningRate: 1, decaySteps: 1, warmupSteps: -1 })],
    ['initialLearningRate', () => cosineDecayRestarts({ initialLearningRate: 0, firstDecaySteps: 1 })],
    ['firstDecaySteps', () => cosineDecayRestarts({ initialLearningRate: 1, firstDecaySteps: 0 })],
    ['tMul', () => cosineDecayRestarts({ initialLearningRate: 1, firstDecaySteps: 1, tMul: 0.5 })],
  ])('%s out of range', (option, make) => {
    expect(make).toThrowError(expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(`'${option}'`) }));
  });

  test.each([[{ boundaries: [5, 10], values: [1, 0.5] }], [{ boundaries: [10, 5], values: [1, 0.5, 0.1] }]])(
    'boundaries and values that do not fit',
    (options) => {
      expect(() => piecewiseConstantDecay(options)).toThrowError(expect.objectContaining({ code: 'INVALID_OPTION' }));
    },
  );

  test('unknown options', () => {
    for (const make of [exponentialDecay, inverseTimeDecay, piecewiseConstantDecay, polynomialDecay, cosineDecay, cosineDecayRestarts]) {
      expect(() => make({ ...decay, boundaries: [], values: [1], decayStep: 1 } as never)).toThrowError(
        expect.objectContaining({ code: 'UNKNOWN_OPTION' }),
      );
    }
  });
});
