import { CellstateError, ndarray } from '@cellstate/core';
import type { Series } from '@cellstate/windowing';
import { type ForecastModel, type ForecastStream, lastStep } from './forecast-model.ts';

/** Steps pushed at once while the state is warmed: enough to be fast, few enough to stay small. */
const CHUNK = 256;

/** Opens a stream, or says why there is none. */
export function openStream(model: ForecastModel, lanes: number, where: string): ForecastStream {
  if (typeof model.stream === 'function') return model.stream({ lanes });
  throw new CellstateError('NOT_A_SEQUENCE_MODEL', 'This model cannot be run step by step.', {
    expected: 'a model with stream({ lanes })',
    received: 'no method stream',
    where,
    hint: 'For a model trained on windows pass window: its number of steps. A trainer is not a model: pass the model it trains.',
  });
}

/**
 * Warms a stream on whole histories of any lengths, one a lane, and gives what the model predicts behind each.
 *
 * All end together: a shorter one is preceded by zeros, and its lane starts anew where it begins.
 */
export async function warmStream(stream: ForecastStream, list: readonly Series[], where: string): Promise<Float32Array> {
  const longest = Math.max(...list.map(({ steps }) => steps));
  const begins = list.map(({ steps }) => longest - steps);
  const stops = [...new Set([...begins, longest])].sort((a, b) => a - b);
  let last: Float32Array = new Float32Array(0);
  for (let from = 0; from < longest; ) {
    const starting = begins.flatMap((begin, lane) => (begin === from && from > 0 ? [lane] : []));
    if (starting.length > 0) stream.reset(starting);
    const to = Math.min(from + CHUNK, stops.find((stop) => stop > from) as number);
    last = await pushRows(stream, list, { starts: begins.map((begin) => from - begin), steps: to - from, where });
    from = to;
  }
  return last;
}

/** Pushes `steps` rows of each series, from its row `starts[lane]` on (zeros before its first), and gives the last outputs. */
export async function pushRows(
  stream: ForecastStream,
  list: readonly Series[],
  { starts, steps, where }: { readonly starts: readonly number[]; readonly steps: number; readonly where: string },
): Promise<Float32Array> {
  const { features, names } = list[0] as Series;
  const chunk = new Float32Array(list.length * steps * features);
  for (const [lane, { values }] of list.entries()) {
    const start = starts[lane] as number;
    if (start >= 0) chunk.set(values.subarray(start * features, (start + steps) * features), lane * steps * features);
  }
  return lastStep(await stream.pushAsync(ndarray(chunk, [list.length, steps, features])), { lanes: list.length, names, where });
}

/** Feeds each output back: from the first predicted step `[lanes, features]` to `[lanes, steps, features]`. */
export async function rollStream(
  stream: ForecastStream,
  first: Float32Array,
  {
    lanes,
    steps,
    names,
    where,
  }: { readonly lanes: number; readonly steps: number; readonly names: readonly string[]; readonly where: string },
): Promise<Float32Array> {
  const features = names.length;
  const result = new Float32Array(lanes * steps * features);
  let output = first;
  for (let step = 0; ; step++) {
    for (let lane = 0; lane < lanes; lane++)
      result.set(output.subarray(lane * features, (lane + 1) * features), (lane * steps + step) * features);
    if (step === steps - 1) return result;
    output = lastStep(await stream.pushAsync(ndarray(output, [lanes, features])), { lanes, names, where });
  }
}
