import { CellstateError, checkOptions, nearest } from '@cellstate/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Constraint, ConstraintSpec, NamedConfig } from './contract.ts';

/** A constraint that can say what it is. All of this package's can. */
export interface NamedConstraint extends Constraint {
  getConfig(): NamedConfig;
}

export interface NormOptions {
  /** The axis or axes along which a norm is taken. Default 0: a norm for each unit of a `[inputs, units]` kernel. */
  readonly axis?: number | readonly number[];
}

export interface MaxNormOptions extends NormOptions {
  /** Default 2. */
  readonly maxValue?: number;
}

export interface MinMaxNormOptions extends NormOptions {
  /** Default 0. */
  readonly minValue?: number;
  /** Default 1. */
  readonly maxValue?: number;
  /** How far a step goes towards the bounds: 1 (default) all the way. */
  readonly rate?: number;
}

/** Keeps the division defined at a norm of zero; Keras' constant. */
const EPSILON = 1e-7;

/**
 * Shrinks each unit's weights to a norm of at most `maxValue`.
 *
 * @example
 * ```ts
 * import { maxNorm } from '@cellstate/layers';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * tf.tidy(() => maxNorm({ maxValue: 5 })(tf.tensor2d([[6], [8]])).arraySync()); // → [[3], [4]]
 * ```
 */
export function maxNorm(options: MaxNormOptions = {}): NamedConstraint {
  checkOptions(options, ['maxValue', 'axis'], 'maxNorm');
  const { maxValue = 2, axis = 0 } = options;
  return named({ name: 'maxNorm', maxValue, axis }, (value) => {
    const length = norm(value, axis);
    return tf.mul(value, tf.div(tf.clipByValue(length, 0, maxValue), tf.add(length, EPSILON)));
  });
}

/**
 * Sets negative weights to zero.
 *
 * @example
 * ```ts
 * import { nonNeg } from '@cellstate/layers';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * tf.tidy(() => nonNeg()(tf.tensor1d([-1, 2])).arraySync()); // → [0, 2]
 * ```
 */
export function nonNeg(options?: Record<string, never>): NamedConstraint {
  checkOptions(options, [], 'nonNeg');
  return named({ name: 'nonNeg' }, (value) => tf.relu(value));
}

/**
 * Scales each unit's weights to norm 1.
 *
 * @example
 * ```ts
 * import { unitNorm } from '@cellstate/layers';
 *
 * unitNorm().getConfig(); // → { "name": "unitNorm", "axis": 0 }
 * ```
 */
export function unitNorm(options: NormOptions = {}): NamedConstraint {
  checkOptions(options, ['axis'], 'unitNorm');
  const { axis = 0 } = options;
  return named({ name: 'unitNorm', axis }, (value) => tf.div(value, tf.add(norm(value, axis), EPSILON)));
}

/**
 * Moves each unit's norm into [`minValue`, `maxValue`], by the share `rate`.
 *
 * @example
 * ```ts
 * import { minMaxNorm } from '@cellstate/layers';
 *
 * minMaxNorm({ minValue: 0.5 }).getConfig(); // → { "name": "minMaxNorm", "minValue": 0.5, "maxValue": 1, "rate": 1, "axis": 0 }
 * ```
 */
export function minMaxNorm(options: MinMaxNormOptions = {}): NamedConstraint {
  checkOptions(options, ['minValue', 'maxValue', 'rate', 'axis'], 'minMaxNorm');
  const { minValue = 0, maxValue = 1, rate = 1, axis = 0 } = options;
  return named({ name: 'minMaxNorm', minValue, maxValue, rate, axis }, (value) => {
    const length = norm(value, axis);
    const desired = tf.add(tf.mul(rate, tf.clipByValue(length, minValue, maxValue)), tf.mul(1 - rate, length));
    return tf.mul(value, tf.div(desired, tf.add(length, EPSILON)));
  });
}

const FACTORIES = { maxNorm, nonNeg, unitNorm, minMaxNorm } as const;

/**
 * The constraint that a name, a config or a constraint stands for, or null. Case and underscores do not matter ('max_norm').
 *
 * @param where the layer and option, for the message.
 * @throws CellstateError `UNKNOWN_CONSTRAINT`, with the nearest name as hint.
 *
 * @example
 * ```ts
 * import { getConstraint } from '@cellstate/layers';
 *
 * getConstraint('non_neg', 'dense')?.getConfig?.(); // → { "name": "nonNeg" }
 * ```
 */
export function getConstraint(spec: ConstraintSpec | undefined, where: string): Constraint | null {
  if (spec === null || spec === undefined) return null;
  if (typeof spec === 'function') return spec;
  const { name, ...options } = typeof spec === 'string' ? { name: spec } : spec;
  const plain = (text: string) => text.toLowerCase().replaceAll('_', '');
  const known = Object.keys(FACTORIES) as (keyof typeof FACTORIES)[];
  const found = known.find((candidate) => typeof name === 'string' && plain(candidate) === plain(name));
  if (found === undefined) {
    const near = typeof name === 'string' ? nearest(name, known) : undefined;
    throw new CellstateError('UNKNOWN_CONSTRAINT', 'No constraint has this name.', {
      expected: `one of ${known.join(', ')}, a function of a tensor, or null`,
      received: String(name),
      where,
      ...(near === undefined ? {} : { hint: `Did you mean '${near}'?` }),
    });
  }
  return (FACTORIES[found] as (given: object) => NamedConstraint)(options);
}

function named(config: NamedConfig, project: (value: Tensor) => Tensor): NamedConstraint {
  return Object.assign((value: Tensor) => tf.tidy(() => project(value)), { getConfig: () => config });
}

function norm(value: Tensor, axis: number | readonly number[]): Tensor {
  return tf.sqrt(tf.sum(tf.square(value), typeof axis === 'number' ? axis : [...axis], true));
}
