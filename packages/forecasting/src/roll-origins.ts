import { CellstateError, concat, type NdArray } from '@cellstate/core';
import type { Series } from '@cellstate/windowing';
import type { ForecastModel, ForecastStream, StreamState } from './forecast-model.ts';
import { openStream, pushRows, rollStream } from './sequence-rollout.ts';

/** Lanes rolled side by side. */
const LANES = 256;
/** Steps pushed at once between origins. */
const CHUNK = 256;

interface Stop {
  readonly origin: number;
  readonly first: Float32Array;
  readonly state: StreamState;
}

/**
 * Forecasts from many origins of equally long series: one stream walks over the series once and leaves its state at each origin;
 * from there origins are rolled forward side by side, many lanes at a time.
 *
 * @param take gets, for each origin, `[N, steps, features]` flat.
 */
export async function rollOrigins(
  model: ForecastModel,
  list: readonly Series[],
  options: {
    readonly origins: readonly number[];
    readonly steps: number;
    readonly where: string;
    readonly take: (index: number, data: Float32Array) => void;
  },
): Promise<void> {
  const { origins, steps, where, take } = options;
  const lanes = list.length;
  const group = Math.max(1, Math.floor(LANES / lanes));
  const walking = openStream(model, lanes, where);
  let stops: Stop[] = [];
  let done = 0;
  try {
    let at = 0;
    for (const origin of origins) {
      let first: Float32Array = new Float32Array(0);
      while (at < origin) {
        const to = Math.min(origin, at + CHUNK);
        first = await pushRows(walking, list, { starts: list.map(() => at), steps: to - at, where });
        at = to;
      }
      stops.push({ origin, first, state: snapshot(walking, where) });
      if (stops.length < group) continue;
      await rollGroup(model, stops, { list, steps, where, take: (index, data) => take(done + index, data) });
      done += stops.length;
      stops = [];
    }
    if (stops.length > 0) await rollGroup(model, stops, { list, steps, where, take: (index, data) => take(done + index, data) });
  } finally {
    walking.dispose();
  }
}

async function rollGroup(
  model: ForecastModel,
  stops: readonly Stop[],
  options: {
    readonly list: readonly Series[];
    readonly steps: number;
    readonly where: string;
    readonly take: (index: number, data: Float32Array) => void;
  },
): Promise<void> {
  const { list, steps, where, take } = options;
  const { names, features } = list[0] as Series;
  const lanes = stops.length * list.length;
  const stream = openStream(model, lanes, where);
  try {
    stream.restore?.(join(stops.map(({ state }) => state)));
    const first = new Float32Array(lanes * features);
    for (const [index, stop] of stops.entries()) first.set(stop.first, index * list.length * features);
    const data = await rollStream(stream, first, { lanes, steps, names, where });
    const size = list.length * steps * features;
    for (const index of stops.keys()) take(index, data.subarray(index * size, (index + 1) * size));
  } finally {
    stream.dispose();
  }
}

function snapshot(stream: ForecastStream, where: string): StreamState {
  if (typeof stream.snapshot === 'function' && typeof stream.restore === 'function') return stream.snapshot();
  throw new CellstateError('NO_SNAPSHOT', 'A backtest goes back to the state at each origin.', {
    expected: 'a stream with snapshot() and restore(state)',
    received: 'a stream without',
    where,
  });
}

/** One state for the lanes of all. */
function join(states: readonly StreamState[]): StreamState {
  const first = states[0] as StreamState;
  const state = Object.entries(first.state).map(([path, arrays]): [string, NdArray[]] => [
    path,
    arrays.map((_, index) => concat(states.map((other) => other.state[path]?.[index] as NdArray))),
  ]);
  return {
    lanes: states.reduce((sum, { lanes }) => sum + lanes, 0),
    starts: states.flatMap(({ starts }) => starts),
    state: Object.fromEntries(state),
  };
}
