import { CellstateError, nearest } from '@cellstate/core';
import { constant, ones, zeros } from './constant.ts';
import { glorotNormal, glorotUniform } from './glorot.ts';
import { heNormal, heUniform } from './he.ts';
import { identity } from './identity.ts';
import type { Initializer, InitializerConfig } from './initializer.ts';
import { lecunNormal, lecunUniform } from './lecun.ts';
import { orthogonal } from './orthogonal.ts';
import { randomNormal } from './random-normal.ts';
import { randomUniform } from './random-uniform.ts';
import { truncatedNormal } from './truncated-normal.ts';
import { varianceScaling } from './variance-scaling.ts';

/** What a layer's initializer options take: a name (Keras' spellings too), an initializer, or the config of one. */
export type InitializerSpec = string | Initializer | InitializerConfig;

const FACTORIES = {
  constant,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  identity,
  lecunNormal,
  lecunUniform,
  ones,
  orthogonal,
  randomNormal,
  randomUniform,
  truncatedNormal,
  varianceScaling,
  zeros,
} as const satisfies Record<string, (options: never) => Initializer>;

const ALIASES: Readonly<Record<string, keyof typeof FACTORIES>> = {
  normal: 'randomNormal',
  uniform: 'randomUniform',
  zero: 'zeros',
  one: 'ones',
  orthogonalInitializer: 'orthogonal',
  identityInitializer: 'identity',
};

/**
 * The initializer that a name, a config or an initializer stands for. Case and underscores do not matter: 'glorot_uniform',
 * 'glorotUniform' and 'GlorotUniform' are one; 'uniform', 'normal', 'zero' and 'one' are Keras' short names.
 *
 * @param where the layer and option, for the message.
 * @throws CellstateError `UNKNOWN_INITIALIZER`, with the nearest name as hint; `UNKNOWN_OPTION` for an option in a config
 * that its initializer lacks.
 *
 * @example
 * ```ts
 * import { getInitializer } from '@cellstate/layers';
 *
 * getInitializer('glorot_uniform', 'dense').getConfig?.(); // → { "name": "glorotUniform", "seed": null }
 * ```
 */
export function getInitializer(spec: InitializerSpec, where: string): Initializer {
  if (typeof spec === 'function') return spec;
  const { name, ...options } = typeof spec === 'string' ? { name: spec } : spec;
  const plain = (text: string) => text.toLowerCase().replaceAll('_', '');
  const known = Object.keys(FACTORIES);
  const found = [...known, ...Object.keys(ALIASES)].find((candidate) => typeof name === 'string' && plain(candidate) === plain(name));
  if (found === undefined) {
    const near = typeof name === 'string' ? nearest(name, known) : undefined;
    throw new CellstateError('UNKNOWN_INITIALIZER', 'No initializer has this name.', {
      expected: `one of ${known.join(', ')}, or a function (shape, seed) → Float32Array`,
      received: String(name),
      where,
      ...(near === undefined ? {} : { hint: `Did you mean '${near}'?` }),
    });
  }
  const factory = FACTORIES[ALIASES[found] ?? (found as keyof typeof FACTORIES)] as (options: object) => Initializer;
  return factory(options);
}
