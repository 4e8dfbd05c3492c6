import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { random, splitSeed } from '../src/random.ts';

const seeds = fc.maxSafeInteger();

/** Pearson's statistic of counts against equal expectations: about its degrees of freedom when they are equal. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** How often `draw(i)`, in [0, 1), falls into each of 256 bins. */
function histogram(draw: (index: number) => number, draws = 60_000): number[] {
  const counts = new Array<number>(256).fill(0);
  for (let i = 0; i < draws; i++) counts[Math.floor(draw(i) * 256)]! += 1;
  return counts;
}

// 255 degrees of freedom have mean 255 and standard deviation 22.6: the bound is five of them away on either side.
const fair = (statistic: number) => {
  expect(statistic).toBeGreaterThan(255 - 5 * 22.6);
  expect(statistic).toBeLessThan(255 + 5 * 22.6);
};

/** Both algorithms on big integers, from their published code, for a seed below 2^32. */
function referenceStream(seed: number): () => number {
  const word32 = (value: bigint) => value & 0xffffffffn;
  const finalise = (value: bigint) => {
    const first = word32((value ^ (value >> 16n)) * 0x85ebca6bn);
    const second = word32((first ^ (first >> 13n)) * 0xc2b2ae35n);
    return second ^ (second >> 16n);
  };
  const rotate = (value: bigint, by: bigint) => word32((value << by) | (value >> (32n - by)));
  const start = finalise(BigInt(seed) ^ 0x2545f491n);
  const state = [1n, 2n, 3n, 4n].map((i) => finalise(word32(start + i * 0x9e3779b9n) ^ (i % 2n === 1n ? BigInt(seed) : 0n)));
  return () => {
    let [a, b, c, d] = state as [bigint, bigint, bigint, bigint];
    const result = word32(rotate(word32(b * 5n), 7n) * 9n);
    const shifted = word32(b << 9n);
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11n);
    state.splice(0, 4, a, b, c, d);
    return Number(result) / 4294967296;
  };
}

describe('a stream', () => {
  test('has the bits it always had', () => {
    const stream = random(7);
    expect([stream.uniform(), stream.uniform(), stream.uniform(-1, 1)]).toMatchInlineSnapshot(`
      [
        0.6704381941817701,
        0.9662233258131891,
        0.4962679296731949,
      ]
    `);
    expect([stream.integer(1000), stream.integer(1000)]).toMatchInlineSnapshot(`
      [
        401,
        935,
      ]
    `);
    expect([...stream.permutation(8)]).toMatchInlineSnapshot(`
      [
        6,
        5,
        1,
        7,
        4,
        2,
        3,
        0,
      ]
    `);
    expect([random(7).split('dropout').uniform(), random(7).split(3).uniform()]).toMatchInlineSnapshot(`
      [
        0.41625723452307284,
        0.5893386537209153,
      ]
    `);
    expect([splitSeed(7, 'dropout'), splitSeed(-7, 'dropout'), splitSeed(7, 3)]).toMatchInlineSnapshot(`
      [
        2320858326572886,
        7357644453870088,
        7341260576881232,
      ]
    `);
  });

  test('is xoshiro128** seeded by the finaliser of MurmurHash3, as their authors give them', () => {
    const stream = random(7);
    const expected = referenceStream(7);
    for (let i = 0; i < 1000; i++) expect(stream.uniform()).toBe(expected());
  });

  test('is a function of its seed', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const [a, b] = [random(seed), random(seed)];
        expect([a.uniform(), a.normal(), a.integer(10), a.normal()]).toEqual([b.uniform(), b.normal(), b.integer(10), b.normal()]);
      }),
    );
  });

  test('splits the same whatever was drawn before', () => {
    const used = random(7);
    used.uniform();
    used.normal();
    expect(used.split('noise').uniform()).toBe(random(7).split('noise').uniform());
    expect(used.split('noise').seed).toBe(splitSeed(7, 'noise'));
  });
});

describe('uniform numbers', () => {
  test('fill their interval evenly, in the high bits, in the low bits, and in pairs', () => {
    const stream = random(7);
    fair(chiSquare(histogram(() => stream.uniform())));
    fair(chiSquare(histogram(() => (stream.uniform() * 16_777_216) % 1)));
    fair(chiSquare(histogram(() => (Math.floor(stream.uniform() * 16) + stream.uniform()) / 16)));
  });

  test('stay within their bounds', () => {
    const stream = random(3);
    for (let i = 0; i < 10_000; i++) {
      const value = stream.uniform(-2, 5);
      expect(value >= -2 && value < 5).toBe(true);
    }
  });
});

