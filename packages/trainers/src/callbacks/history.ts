import type { Callback, Logs } from './callback.ts';

/** What a run of `fit` gave: for each key the value of every epoch. Keys are sorted; `val_` keys are the validation's. */
export interface History {
  /** The number of each epoch, from 0. */
  readonly epoch: readonly number[];
  /** `loss`, metrics, their `val_` twins and what callbacks add, a value an epoch. */
  readonly history: { readonly loss: readonly number[]; readonly [key: string]: readonly number[] };
}

/** Collects the logs of every epoch. Comes last, so that it sees what other callbacks add. */
export function historyRecorder(): { readonly callback: Callback; readonly record: History } {
  const epochs: number[] = [];
  const history: { loss: number[]; [key: string]: number[] } = { loss: [] };
  return {
    record: { epoch: epochs, history },
    callback: {
      memory: {
        name: 'history',
        save: () => ({
          epoch: [...epochs],
          history: Object.fromEntries(Object.entries(history).map(([key, values]) => [key, [...values]])),
        }),
        restore(saved) {
          const before = saved as unknown as History;
          epochs.splice(0, epochs.length, ...before.epoch);
          for (const [key, values] of Object.entries(before.history)) history[key] = [...values];
        },
      },
      onEpochEnd(epoch: number, logs: Logs) {
        epochs.push(epoch);
        for (const key of Object.keys(logs).sort()) {
          history[key] ??= [];
          history[key].push(logs[key] as number);
        }
      },
    },
  };
}
