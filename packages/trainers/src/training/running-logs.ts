import type { Logs } from '../callbacks/callback.ts';
import type { Objective } from './objective.ts';

/** What one batch adds to the running values. */
export interface BatchSums {
  readonly rows: number;
  readonly loss: number;
  /** Each output's own loss, when there are several. */
  readonly outputLosses: readonly number[];
  /** The sums of each metric, flat. */
  readonly metrics: readonly (readonly number[])[];
}

/** Values since the epoch began: losses weighted by rows, metrics from their sums. Kept in float64. */
export interface RunningLogs {
  add(sums: BatchSums, objective: Objective): void;
  /** Keys sorted, as Keras' callbacks see them. */
  logs(): Logs;
  /** Batches added. */
  readonly batches: number;
  save(): SavedRunningLogs;
}

export type SavedRunningLogs = {
  readonly rows: number;
  readonly batches: number;
  readonly loss: number;
  readonly outputLosses: readonly number[];
  readonly totals: readonly Float64Array[];
};

/** @param before sums to go on from, and the objective they are of; default: none. */
export function runningLogs(before?: { readonly sums: SavedRunningLogs; readonly objective: Objective | undefined }): RunningLogs {
  let { rows, batches, loss } = before?.sums ?? { rows: 0, batches: 0, loss: 0 };
  let outputLosses = [...(before?.sums.outputLosses ?? [])];
  let totals = (before?.sums.totals ?? []).map((total) => total.slice());
  let latest = before?.objective;

  return {
    get batches() {
      return batches;
    },
    add(sums, objective) {
      latest = objective;
      batches++;
      rows += sums.rows;
      loss += sums.loss * sums.rows;
      if (outputLosses.length === 0) outputLosses = sums.outputLosses.map(() => 0);
      for (const [i, value] of sums.outputLosses.entries()) outputLosses[i] = (outputLosses[i] as number) + value * sums.rows;
      if (totals.length === 0) totals = sums.metrics.map((values) => new Float64Array(values.length));
      for (const [m, values] of sums.metrics.entries()) {
        const total = totals[m] as Float64Array;
        for (let i = 0; i < values.length; i++) total[i] = (total[i] as number) + (values[i] as number);
      }
    },
    logs() {
      const entries: [string, number][] = [['loss', loss / rows]];
      const lossNames = latest?.names.filter((_, i) => latest?.losses[i] !== null) ?? [];
      for (const [i, value] of outputLosses.entries()) entries.push([`${lossNames[i]}_loss`, value / rows]);
      for (const [m, { key, metric }] of (latest?.metrics ?? []).entries()) entries.push([key, metric.result(totals[m] as Float64Array)]);
      return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))) as Logs;
    },
    save: () => ({ rows, batches, loss, outputLosses: [...outputLosses], totals: totals.map((total) => total.slice()) }),
  };
}
