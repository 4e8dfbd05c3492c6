import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constant, ones, zeros } from '../../src/initializers/constant.ts';
import { fans } from '../../src/initializers/fans.ts';
import { getInitializer } from '../../src/initializers/get-initializer.ts';
import { glorotNormal, glorotUniform } from '../../src/initializers/glorot.ts';
import { heNormal, heUniform } from '../../src/initializers/he.ts';
import { identity } from '../../src/initializers/identity.ts';
import { lecunNormal, lecunUniform } from '../../src/initializers/lecun.ts';
import { randomNormal } from '../../src/initializers/random-normal.ts';
import { randomUniform } from '../../src/initializers/random-uniform.ts';
import { truncatedNormal } from '../../src/initializers/truncated-normal.ts';
import { varianceScaling } from '../../src/initializers/variance-scaling.ts';

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function variance(values: Float32Array): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length;
}

describe('fixed values', () => {
  it('fills', () => {
    expect(Array.from(zeros()([2, 2], 1))).toEqual([0, 0, 0, 0]);
    expect(Array.from(ones()([3], 1))).toEqual([1, 1, 1]);
    expect(Array.from(constant({ value: -2.5 })([2], 1))).toEqual([-2.5, -2.5]);
    expect(Array.from(constant()([1], 1))).toEqual([0]);
    expect(ones()([], 1)).toHaveLength(1);
  });

  it('puts the gain on the diagonal of any matrix', () => {
    expect(Array.from(identity({ gain: 3 })([3, 2], 1))).toEqual([3, 0, 0, 3, 0, 0]);
    expect(Array.from(identity()([2, 3], 1))).toEqual([1, 0, 0, 0, 1, 0]);
  });

  it('refuses what has no meaning', () => {
    expect(() => identity()([2, 2, 2], 1)).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: Only a matrix can start as the identity. [SHAPE_MISMATCH]
        expected: [rows, columns]
        received: [2, 2, 2]
        where: identity]
    `);
    expect(() => constant({ value: 'x' as never })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: A constant is one number. [INVALID_INITIALIZER]
        expected: a number
        received: x
        where: constant]
    `);
  });
});

describe('fans', () => {
  it('follows Keras', () => {
    expect(fans([])).toEqual({ fanIn: 1, fanOut: 1 });
    expect(fans([7])).toEqual({ fanIn: 7, fanOut: 7 });
    expect(fans([3, 5])).toEqual({ fanIn: 3, fanOut: 5 });
    expect(fans([4, 3, 5])).toEqual({ fanIn: 12, fanOut: 20 });
    expect(fans([2, 4, 3, 5])).toEqual({ fanIn: 24, fanOut: 40 });
  });
});

describe('distributions', () => {
  const n = 40_000;

  it('randomNormal has the mean and standard deviation asked for', () => {
    const values = randomNormal({ mean: 1, stddev: 2 })([n], 3);
    expect(Math.abs(mean(values) - 1)).toBeLessThan((5 * 2) / Math.sqrt(n));
    expect(variance(values) / 4).toBeCloseTo(1, 1);
    expect(values.some((value) => Math.abs(value - 1) > 4)).toBe(true);
  });

  it('randomUniform fills its range', () => {
    const values = randomUniform({ minval: -1, maxval: 3 })([n], 3);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-1);
    expect(Math.min(...values)).toBeLessThan(-0.99);
    expect(Math.max(...values)).toBeGreaterThan(2.99);
    expect(Math.max(...values)).toBeLessThanOrEqual(3);
    expect(mean(values)).toBeCloseTo(1, 1);
  });

  it('truncatedNormal cuts at two standard deviations, which leaves 0.8796 of the spread', () => {
    const values = truncatedNormal({ mean: 1, stddev: 0.5 })([n], 3);
    expect(values.every((value) => Math.abs(value - 1) <= 1)).toBe(true);
    expect(Math.max(...values)).toBeGreaterThan(1.98);
    expect(Math.sqrt(variance(values))).toBeCloseTo(0.5 * 0.87962566, 2);
  });

  const shape = [40, 3, 120];
  const fanIn = 40 * 3;
  const fanAvg = (40 * 3 + 40 * 120) / 2;
  it.each([
    ['glorotUniform', glorotUniform(), 1 / fanAvg, Math.sqrt(3 / fanAvg)],
    ['heUniform', heUniform(), 2 / fanIn, Math.sqrt(6 / fanIn)],
    ['lecunUniform', lecunUniform(), 1 / fanIn, Math.sqrt(3 / fanIn)],
    ['glorotNormal', glorotNormal(), 1 / fanAvg, (2 * Math.sqrt(1 / fanAvg)) / 0.87962566],
    ['heNormal', heNormal(), 2 / fanIn, (2 * Math.sqrt(2 / fanIn)) / 0.87962566],
    ['lecunNormal', lecunNormal(), 1 / fanIn, (2 * Math.sqrt(1 / fanIn)) / 0.87962566],
  ])('%s has its variance and limit', (_, initializer, expectedVariance, limit) => {
    const values = initializer(shape, 11);
    expect(variance(values) / expectedVariance).toBeGreaterThan(0.95);
    expect(variance(values) / expectedVariance).toBeLessThan(1.05);
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(largest).toBeLessThanOrEqual(limit * (1 + 1e-6));
    expect(largest).toBeGreaterThan(limit * 0.99);
  });

  it('varianceScaling takes a mode and a distribution, in either spelling', () => {
    const wide = varianceScaling({ scale: 3, mode: 'fanOut', distribution: 'untruncatedNormal' })([100, 300], 5);
    expect(variance(wide) * 100).toBeCloseTo(1, 1);
    expect(wide.some((value) => Math.abs(value) > 0.3)).toBe(true);
    const keras = varianceScaling({ scale: 3, mode: 'fan_out', distribution: 'untruncated_normal' })([100, 300], 5);
    expect(keras).toEqual(wide);
    const normal = varianceScaling({ distribution: 'normal' });
    expect(normal.getConfig()).toEqual({ name: 'varianceScaling', scale: 1, mode: 'fanIn', distribution: 'truncatedNormal', seed: null });
  });

  it('varianceScaling refuses unknown rules', () => {
    expect(() => varianceScaling({ scale: 0 })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The scale of a variance must be positive. [INVALID_INITIALIZER]
        expected: a number above 0
        received: 0
        where: varianceScaling, argument scale]
    `);
    expect(() => varianceScaling({ mode: 'fan' as never })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: No such mode. [INVALID_INITIALIZER]
        expected: one of fanIn, fanOut, fanAvg
        received: fan
        where: varianceScaling, argument mode]
    `);
  });
});

