import type { NdArray } from '@cellstate/core';
import { forecast, seasonalNaive } from '@cellstate/forecasting';
import { dense, lstm, type Model, sequential } from '@cellstate/layers';
import { lanes } from '@cellstate/windowing';
import { type PlainWeight, plainWeights } from '../parallel/plain-weights.ts';
import type { JobContext } from '../parallel/report.ts';
import { type ErrorsByName, heldOutErrors } from './held-out-errors.ts';
import { inUnits } from './tank-arrays.ts';
import { HELD_OUT, prepared, simulatedData, type TankData } from './tank-data.ts';
import { HOURS_A_DAY } from './tank-physics.ts';
import { trainModel } from './training.ts';

/** Hours of a batch: the state goes on from one batch to the next, the gradient stays within one. */
export const CHUNK = 24;
export const LEARNING_RATE = 0.01;

export interface ForecastTask {
  readonly seed: number;
  readonly epochs: number;
  /** Units of each LSTM, from the input up. */
  readonly units: readonly number[];
  /** Readings of one's own, `[tank][step][feature]`; absent: the tanks that the seed simulates. */
  readonly own?: {
    readonly rows: readonly (readonly (readonly number[])[])[];
    readonly features: readonly string[];
    readonly heldOut: number;
  };
}

/** Values `[tank][step][feature]` in sensor units. */
export type Paths = readonly (readonly (readonly number[])[])[];

export interface ForecastOutcome {
  readonly losses: readonly number[];
  /** What was learnt, in Keras' order. */
  readonly weights: readonly PlainWeight[];
  /** Updates of the weights in all epochs. */
  readonly updates: number;
  readonly errors: ErrorsByName;
  /** From the last training hour over all held-out hours, without a look at them, and the same hours of the day before. */
  readonly heldOut: Paths;
  readonly heldOutNaive: Paths;
  /** From the last reading on, beyond the data. */
  readonly future: Paths;
  readonly futureNaive: Paths;
}

/** The forecaster: it tells at every hour the next one, and carries its state from batch to batch. */
export function forecaster({ units, features, seed }: { units: readonly number[]; features: number; seed: number }): Model {
  const stack = units.map((count, index) =>
    lstm({ units: count, returnSequences: true, stateful: true, ...(index === 0 ? { inputShape: [null, features] } : {}) }),
  );
  return sequential([...stack, dense({ units: features })], { seed });
}

/** The training hours of every tank, a lane each. */
export function trainingLanes({ scaled, trainSteps }: Pick<TankData, 'scaled' | 'trainSteps'>) {
  const train = scaled.map((series) => series.rows(0, trainSteps));
  return { train, batches: lanes(train, { lanes: train.length, steps: CHUNK, targets: 'next' }) };
}

/** Trains a forecaster, measures it at the held-out hours, and forecasts them and the hours after the last reading. */
export async function forecastSeed({ seed, epochs, units, own }: ForecastTask, { report, backup }: JobContext): Promise<ForecastOutcome> {
  const data = own === undefined ? simulatedData(seed) : { ...prepared(own.rows, own), records: undefined };
  const model = forecaster({ units, features: data.features.length, seed });
  const { train, batches } = trainingLanes(data);
  const { trainer, losses } = await trainModel(model, batches, {
    epochs,
    updates: batches.count,
    learningRate: LEARNING_RATE,
    seed,
    onEpoch: (done) => report((0.9 * done) / epochs),
    backup,
  });
  const errors = await heldOutErrors(model, data);
  const rule = seasonalNaive({ season: HOURS_A_DAY });
  const known = data.readings.map((series) => series.rows(0, data.trainSteps));
  const steps = data.steps - data.trainSteps;
  const outcome = {
    losses,
    weights: plainWeights(model),
    updates: trainer.steps,
    errors,
    heldOut: paths(await forecast(model, train, { steps }), data),
    heldOutNaive: rule(known, { steps }).toNested() as number[][][],
    future: paths(await forecast(model, data.scaled, { steps: HELD_OUT }), data),
    futureNaive: rule(data.readings, { steps: HELD_OUT }).toNested() as number[][][],
  };
  trainer.dispose();
  model.dispose();
  report(1);
  return outcome;
}

function paths(forecasts: NdArray, { scalers }: Pick<TankData, 'scalers'>): Paths {
  return inUnits(forecasts, { scalers, tankOf: scalers.map((_, tank) => tank) }).toNested() as number[][][];
}
