import { CellstateError } from './cellstate-error.ts';

/**
 * Splittable random numbers: a stream is a pure function of its seed, and `split` derives independent streams by name.
 *
 * The generator is xoshiro128** (Blackman and Vigna, 2018) on four 32-bit words; its state is filled by the 32-bit
 * finaliser of MurmurHash3 from the seed's two halves. The same seed gives the same bits on every machine; normal numbers
 * use the engine's logarithm, sine and cosine and so may differ in the last bit between JavaScript engines.
 */
export interface Random {
  /** The seed this stream started from, a safe integer. */
  readonly seed: number;
  /** A stream of its own for `key`, independent of how much of this one was used. */
  split(key: string | number): Random;
  /** A number in [low, high), uniformly; default [0, 1). It has 32 bits of randomness. */
  uniform(low?: number, high?: number): number;
  /** A normally distributed number (Box and Muller); default mean 0, standard deviation 1. */
  normal(mean?: number, standardDeviation?: number): number;
  /** An integer in [0, bound), without modulo bias; `bound` is at most 2^32, else it throws `INVALID_BOUND`. */
  integer(bound: number): number;
  /** The numbers 0 … n − 1 in random order (Fisher and Yates); throws `INVALID_BOUND` for anything but a count. */
  permutation(n: number): Int32Array;
}

/**
 * Starts a stream of random numbers from a seed.
 *
 * @param seed any safe integer; the same seed gives the same numbers.
 * @throws CellstateError `INVALID_SEED` for anything else.
 *
 * @example
 * ```ts
 * import { random } from '@cellstate/core';
 *
 * const stream = random(7);
 * stream.uniform() === random(7).uniform(); // → true
 * stream.split('dropout').uniform() === stream.split('noise').uniform(); // → false
 * ```
 */
export function random(seed: number): Random {
  checkSeed(seed);
  const state = expand(seed);
  let spare: number | undefined;

  function next(): number {
    const [a, b, c, d] = state as unknown as [number, number, number, number];
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    state[2] = c ^ a;
    state[3] = d ^ b;
    state[1] = b ^ (state[2] as number);
    state[0] = a ^ (state[3] as number);
    state[2] = (state[2] as number) ^ (b << 9);
    state[3] = rotate(state[3] as number, 11);
    return result;
  }

  const self: Random = {
    seed,
    split: (key) => random(splitSeed(seed, key)),
    uniform: (low = 0, high = 1) => low + (high - low) * (next() / 4294967296),
    normal(mean = 0, standardDeviation = 1) {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return mean + standardDeviation * value;
      }
      // 1 - u keeps the logarithm away from zero.
      const radius = Math.sqrt(-2 * Math.log(1 - next() / 4294967296));
      const angle = 2 * Math.PI * (next() / 4294967296);
      spare = radius * Math.sin(angle);
      return mean + standardDeviation * radius * Math.cos(angle);
    },
    integer(bound) {
      checkBound(bound, 1, 'random.integer');
      const limit = 4294967296 - (4294967296 % bound);
      let draw = next();
      while (draw >= limit) draw = next();
      return draw % bound;
    },
    permutation(n) {
      checkBound(n, 0, 'random.permutation');
      const order = Int32Array.from({ length: n }, (_, i) => i);
      for (let i = n - 1; i > 0; i--) {
        const j = self.integer(i + 1);
        const kept = order[i] as number;
        order[i] = order[j] as number;
        order[j] = kept;
      }
      return order;
    },
  };
  return self;
}

/**
 * The seed of the stream that `key` names under `seed`: a hash of both, 53 bits. `random(seed).split(key)` starts there.
 *
 * @param seed any safe integer.
 * @param key a name or a number; the number 1 and the text '1' give different seeds.
 * @throws CellstateError `INVALID_SEED` for a seed that is not a safe integer.
 *
 * @example
 * ```ts
 * import { random, splitSeed } from '@cellstate/core';
 *
 * const seed = splitSeed(7, 'lstm/dropout');
 * random(seed).uniform() === random(7).split('lstm/dropout').uniform(); // → true
 * ```
 */
export function splitSeed(seed: number, key: string | number): number {
  checkSeed(seed);
  const text = String(key);
  // The number 1 and the text '1' are different keys.
  let high = mix(low32(seed) ^ (typeof key === 'number' ? 0x7feb352d : 0x9e3779b9));
  let low = mix(high32(seed) ^ 0x85ebca6b);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    high = mix(high ^ Math.imul(code + 1, 0xcc9e2d51));
    low = mix(low ^ Math.imul(code + 1, 0x1b873593) ^ high);
  }
  return (mix(high ^ low) >>> 11) * 4294967296 + (mix(low ^ 0x27d4eb2f) >>> 0);
}

function checkSeed(seed: number): void {
  if (!Number.isSafeInteger(seed)) {
    throw new CellstateError('INVALID_SEED', 'A seed must be a safe integer.', {
      expected: 'an integer between -(2^53 - 1) and 2^53 - 1',
      received: String(seed),
      where: 'random',
    });
  }
}

function checkBound(bound: number, least: number, where: string): void {
  if (Number.isInteger(bound) && bound >= least && bound <= 4294967296) return;
  throw new CellstateError('INVALID_BOUND', 'A random integer needs a bound.', {
    expected: `an integer in [${least}, 2^32]`,
    received: String(bound),
    where,
  });
}

function expand(seed: number): Int32Array {
  const state = new Int32Array(4);
  let word = mix(low32(seed) ^ 0x2545f491) ^ Math.imul(high32(seed), 0x9e3779b1);
  for (let i = 0; i < 4; i++) {
    word = (word + 0x9e3779b9) | 0;
    state[i] = mix(word ^ (i % 2 === 0 ? low32(seed) : high32(seed)));
  }
  if (state.every((part) => part === 0)) state[0] = 1;
  return state;
}

function mix(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

function low32(seed: number): number {
  return seed | 0;
}

function high32(seed: number): number {
  return Math.floor(seed / 4294967296) | 0;
}
