import { CellstateError, checkOptions } from '@cellstate/core';
import { checkSeed } from '../check-option-types.ts';
import { fans } from './fans.ts';
import type { InitializerConfig, NamedInitializer, SeededOptions } from './initializer.ts';
import { withConfig } from './initializer.ts';
import { drawNormal } from './random-normal.ts';
import { drawUniform } from './random-uniform.ts';
import { drawTruncatedNormal } from './truncated-normal.ts';

/** The standard deviation of a standard normal cut at ±2. */
const TRUNCATED_STDDEV = 0.87962566103423978;

const MODES = ['fanIn', 'fanOut', 'fanAvg'] as const;
const DISTRIBUTIONS = ['truncatedNormal', 'untruncatedNormal', 'uniform'] as const;

export interface VarianceScalingOptions extends SeededOptions {
  /** Variance times fan; default 1. */
  readonly scale?: number;
  /** Which fan divides the variance: inputs (default), outputs, or the mean of both. Keras' spellings ('fan_in') too. */
  readonly mode?: (typeof MODES)[number] | 'fan_in' | 'fan_out' | 'fan_avg';
  /** Default 'truncatedNormal', cut at two standard deviations and widened to keep the variance. 'normal' means the same. Keras' spellings too. */
  readonly distribution?: (typeof DISTRIBUTIONS)[number] | 'truncated_normal' | 'untruncated_normal' | 'normal';
}

/**
 * Random values whose variance is `scale` / fan, so that signals keep their size from layer to layer.
 *
 * Fans of a kernel `[…, inputs, outputs]` count the leading axes (a convolution's window) in both. Uniform draws lie within
 * ±√(3 · scale / fan).
 *
 * @throws CellstateError `INVALID_INITIALIZER` for a scale that is not positive, an unknown mode or distribution.
 *
 * @example
 * ```ts
 * import { varianceScaling } from '@cellstate/layers';
 *
 * const limit = Math.sqrt(3 / 12);
 * varianceScaling({ distribution: 'uniform' })([12, 2], 7).every((value) => Math.abs(value) <= limit); // → true
 * ```
 */
export function varianceScaling(options: VarianceScalingOptions = {}): NamedInitializer {
  checkOptions(options, ['scale', 'mode', 'distribution', 'seed'], 'varianceScaling');
  checkSeed(options.seed, 'varianceScaling');
  const { scale = 1, seed = null } = options;
  if (!(scale > 0)) {
    throw new CellstateError('INVALID_INITIALIZER', 'The scale of a variance must be positive.', {
      expected: 'a number above 0',
      received: String(scale),
      where: 'varianceScaling, argument scale',
    });
  }
  const mode = choose(options.mode ?? 'fanIn', MODES, 'mode');
  const distribution = choose(
    options.distribution === 'normal' ? 'truncatedNormal' : (options.distribution ?? 'truncatedNormal'),
    DISTRIBUTIONS,
    'distribution',
  );
  return scaledBy({ name: 'varianceScaling', scale, mode, distribution, seed }, { scale, mode, distribution });
}

/** The rule of variance scaling, under the name of one of its presets. */
export function scaledBy(
  config: InitializerConfig,
  rule: { readonly scale: number; readonly mode: (typeof MODES)[number]; readonly distribution: (typeof DISTRIBUTIONS)[number] },
): NamedInitializer {
  return withConfig(config, (shape, seed) => {
    const { fanIn, fanOut } = fans(shape);
    const fan = { fanIn, fanOut, fanAvg: (fanIn + fanOut) / 2 }[rule.mode];
    const variance = rule.scale / Math.max(1, fan);
    if (rule.distribution === 'uniform') {
      const limit = Math.sqrt(3 * variance);
      return drawUniform(shape, { minval: -limit, maxval: limit, seed });
    }
    if (rule.distribution === 'untruncatedNormal') return drawNormal(shape, { mean: 0, stddev: Math.sqrt(variance), seed });
    return drawTruncatedNormal(shape, { mean: 0, stddev: Math.sqrt(variance) / TRUNCATED_STDDEV, seed });
  });
}

function choose<Name extends string>(given: string, known: readonly Name[], argument: string): Name {
  const plain = (text: string) => text.toLowerCase().replaceAll('_', '');
  const found = known.find((name) => plain(name) === plain(given));
  if (found !== undefined) return found;
  throw new CellstateError('INVALID_INITIALIZER', `No such ${argument}.`, {
    expected: `one of ${known.join(', ')}`,
    received: given,
    where: `varianceScaling, argument ${argument}`,
  });
}
