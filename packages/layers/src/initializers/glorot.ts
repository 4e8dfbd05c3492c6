import { checkOptions } from '@cellstate/core';
import { checkSeed } from '../check-option-types.ts';
import type { NamedInitializer, SeededOptions } from './initializer.ts';
import { scaledBy } from './variance-scaling.ts';

/**
 * Uniform draws of variance 1 / ((inputs + outputs) / 2) (Glorot and Bengio, 2010).
 *
 * @example
 * ```ts
 * import { glorotUniform } from '@cellstate/layers';
 *
 * glorotUniform()([3, 2], 7).length; // → 6
 * ```
 */
export function glorotUniform(options: SeededOptions = {}): NamedInitializer {
  checkOptions(options, ['seed'], 'glorotUniform');
  checkSeed(options.seed, 'glorotUniform');
  return scaledBy({ name: 'glorotUniform', seed: options.seed ?? null }, { scale: 1, mode: 'fanAvg', distribution: 'uniform' });
}

/**
 * Truncated normal draws of variance 1 / ((inputs + outputs) / 2) (Glorot and Bengio, 2010).
 *
 * @example
 * ```ts
 * import { glorotNormal } from '@cellstate/layers';
 *
 * glorotNormal()([3, 2], 7).length; // → 6
 * ```
 */
export function glorotNormal(options: SeededOptions = {}): NamedInitializer {
  checkOptions(options, ['seed'], 'glorotNormal');
  checkSeed(options.seed, 'glorotNormal');
  return scaledBy({ name: 'glorotNormal', seed: options.seed ?? null }, { scale: 1, mode: 'fanAvg', distribution: 'truncatedNormal' });
}
