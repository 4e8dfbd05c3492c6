import { dense, lstm, sequential } from '@cellstate/layers';
import { slidingWindows } from '@cellstate/windowing';
import type { JobContext } from '../parallel/report.ts';
import { type ErrorsByName, heldOutErrors } from './held-out-errors.ts';
import { simulatedData } from './tank-data.ts';
import { trainModel } from './training.ts';

export const LOOK_BACK = 5;
const BATCH = 64;
const LEARNING_RATE = 0.01;

export interface WindowsTask {
  readonly seed: number;
  readonly epochs: number;
  readonly units: number;
}

export interface WindowsOutcome {
  readonly losses: readonly number[];
  readonly errors: ErrorsByName;
  /** Hours that went through the layer in one epoch. */
  readonly stepsAnEpoch: number;
  /** Updates of the weights in all epochs. */
  readonly updates: number;
}

/** A model that sees windows of five hours and starts each from zero state, measured as the stateful one is. */
export async function windowsSeed({ seed, epochs, units }: WindowsTask, { report, backup }: JobContext): Promise<WindowsOutcome> {
  const data = simulatedData(seed);
  const features = data.features.length;
  const model = sequential([lstm({ units, inputShape: [LOOK_BACK, features] }), dense({ units: features })], { seed });
  const train = data.scaled.map((series) => series.rows(0, data.trainSteps));
  const { x, y } = slidingWindows(train, { length: LOOK_BACK }).toArrays();
  const windows = x.shape[0] as number;
  const { trainer, losses } = await trainModel(
    model,
    { x, y },
    {
      epochs,
      updates: Math.ceil(windows / BATCH),
      learningRate: LEARNING_RATE,
      seed,
      batchSize: BATCH,
      onEpoch: (done) => report((0.9 * done) / epochs),
      backup,
    },
  );
  const errors = await heldOutErrors(model, data, { window: LOOK_BACK });
  trainer.dispose();
  model.dispose();
  report(1);
  return { losses, errors, stepsAnEpoch: windows * LOOK_BACK, updates: trainer.steps };
}
