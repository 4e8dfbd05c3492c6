import { checkOptions } from '@cellstate/core';
import { checkSeed } from '../check-option-types.ts';
import type { NamedInitializer, SeededOptions } from './initializer.ts';
import { scaledBy } from './variance-scaling.ts';

/**
 * Uniform draws of variance 2 / inputs, for ReLU layers (He et al., 2015).
 *
 * @example
 * ```ts
 * import { heUniform } from '@cellstate/layers';
 *
 * heUniform()([3, 2], 7).length; // → 6
 * ```
 */
export function heUniform(options: SeededOptions = {}): NamedInitializer {
  checkOptions(options, ['seed'], 'heUniform');
  checkSeed(options.seed, 'heUniform');
  return scaledBy({ name: 'heUniform', seed: options.seed ?? null }, { scale: 2, mode: 'fanIn', distribution: 'uniform' });
}

/**
 * Truncated normal draws of variance 2 / inputs, for ReLU layers (He et al., 2015).
 *
 * @example
 * ```ts
 * import { heNormal } from '@cellstate/layers';
 *
 * heNormal()([3, 2], 7).length; // → 6
 * ```
 */
export function heNormal(options: SeededOptions = {}): NamedInitializer {
  checkOptions(options, ['seed'], 'heNormal');
  checkSeed(options.seed, 'heNormal');
  return scaledBy({ name: 'heNormal', seed: options.seed ?? null }, { scale: 2, mode: 'fanIn', distribution: 'truncatedNormal' });
}
