import { CellstateError, nearest } from '@cellstate/core';
import { type Callback, HOOKS, type Hook, type Logs, type Run } from './callback.ts';

type BatchHook = 'onBatchEnd' | 'onTestBatchEnd';

/** Callbacks called one after the other, each awaited. */
export interface CallbackList {
  readonly callbacks: readonly Callback[];
  /** Whether anyone listens; logs of a batch are made only then. */
  listens(hook: BatchHook): boolean;
  /** Calls a hook of every callback that has it. Async only if one of them is. */
  call(hook: Hook, index?: number, logs?: Logs): void | Promise<void>;
}

/**
 * @throws CellstateError `INVALID_OPTION` for what is no object, `UNKNOWN_HOOK` for a function whose name begins with `on` and is no hook: it would never be called.
 */
export function callbackList(callbacks: readonly Callback[], run: Run): CallbackList {
  for (const callback of callbacks) {
    if (typeof callback !== 'object' || callback === null) {
      throw new CellstateError('INVALID_OPTION', 'A callback is an object with hooks.', {
        expected: 'earlyStopping({ … }) or { onEpochEnd(epoch, logs) { … } }',
        received: typeof callback === 'string' ? `'${callback}'` : typeof callback,
        where: 'option callbacks',
      });
    }
    for (const key of Object.keys(callback)) {
      if (!/^on[A-Z]/.test(key) || (HOOKS as readonly string[]).includes(key)) continue;
      const near = nearest(key, HOOKS);
      throw new CellstateError('UNKNOWN_HOOK', `There is no hook '${key}'; it would never be called.`, {
        expected: `some of ${HOOKS.join(', ')}`,
        received: key,
        where: 'option callbacks',
        ...(near === undefined ? {} : { hint: `Did you mean '${near}'?` }),
      });
    }
    callback.setRun?.(run);
  }
  const listening = new Map(HOOKS.map((hook) => [hook, callbacks.filter((callback) => callback[hook] !== undefined)]));

  return {
    callbacks,
    listens: (hook) => (listening.get(hook)?.length ?? 0) > 0,
    call(hook, index, logs) {
      const listeners = listening.get(hook) as readonly Callback[];
      return listeners.length === 0
        ? undefined
        : callAll(listeners, hook, [...(index === undefined ? [] : [index]), ...(logs === undefined ? [] : [logs])]);
    },
  };
}

async function callAll(listeners: readonly Callback[], hook: Hook, args: readonly unknown[]): Promise<void> {
  for (const callback of listeners) await (callback[hook] as (...args: readonly unknown[]) => unknown)(...args);
}
