import { checkOptions, ndarray } from '@cellstate/core';
import { type SeriesListInput, toSeriesList } from '@cellstate/windowing';
import { checkFeatures, type ForecastModel } from './forecast-model.ts';
import { lastWindows, type RunOptions, runPlan, scaled } from './forecast-options.ts';
import { createForecast, type Forecast } from './forecast-result.ts';
import { rollWindows } from './look-back-rollout.ts';
import { openStream, rollStream, warmStream } from './sequence-rollout.ts';
import { unscale } from './unscale.ts';
import { historyTooShort, wholeNumber } from './whole-number.ts';

/** Options of `forecast`. */
export interface ForecastOptions extends RunOptions {
  /** Steps ahead. */
  readonly steps: number;
}

/**
 * Forecasts N series at once, `[N, steps, features]`, by feeding each output back as the next input.
 *
 * A sequence model (trained on `nextStep` pairs) warms its state on the whole history, however long, one lane a series, and
 * goes on from there. A look-back model (trained on windows) slides its window: with `window: 3` the steps a b c give d, then b c d
 * give e. The model must predict every feature it reads. With a scaler, history and forecast are in original units;
 * differences and log returns are summed up from the end of the history.
 *
 * Nothing of the model is changed, and no tensor is left.
 *
 * @param model a model of @cellstate/layers or anything with `stream` (sequence) or `predict` (look-back).
 * @param history one series, a list of them (of any lengths), or an array `[N, steps, features]`, in original units.
 * @throws CellstateError `FEATURES_NOT_FED_BACK` naming the features when outputs are not the inputs,
 * `NOT_A_SEQUENCE_MODEL`, `NOT_A_LOOK_BACK_MODEL`, `HISTORY_TOO_SHORT`, `CONTRADICTORY_OPTIONS`, `NOT_ONE_ARRAY`, `SHAPE_MISMATCH`.
 *
 * @example
 * ```ts
 * import { ndarray } from '@cellstate/core';
 * import { forecast } from '@cellstate/forecasting';
 *
 * // A look-back model that takes the mean of its window.
 * const mean = { predict: async (x) => ndarray(x.toNested().map((rows) => [rows.reduce((sum, [value]) => sum + value, 0) / rows.length])) };
 * const next = await forecast(mean, [8, 2, 4], { steps: 2, window: 2 });
 * next.toNested(); // → [[[3], [3.5]]]
 * next.kind; // → 'recursive'
 * next.origins; // → [3]
 * ```
 */
export async function forecast(model: ForecastModel, history: SeriesListInput, options: ForecastOptions): Promise<Forecast> {
  const where = 'forecast';
  checkOptions(options, ['steps', 'scaler', 'window', 'direct'], where);
  const steps = wholeNumber(options?.steps, 1, `${where}, steps`);
  const plan = runPlan(model, options, where);
  const list = toSeriesList(history, where);
  const names = list[0]?.names ?? [];
  checkFeatures(model, names, where);
  const context = options.scaler?.context ?? 0;
  for (const item of list) if (item.steps <= context) throw historyTooShort(item.steps, context + 1, where);
  const inputs = scaled(list, options.scaler);
  const about = { method: where, origins: list.map((item) => item.steps), horizon: steps, names };
  const finish = (data: Float32Array, kind: 'recursive' | 'direct'): Forecast => {
    const array = ndarray(data, [list.length, steps, names.length]);
    return createForecast(unscale(array, { scaler: options.scaler, list, ends: about.origins }), { ...about, kind });
  };

  if (plan.window !== null) {
    const { window, direct } = plan;
    const windows = lastWindows(inputs, { ends: inputs.map((item) => item.steps), window, where });
    const { data, passes } = await rollWindows(model, { windows, rows: list.length, window, steps, direct, names, where });
    return finish(data, direct && passes === 1 ? 'direct' : 'recursive');
  }
  const stream = openStream(model, list.length, where);
  try {
    const first = await warmStream(stream, inputs, where);
    return finish(await rollStream(stream, first, { lanes: list.length, steps, names, where }), 'recursive');
  } finally {
    stream.dispose();
  }
}
