import { checkOptions, random, size } from '@cellstate/core';
import { checkSeed } from '../check-option-types.ts';
import type { NamedInitializer, SeededOptions } from './initializer.ts';
import { withConfig } from './initializer.ts';

export interface RandomNormalOptions extends SeededOptions {
  /** Default 0. */
  readonly mean?: number;
  /** Standard deviation; default 0.05. */
  readonly stddev?: number;
}

/**
 * Independent normal draws.
 *
 * @example
 * ```ts
 * import { randomNormal } from '@cellstate/layers';
 *
 * randomNormal({ stddev: 0.1 })([3, 2], 7).length; // → 6
 * ```
 */
export function randomNormal(options: RandomNormalOptions = {}): NamedInitializer {
  checkOptions(options, ['mean', 'stddev', 'seed'], 'randomNormal');
  checkSeed(options.seed, 'randomNormal');
  const { mean = 0, stddev = 0.05, seed = null } = options;
  return withConfig({ name: 'randomNormal', mean, stddev, seed }, (shape, from) => drawNormal(shape, { mean, stddev, seed: from }));
}

/** Independent normal draws under a seed. */
export function drawNormal(
  shape: readonly number[],
  options: { readonly mean: number; readonly stddev: number; readonly seed: number },
): Float32Array {
  const stream = random(options.seed);
  return Float32Array.from({ length: size(shape) }, () => stream.normal(options.mean, options.stddev));
}
