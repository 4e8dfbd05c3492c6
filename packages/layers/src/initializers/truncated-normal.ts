import { checkOptions, random, size } from '@cellstate/core';
import { checkSeed } from '../check-option-types.ts';
import type { NamedInitializer, SeededOptions } from './initializer.ts';
import { withConfig } from './initializer.ts';

export interface TruncatedNormalOptions extends SeededOptions {
  /** Default 0. */
  readonly mean?: number;
  /** Standard deviation before the tails are cut; default 0.05. */
  readonly stddev?: number;
}

/**
 * Independent normal draws; those beyond two standard deviations are drawn again.
 *
 * @example
 * ```ts
 * import { truncatedNormal } from '@cellstate/layers';
 *
 * truncatedNormal({ stddev: 1 })([1000], 7).every((value) => Math.abs(value) <= 2); // → true
 * ```
 */
export function truncatedNormal(options: TruncatedNormalOptions = {}): NamedInitializer {
  checkOptions(options, ['mean', 'stddev', 'seed'], 'truncatedNormal');
  checkSeed(options.seed, 'truncatedNormal');
  const { mean = 0, stddev = 0.05, seed = null } = options;
  return withConfig({ name: 'truncatedNormal', mean, stddev, seed }, (shape, from) =>
    drawTruncatedNormal(shape, { mean, stddev, seed: from }),
  );
}

/** Independent truncated normal draws under a seed. */
export function drawTruncatedNormal(
  shape: readonly number[],
  options: { readonly mean: number; readonly stddev: number; readonly seed: number },
): Float32Array {
  const stream = random(options.seed);
  return Float32Array.from({ length: size(shape) }, () => {
    let deviation = stream.normal();
    while (Math.abs(deviation) > 2) deviation = stream.normal();
    return options.mean + options.stddev * deviation;
  });
}