describe('seeds', () => {
  const names = ['glorotUniform', 'heNormal', 'randomNormal', 'randomUniform', 'truncatedNormal', 'orthogonal', 'varianceScaling'];

  it.each(names)('%s: same seed, same bits; another seed, others', (name) => {
    const initializer = getInitializer(name, 'test');
    expect(initializer([5, 4], 1)).toEqual(initializer([5, 4], 1));
    expect(initializer([5, 4], 1)).not.toEqual(initializer([5, 4], 2));
  });

  it('an own seed replaces the seed passed', () => {
    const own = glorotUniform({ seed: 9 });
    expect(own([3, 3], 1)).toEqual(own([3, 3], 2));
    expect(own([3, 3], 1)).toEqual(glorotUniform()([3, 3], 9));
    expect(own.getConfig()).toEqual({ name: 'glorotUniform', seed: 9 });
  });
});

describe('getInitializer', () => {
  it.each([
    ['glorot_uniform', 'glorotUniform'],
    ['GlorotUniform', 'glorotUniform'],
    ['uniform', 'randomUniform'],
    ['normal', 'randomNormal'],
    ['zero', 'zeros'],
    ['one', 'ones'],
    ['OrthogonalInitializer', 'orthogonal'],
    ['lecun_normal', 'lecunNormal'],
  ])('%s is %s', (given, name) => {
    expect(getInitializer(given, 'test').getConfig?.().name).toBe(name);
  });

  it('makes an initializer again from its config', () => {
    for (const initializer of [
      constant({ value: 3 }),
      identity({ gain: 2 }),
      randomNormal({ mean: 1, stddev: 2, seed: 4 }),
      randomUniform({ minval: -2 }),
      varianceScaling({ scale: 2, mode: 'fanAvg' }),
      heNormal(),
    ]) {
      const again = getInitializer(initializer.getConfig(), 'test');
      expect(again.getConfig?.()).toEqual(initializer.getConfig());
      expect(again([3, 2], 8)).toEqual(initializer([3, 2], 8));
    }
  });

  it('takes a function as it is', () => {
    const own = (shape: readonly number[]) => new Float32Array(shape[0] as number).fill(4);
    expect(getInitializer(own, 'test')).toBe(own);
  });

  it('names the nearest for a name it does not know', () => {
    expect(() => getInitializer('glorot_unifrom', 'dense, argument kernelInitializer')).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: No initializer has this name. [UNKNOWN_INITIALIZER]
        expected: one of constant, glorotNormal, glorotUniform, heNormal, heUniform, identity, lecunNormal, lecunUniform, ones, orthogonal, randomNormal, randomUniform, truncatedNormal, varianceScaling, zeros, or a function (shape, seed) → Float32Array
        received: glorot_unifrom
        where: dense, argument kernelInitializer
        hint: Did you mean 'glorotUniform'?]
    `);
    expect(() => getInitializer({ name: 'constant', valeu: 3 }, 'dense')).toThrow(/Did you mean 'value'/);
    expect(() => getInitializer('kaiming', 'dense')).toThrow(/UNKNOWN_INITIALIZER/);
    expect(() => getInitializer({} as never, 'dense')).toThrow(/received: undefined/);
  });

  it('keeps every draw of a uniform within its bounds', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.double({ min: -5, max: 0, noNaN: true }),
        fc.double({ min: 0.1, max: 5, noNaN: true }),
        (seed, minval, span) => {
          const values = randomUniform({ minval, maxval: minval + span })([20], seed);
          return values.every((value) => value >= Math.fround(minval) - 1e-6 && value <= minval + span + 1e-6);
        },
      ),
      { numRuns: 50 },
    );
  });
});
