import { CellstateError } from '@cellstate/core';
import type { FittedScaler, Series } from '@cellstate/windowing';
import type { ForecastModel } from './forecast-model.ts';
import { historyTooShort, wholeNumber } from './whole-number.ts';

/** How a model is to be run. */
export interface RunOptions {
  /** Fitted on the training part: the history is scaled by it and the forecast scaled back. Default: the values as they are. */
  readonly scaler?: FittedScaler;
  /**
   * Steps of the windows a look-back model was trained on; null: run it as a sequence model. Default: the number of
   * steps the model's input declares if it is stateless and its output has no time axis, else null.
   */
  readonly window?: number | null;
  /** The output `[rows, steps, features]` of a look-back model holds the next steps. Default false: its last step is the next. */
  readonly direct?: boolean;
}

/** How a model is run, decided. */
export interface RunPlan {
  readonly window: number | null;
  readonly direct: boolean;
}

/** Decides between sequence and look-back model. Throws `CONTRADICTORY_OPTIONS` for `direct` without a window. */
export function runPlan(model: ForecastModel, options: RunOptions, where: string): RunPlan {
  const direct = options.direct ?? false;
  const window = options.window === undefined ? declaredWindow(model, direct) : options.window;
  if (window !== null) return { window: wholeNumber(window, 1, `${where}, window`), direct };
  if (!direct) return { window, direct };
  throw new CellstateError('CONTRADICTORY_OPTIONS', 'A sequence model gives one step at a time.', {
    expected: 'direct with a window',
    received: 'direct: true without a window',
    where,
  });
}

/** Scales each history, and takes its names to what was scaled. */
export function scaled(list: readonly Series[], scaler: FittedScaler | undefined): readonly Series[] {
  return scaler === undefined ? list : scaler.transform(list);
}

/** The last `window` steps of each series up to `ends[i]`, flat. */
export function lastWindows(
  list: readonly Series[],
  { ends, window, where }: { readonly ends: readonly number[]; readonly window: number; readonly where: string },
): Float32Array {
  const { features } = list[0] as Series;
  const windows = new Float32Array(list.length * window * features);
  for (const [row, { values }] of list.entries()) {
    const end = ends[row] as number;
    if (end < window) throw historyTooShort(end, window, where);
    windows.set(values.subarray((end - window) * features, end * features), row * window * features);
  }
  return windows;
}

function declaredWindow(model: ForecastModel, direct: boolean): number | null {
  const input = model.inputs?.[0]?.shape;
  const output = model.outputs?.[0]?.shape;
  const steps = input?.length === 3 ? input[1] : null;
  const stateless = (model.statefulCalls?.length ?? 0) === 0;
  return typeof steps === 'number' && stateless && (direct || output?.length === 2) ? steps : null;
}
