import type { Callback } from './callback.ts';

/**
 * A callback made of functions; they may as well be given to `fit` as a plain object. Keras' `LambdaCallback`.
 *
 * @throws CellstateError `UNKNOWN_HOOK` when `fit` begins, for a function whose name begins with `on` and is no hook.
 *
 * @example
 * ```ts
 * import { lambdaCallback } from '@cellstate/trainers';
 *
 * const losses: number[] = [];
 * const callbacks = [lambdaCallback({ onEpochEnd: (epoch, logs) => void losses.push(logs.loss) })];
 * ```
 */
export function lambdaCallback(hooks: Callback): Callback {
  return { ...hooks };
}
