import { CellstateError, nearest } from '@cellstate/core';
import { checkNumber } from '../check-number.ts';
import type { Logs, Run } from './callback.ts';

export interface MonitorOptions {
  /** The log to watch. Default `'val_loss'`. */
  readonly monitor?: string;
  /** Changes of at most this size are no improvement. Default 0 (reduceLROnPlateau: 0.0001). */
  readonly minDelta?: number;
  /** Whether smaller or larger is better. Default `'auto'`: what the metric itself says; losses are better when smaller. */
  readonly mode?: 'auto' | 'min' | 'max';
}

/** Watches one log for improvement. */
export interface Monitor {
  readonly name: string;
  /** The best value so far; undefined before the first. */
  readonly best: number | undefined;
  /** To be called when training begins: forgets the best value, or starts from the one given. */
  start(run: Run, best?: number): void;
  /**
   * The value of this epoch; undefined when the epoch had no validation, which a log of another epoch may have had.
   * Throws `NOT_LOGGED` for a name that cannot be one of the logs.
   */
  read(logs: Logs): number | undefined;
  /** Whether `value` beats the best so far by more than `minDelta`; the first value always does. */
  improves(value: number): boolean;
  /** Whether `value` beats a fixed one by more than `minDelta`. */
  beats(value: number, reference: number): boolean;
  /** Makes `value` the best. */
  keep(value: number): void;
}

export function monitor({ monitor: name = 'val_loss', minDelta = 0, mode = 'auto' }: MonitorOptions, where: string): Monitor {
  checkNumber(minDelta, { where, option: 'minDelta' });
  if (mode !== 'auto' && mode !== 'min' && mode !== 'max') {
    throw new CellstateError('INVALID_OPTION', `There is no mode '${mode}'.`, {
      expected: "'auto', 'min' or 'max'",
      received: String(mode),
      where,
    });
  }
  const delta = Math.abs(minDelta);
  let best: number | undefined;
  let run: Run | undefined;

  function direction(): 'min' | 'max' {
    const found = mode === 'auto' ? (run?.directionOf(name) ?? null) : mode;
    if (found !== null) return found;
    throw new CellstateError('MONITOR_DIRECTION', `Whether '${name}' should become smaller or larger is not known.`, {
      expected: "mode: 'min' or 'max'",
      received: "mode: 'auto'",
      where,
    });
  }

  // As in Keras, in float32: 0.45 + 0.05 is not below 0.5, whatever the last bits of a loss are.
  const beats = (value: number, reference: number) => {
    const wanted = Math.fround(reference);
    return direction() === 'min' ? Math.fround(value + delta) < wanted : Math.fround(value - delta) > wanted;
  };

  return {
    name,
    get best() {
      return best;
    },
    start(given, from) {
      run = given;
      best = from;
    },
    read(logs) {
      const value = logs[name];
      if (value !== undefined) return value;
      // An epoch without validation has no val_ logs; that is no mistake as long as validation takes place at all.
      if (name.startsWith('val_') && run?.validates === true && name.slice('val_'.length) in logs) return undefined;
      const near = nearest(name, Object.keys(logs));
      throw new CellstateError('NOT_LOGGED', `There is no '${name}' to watch.`, {
        expected: `one of ${Object.keys(logs).join(', ')}`,
        received: name,
        where: `${where}, option monitor`,
        hint:
          name.startsWith('val_') && run?.validates !== true
            ? 'Give fit validationSplit or validationData.'
            : near === undefined
              ? 'Metrics are named in createTrainer.'
              : `Did you mean '${near}'?`,
      });
    },
    improves: (value) => best === undefined || beats(value, best),
    beats,
    keep(value) {
      best = value;
    },
  };
}
