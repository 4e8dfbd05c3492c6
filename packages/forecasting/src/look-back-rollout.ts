import { CellstateError, ndarray } from '@cellstate/core';
import { type ForecastModel, lastStep, oneArray } from './forecast-model.ts';

/** Windows to start from and how to go on. */
export interface LookBack {
  /** `[rows, window, features]`, flat: the last steps of each history. */
  readonly windows: Float32Array;
  readonly rows: number;
  readonly window: number;
  readonly steps: number;
  /** Whether the output's time axis holds the next steps, in order; otherwise its last step is the next one. */
  readonly direct: boolean;
  readonly names: readonly string[];
  readonly where: string;
}

/** What a look-back model forecasts, `[rows, steps, features]`, and the number of passes it took. */
export async function rollWindows(model: ForecastModel, from: LookBack): Promise<{ readonly data: Float32Array; readonly passes: number }> {
  const { rows, window, steps, names } = from;
  const features = names.length;
  const result = new Float32Array(rows * steps * features);
  const current = from.windows.slice();
  let done = 0;
  let passes = 0;
  while (done < steps) {
    const next = await nextSteps(model, current, from);
    passes++;
    const count = Math.min(next.steps, steps - done);
    for (let row = 0; row < rows; row++) {
      const output = next.data.subarray(row * next.steps * features, (row + 1) * next.steps * features);
      result.set(output.subarray(0, count * features), (row * steps + done) * features);
      slide(current.subarray(row * window * features, (row + 1) * window * features), output);
    }
    done += count;
  }
  return { data: result, passes };
}

async function nextSteps(
  model: ForecastModel,
  windows: Float32Array,
  from: LookBack,
): Promise<{ readonly data: Float32Array; readonly steps: number }> {
  const { rows, window, names, direct, where } = from;
  if (typeof model.predict !== 'function') {
    throw new CellstateError('NOT_A_LOOK_BACK_MODEL', 'This model cannot predict from windows.', {
      expected: 'a model with predict(x)',
      received: 'no method predict',
      where,
    });
  }
  const x = ndarray(windows.slice(), [rows, window, names.length]);
  const stateful = (model.statefulCalls?.length ?? 0) > 0;
  const output = stateful ? await model.predict(x, { state: 'zero' }) : await model.predict(x);
  if (!direct) return { data: lastStep(output, { lanes: rows, names, where }), steps: 1 };
  const { data, shape } = oneArray(output, where);
  if (shape.length !== 3 || shape[0] !== rows || shape[2] !== names.length || shape[1] === 0) {
    throw new CellstateError('SHAPE_MISMATCH', 'A direct model gives the next steps of each window.', {
      expected: `[${rows}, steps, ${names.length}]`,
      received: `[${shape.join(', ')}]`,
      where,
    });
  }
  return { data: Float32Array.from(data), steps: shape[1] as number };
}

/** Moves a window on by the rows in `output`; only its last rows stay when there are more than fit. */
function slide(window: Float32Array, output: Float32Array): void {
  const kept = Math.max(0, window.length - output.length);
  window.copyWithin(0, window.length - kept);
  window.set(output.subarray(output.length - (window.length - kept)), kept);
}
