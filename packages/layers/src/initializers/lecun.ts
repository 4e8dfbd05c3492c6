import { checkOptions } from '@cellstate/core';
import { checkSeed } from '../check-option-types.ts';
import type { NamedInitializer, SeededOptions } from './initializer.ts';
import { scaledBy } from './variance-scaling.ts';

/**
 * Uniform draws of variance 1 / inputs, for SELU layers (LeCun et al., 1998).
 *
 * @example
 * ```ts
 * import { lecunUniform } from '@cellstate/layers';
 *
 * lecunUniform()([3, 2], 7).length; // → 6
 * ```
 */
export function lecunUniform(options: SeededOptions = {}): NamedInitializer {
  checkOptions(options, ['seed'], 'lecunUniform');
  checkSeed(options.seed, 'lecunUniform');
  return scaledBy({ name: 'lecunUniform', seed: options.seed ?? null }, { scale: 1, mode: 'fanIn', distribution: 'uniform' });
}

/**
 * Truncated normal draws of variance 1 / inputs, for SELU layers (LeCun et al., 1998).
 *
 * @example
 * ```ts
 * import { lecunNormal } from '@cellstate/layers';
 *
 * lecunNormal()([3, 2], 7).length; // → 6
 * ```
 */
export function lecunNormal(options: SeededOptions = {}): NamedInitializer {
  checkOptions(options, ['seed'], 'lecunNormal');
  checkSeed(options.seed, 'lecunNormal');
  return scaledBy({ name: 'lecunNormal', seed: options.seed ?? null }, { scale: 1, mode: 'fanIn', distribution: 'truncatedNormal' });
}
