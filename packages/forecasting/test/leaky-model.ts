import { type NdArray, ndarray } from '@cellstate/core';
import type { ForecastModel, ForecastStream, StreamState } from '../src/index.ts';

/** Weights of a small recurrence over two features: every number another. */
const decay = [0.6, -0.35];
const input = [
  [0.5, -0.2],
  [0.3, 0.4],
];
const output = [
  [0.7, 0.1],
  [-0.3, 0.9],
];

/** One step in float64: `s' = decay * s + input x`, `y = output s' + x / 8`. */
function step(state: number[], x: readonly number[]): number[] {
  for (const i of [0, 1]) state[i] = decay[i] * state[i] + input[i][0] * x[0] + input[i][1] * x[1];
  return [0, 1].map((i) => output[i][0] * state[0] + output[i][1] * state[1] + x[i] / 8);
}

/** What the recurrence forecasts, as one plain loop over one series. */
export function handRolled(history: readonly (readonly number[])[], steps: number): number[][] {
  const state = [0.25, -0.5];
  let y = [0, 0];
  for (const x of history) y = step(state, x);
  const result = [y];
  while (result.length < steps) {
    y = step(state, y);
    result.push(y);
  }
  return result;
}

/** Counts what a forecast does to its model. */
export interface Traffic {
  opened: number;
  disposed: number;
  /** Steps pushed, over all streams. */
  steps: number;
  largest: number;
}

/**
 * The recurrence as a sequence model; lanes start from `[0.25, -0.5]`. It answers chunks with chunks, or, as a
 * many-to-one model, with its last step.
 */
export function leakyModel({ last = false }: { last?: boolean } = {}): ForecastModel & { traffic: Traffic } {
  const traffic: Traffic = { opened: 0, disposed: 0, steps: 0, largest: 0 };
  return {
    traffic,
    inputs: [{ shape: [null, null, 2] }],
    outputs: [{ shape: last ? [null, 2] : [null, null, 2] }],
    stream({ lanes }): ForecastStream {
      traffic.opened++;
      let states = Array.from({ length: lanes }, () => [0.25, -0.5]);
      return {
        async pushAsync(x: NdArray) {
          const steps = x.shape.length === 3 ? x.shape[1] : 1;
          traffic.steps += steps;
          traffic.largest = Math.max(traffic.largest, steps);
          const y = new Float32Array(lanes * steps * 2);
          for (let lane = 0; lane < lanes; lane++) {
            for (let t = 0; t < steps; t++)
              y.set(step(states[lane], [x.data[(lane * steps + t) * 2], x.data[(lane * steps + t) * 2 + 1]]), (lane * steps + t) * 2);
          }
          if (x.shape.length === 2) return ndarray(y, [lanes, 2]);
          if (!last) return ndarray(y, [lanes, steps, 2]);
          return ndarray(y, [lanes, steps, 2])
            .slice([null, [-1]])
            .reshape([lanes, 2]);
        },
        reset(which) {
          for (const lane of which) states[lane] = [0.25, -0.5];
        },
        snapshot: (): StreamState => ({ lanes, starts: states.map(() => false), state: { leaky: [ndarray(states)] } }),
        restore({ state }) {
          states = state.leaky[0].toNested() as number[][];
        },
        dispose() {
          traffic.disposed++;
        },
      };
    },
  };
}
