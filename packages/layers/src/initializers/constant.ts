import { CellstateError, checkOptions, size } from '@cellstate/core';
import type { NamedInitializer } from './initializer.ts';
import { withConfig } from './initializer.ts';

/**
 * Every value 0.
 *
 * @example
 * ```ts
 * import { zeros } from '@cellstate/layers';
 *
 * Array.from(zeros()([2], 1)); // → [0, 0]
 * ```
 */
export function zeros(options?: Record<string, never>): NamedInitializer {
  checkOptions(options, [], 'zeros');
  return withConfig({ name: 'zeros' }, (shape) => new Float32Array(size(shape)));
}

/**
 * Every value 1.
 *
 * @example
 * ```ts
 * import { ones } from '@cellstate/layers';
 *
 * Array.from(ones()([2], 1)); // → [1, 1]
 * ```
 */
export function ones(options?: Record<string, never>): NamedInitializer {
  checkOptions(options, [], 'ones');
  return withConfig({ name: 'ones' }, (shape) => new Float32Array(size(shape)).fill(1));
}

export interface ConstantOptions {
  /** Default 0. */
  readonly value?: number;
}

/**
 * Every value the same.
 *
 * @throws CellstateError `INVALID_INITIALIZER` when `value` is not a number.
 *
 * @example
 * ```ts
 * import { constant } from '@cellstate/layers';
 *
 * Array.from(constant({ value: 0.5 })([2], 1)); // → [0.5, 0.5]
 * ```
 */
export function constant(options: ConstantOptions = {}): NamedInitializer {
  checkOptions(options, ['value'], 'constant');
  const { value = 0 } = options;
  if (typeof value !== 'number') {
    throw new CellstateError('INVALID_INITIALIZER', 'A constant is one number.', {
      expected: 'a number',
      received: String(value),
      where: 'constant',
    });
  }
  return withConfig({ name: 'constant', value }, (shape) => new Float32Array(size(shape)).fill(value));
}