describe('seeds and splits', () => {
  test.each([
    ['seeds in a row', (i: number) => random(i).uniform()],
    ['negative seeds', (i: number) => random(-i).uniform()],
    ['seeds 2^32 apart', (i: number) => random((i % 2_000_000) * 4_294_967_296).uniform()],
    ['numbers as keys', (i: number) => random(7).split(i).uniform()],
    ['texts as keys', (i: number) => random(7).split(`layer-${i}`).uniform()],
    ['one key under seeds in a row', (i: number) => random(i).split('noise').uniform()],
    ['splits of splits', (i: number) => random(7).split('noise').split(i).uniform()],
  ])('give independent first numbers: %s', (_name, draw) => {
    fair(chiSquare(histogram(draw)));
  });

  test('streams side by side are not correlated', () => {
    const [a, b] = [random(7).split('a'), random(7).split('b')];
    const draws = 60_000;
    let product = 0;
    for (let i = 0; i < draws; i++) product += (a.uniform() - 0.5) * (b.uniform() - 0.5);
    // The mean of such products has standard deviation 1 / (12 √draws).
    expect(Math.abs(product / draws) * 12 * Math.sqrt(draws)).toBeLessThan(5);
  });

  test('a number and its text are different keys, and no two keys of many collide', () => {
    expect(splitSeed(7, 1)).not.toBe(splitSeed(7, '1'));
    const all = new Set(Array.from({ length: 50_000 }, (_, i) => [splitSeed(7, i), splitSeed(7, String(i)), splitSeed(i, 'a')]).flat());
    expect(all.size).toBe(150_000);
  });

  test('are safe integers for every seed and key', () => {
    fc.assert(
      fc.property(seeds, fc.string(), (seed, key) => {
        const split = splitSeed(seed, key);
        expect(Number.isSafeInteger(split) && split >= 0).toBe(true);
      }),
    );
  });
});

describe('normal numbers', () => {
  test('have the moments and the tails of the normal distribution', () => {
    const stream = random(11);
    const draws = 200_000;
    const values = Float64Array.from({ length: draws }, () => stream.normal());
    const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / draws;
    const error = 5 / Math.sqrt(draws);
    expect(Math.abs(moment(1))).toBeLessThan(error);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(error * Math.SQRT2);
    expect(Math.abs(moment(3))).toBeLessThan(error * Math.sqrt(15));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(error * Math.sqrt(96));
    const beyondTwo = values.filter((value) => Math.abs(value) > 2).length / draws;
    expect(Math.abs(beyondTwo - 0.0455)).toBeLessThan(5 * Math.sqrt((0.0455 * 0.9545) / draws));
  });

  test('are shifted and scaled', () => {
    const [standard, scaled] = [random(5), random(5)];
    for (let i = 0; i < 10; i++) expect(scaled.normal(10, 3)).toBeCloseTo(10 + 3 * standard.normal(), 12);
  });

  test('of one pair are independent', () => {
    const stream = random(13);
    let product = 0;
    for (let i = 0; i < 60_000; i++) product += stream.normal() * stream.normal();
    expect(Math.abs(product / 60_000) * Math.sqrt(60_000)).toBeLessThan(5);
  });
});

describe('integers', () => {
  test('are even for a bound that is no power of two', () => {
    const stream = random(7);
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 70_000; i++) counts[stream.integer(7)]! += 1;
    expect(chiSquare(counts)).toBeLessThan(6 + 5 * Math.sqrt(12));
  });

  test('are even for a bound where a remainder alone would not be', () => {
    // 3 · 2^30: without rejection a third of the integers would come twice as often.
    const stream = random(7);
    const counts = new Array<number>(3).fill(0);
    for (let i = 0; i < 30_000; i++) counts[Math.floor(stream.integer(3 * 2 ** 30) / 2 ** 30)]! += 1;
    expect(chiSquare(counts)).toBeLessThan(2 + 5 * 2);
  });

  test('reach both ends', () => {
    const stream = random(7);
    expect(stream.integer(1)).toBe(0);
    expect(new Set(Array.from({ length: 100 }, () => stream.integer(3)))).toEqual(new Set([0, 1, 2]));
    expect(stream.integer(2 ** 32)).toBeLessThan(2 ** 32);
  });
});

describe('permutations', () => {
  test('hold every index once', () => {
    fc.assert(
      fc.property(seeds, fc.nat(50), (seed, n) => {
        expect([...random(seed).permutation(n)].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      }),
    );
  });

  test('come equally often, all 24 of four', () => {
    const stream = random(7);
    const counts = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const order = stream.permutation(4).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    expect(chiSquare([...counts.values()])).toBeLessThan(23 + 5 * Math.sqrt(46));
  });
});

describe('errors', () => {
  test.each([1.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY])('the seed %s is refused', (seed) => {
    expect(() => random(seed)).toThrow(expect.objectContaining({ code: 'INVALID_SEED' }));
    expect(() => splitSeed(seed, 'a')).toThrow(expect.objectContaining({ code: 'INVALID_SEED' }));
  });

  test('the message says what a seed is', () => {
    expect(() => random(0.5)).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: A seed must be a safe integer. [INVALID_SEED]
        expected: an integer between -(2^53 - 1) and 2^53 - 1
        received: 0.5
        where: random]
    `);
  });

  test.each([0, -1, 1.5, 2 ** 33])('the bound %s is refused', (bound) => {
    expect(() => random(7).integer(bound)).toThrow(expect.objectContaining({ code: 'INVALID_BOUND', where: 'random.integer' }));
  });

  test('the count of a permutation is checked', () => {
    expect(() => random(7).permutation(-1)).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: A random integer needs a bound. [INVALID_BOUND]
        expected: an integer in [0, 2^32]
        received: -1
        where: random.permutation]
    `);
  });
});
