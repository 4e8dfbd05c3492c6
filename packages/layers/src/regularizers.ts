import { CellstateError, checkOptions, describe, nearest } from '@cellstate/core';
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { NamedConfig, Regularizer, RegularizerSpec } from './contract.ts';

/** A regularizer that can say what it is. All of this package's can. */
export interface NamedRegularizer extends Regularizer {
  getConfig(): NamedConfig;
}

/**
 * l1 · Σ|w|: drives weights to zero.
 *
 * @param options `l1`: the factor, default 0.01.
 * @throws CellstateError `INVALID_REGULARIZER` for a factor that is negative or not finite.
 *
 * @example
 * ```ts
 * import { l1 } from '@cellstate/layers';
 *
 * l1({ l1: 0.1 }).getConfig(); // → { "name": "l1", "l1": 0.1 }
 * ```
 */
export function l1(options: { readonly l1?: number } = {}): NamedRegularizer {
  checkOptions(options, ['l1'], 'l1');
  const factor = checkFactor(options.l1 ?? 0.01, 'l1, argument l1');
  return named({ name: 'l1', l1: factor }, (value) => tf.mul(factor, absoluteSum(value)));
}

/**
 * l2 · Σw², without the half: weight decay.
 *
 * @param options `l2`: the factor, default 0.01.
 * @throws CellstateError `INVALID_REGULARIZER` for a factor that is negative or not finite.
 *
 * @example
 * ```ts
 * import { l2 } from '@cellstate/layers';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * tf.tidy(() => Math.round(l2({ l2: 0.5 })(tf.tensor1d([1, 2])).dataSync()[0] * 10)); // → 25
 * ```
 */
export function l2(options: { readonly l2?: number } = {}): NamedRegularizer {
  checkOptions(options, ['l2'], 'l2');
  const factor = checkFactor(options.l2 ?? 0.01, 'l2, argument l2');
  return named({ name: 'l2', l2: factor }, (value) => tf.mul(factor, squareSum(value)));
}

/**
 * l1 · Σ|w| + l2 · Σw².
 *
 * @param options `l1` and `l2`: the factors, default 0 each, as in Keras.
 * @throws CellstateError `INVALID_REGULARIZER` for a factor that is negative or not finite.
 *
 * @example
 * ```ts
 * import { l1l2 } from '@cellstate/layers';
 *
 * l1l2({ l2: 0.1 }).getConfig(); // → { "name": "l1l2", "l1": 0, "l2": 0.1 }
 * ```
 */
export function l1l2(options: { readonly l1?: number; readonly l2?: number } = {}): NamedRegularizer {
  checkOptions(options, ['l1', 'l2'], 'l1l2');
  const first = checkFactor(options.l1 ?? 0, 'l1l2, argument l1');
  const second = checkFactor(options.l2 ?? 0, 'l1l2, argument l2');
  return named({ name: 'l1l2', l1: first, l2: second }, (value) =>
    tf.add(tf.mul(first, absoluteSum(value)), tf.mul(second, squareSum(value))),
  );
}

/**
 * Penalises rows (or columns) of a matrix that are not orthogonal: factor times the mean |cosine| over all pairs.
 *
 * @param options `factor`: default 0.01. `mode`: 'rows' (default) or 'columns'.
 * @throws CellstateError `INVALID_REGULARIZER` for a bad factor or mode; `SHAPE_MISMATCH` at the call, for no matrix.
 *
 * @example
 * ```ts
 * import { orthogonalRegularizer } from '@cellstate/layers';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * tf.tidy(() => orthogonalRegularizer()(tf.eye(3)).dataSync()[0]); // → 0
 * ```
 */
export function orthogonalRegularizer(options: { readonly factor?: number; readonly mode?: 'rows' | 'columns' } = {}): NamedRegularizer {
  checkOptions(options, ['factor', 'mode'], 'orthogonalRegularizer');
  const factor = checkFactor(options.factor ?? 0.01, 'orthogonalRegularizer, argument factor');
  const { mode = 'rows' } = options;
  if (mode !== 'rows' && mode !== 'columns') {
    throw new CellstateError('INVALID_REGULARIZER', 'No such mode.', {
      expected: "'rows' or 'columns'",
      received: String(mode),
      where: 'orthogonalRegularizer, argument mode',
    });
  }
  return named({ name: 'orthogonalRegularizer', factor, mode }, (value) => {
    if (value.rank !== 2) {
      throw new CellstateError('SHAPE_MISMATCH', 'Only a matrix can be orthogonal.', {
        expected: '[rows, columns]',
        received: describe(value.shape),
        where: 'orthogonalRegularizer',
      });
    }
    const byRows = mode === 'rows';
    const length = tf.sqrt(tf.maximum(tf.sum(tf.square(value), byRows ? 1 : 0, true), 1e-14));
    const unit = tf.div(value, length) as Tensor2D;
    const cosines = tf.matMul(unit, unit, !byRows, byRows);
    const count = cosines.shape[0];
    const pairs = (count * (count - 1)) / 2;
    return tf.mul(factor / (2 * pairs), absoluteSum(tf.mul(cosines, tf.sub(1, tf.eye(count)))));
  });
}

const FACTORIES = { l1, l2, l1l2, orthogonalRegularizer } as const;

/**
 * The regularizer that a name, a config or a regularizer stands for, or null. Case and underscores do not matter ('l1_l2');
 * a bare name has the default factors.
 *
 * @param where the layer and option, for the message.
 * @throws CellstateError `UNKNOWN_REGULARIZER`, with the nearest name as hint.
 *
 * @example
 * ```ts
 * import { getRegularizer } from '@cellstate/layers';
 *
 * getRegularizer('L2', 'dense')?.getConfig?.(); // → { "name": "l2", "l2": 0.01 }
 * ```
 */
export function getRegularizer(spec: RegularizerSpec | undefined, where: string): Regularizer | null {
  if (spec === null || spec === undefined) return null;
  if (typeof spec === 'function') return spec;
  const { name, ...options } = typeof spec === 'string' ? { name: spec } : spec;
  const plain = (text: string) => text.toLowerCase().replaceAll('_', '');
  const known = Object.keys(FACTORIES) as (keyof typeof FACTORIES)[];
  const found = known.find((candidate) => typeof name === 'string' && plain(candidate) === plain(name));
  if (found === undefined) {
    const near = typeof name === 'string' ? nearest(name, known) : undefined;
    throw new CellstateError('UNKNOWN_REGULARIZER', 'No regularizer has this name.', {
      expected: `one of ${known.join(', ')}, a function of a tensor, or null`,
      received: String(name),
      where,
      ...(near === undefined ? {} : { hint: `Did you mean '${near}'?` }),
    });
  }
  return FACTORIES[found](options);
}

function named(config: NamedConfig, penalty: (value: Tensor) => Tensor): NamedRegularizer {
  return Object.assign((value: Tensor) => tf.tidy(() => penalty(value) as Scalar), { getConfig: () => config });
}

function absoluteSum(value: Tensor): Tensor {
  return tf.sum(tf.abs(value));
}

function squareSum(value: Tensor): Tensor {
  return tf.sum(tf.square(value));
}

function checkFactor(factor: number, where: string): number {
  if (typeof factor === 'number' && factor >= 0 && Number.isFinite(factor)) return factor;
  throw new CellstateError('INVALID_REGULARIZER', 'A factor of a penalty must be a finite number, 0 or more.', {
    expected: 'a finite number >= 0',
    received: String(factor),
    where,
  });
}
