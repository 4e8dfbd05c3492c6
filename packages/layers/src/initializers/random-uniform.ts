import { checkOptions, random, size } from '@cellstate/core';
import { checkSeed } from '../check-option-types.ts';
import type { NamedInitializer, SeededOptions } from './initializer.ts';
import { withConfig } from './initializer.ts';

export interface RandomUniformOptions extends SeededOptions {
  /** Smallest value; default -0.05. */
  readonly minval?: number;
  /** Upper bound; default 0.05. */
  readonly maxval?: number;
}

/**
 * Independent uniform draws between two bounds.
 *
 * @example
 * ```ts
 * import { randomUniform } from '@cellstate/layers';
 *
 * randomUniform({ minval: 0, maxval: 1 })([100], 7).every((value) => value >= 0 && value <= 1); // → true
 * ```
 */
export function randomUniform(options: RandomUniformOptions = {}): NamedInitializer {
  checkOptions(options, ['minval', 'maxval', 'seed'], 'randomUniform');
  checkSeed(options.seed, 'randomUniform');
  const { minval = -0.05, maxval = 0.05, seed = null } = options;
  return withConfig({ name: 'randomUniform', minval, maxval, seed }, (shape, from) => drawUniform(shape, { minval, maxval, seed: from }));
}

/** Independent uniform draws under a seed. */
export function drawUniform(
  shape: readonly number[],
  options: { readonly minval: number; readonly maxval: number; readonly seed: number },
): Float32Array {
  const stream = random(options.seed);
  return Float32Array.from({ length: size(shape) }, () => stream.uniform(options.minval, options.maxval));
}
