import type { NdArray } from '@cellstate/core';
import { type AnomalyReport, anomalyDetector } from '@cellstate/forecasting';
import type { Series } from '@cellstate/windowing';
import { autoencoderOf } from './autoencoder.ts';
import { cutSequences } from './tank-arrays.ts';
import { HOURS_A_DAY } from './tank-physics.ts';
import { trainModel } from './training.ts';

export const LEAK_MODEL = { steps: HOURS_A_DAY, code: 4, units: 16 } as const;
/** One strange day may be a busy one; a leak stays. */
export const DAYS_IN_A_ROW = 4;
/** How far above the strangest normal run of days the threshold lies. */
export const MARGIN = 2;
const BATCH = 12;
const LEARNING_RATE = 0.02;

/** Days to learn from, to fix the threshold on, and to watch, in a row. */
export interface HuntDays {
  readonly train: number;
  readonly normal: number;
  readonly watch: number;
}

export interface HuntOptions {
  readonly days: HuntDays;
  /** How many features, from the first, count in the scores; the model reads and rebuilds all. */
  readonly judged: number;
  readonly seed: number;
  readonly epochs: number;
  readonly onEpoch?: (done: number, loss: number) => void;
}

export interface Hunt {
  readonly losses: readonly number[];
  readonly threshold: number;
  /** Scores and alarms of each tank and day of the watch, for other series of the same tanks. */
  judge(series: readonly Series[]): Promise<AnomalyReport>;
  dispose(): void;
}

/** Trains the autoencoder, `fit(X, X)`, on normal days, fixes the threshold on further ones, and judges the days after those. */
export async function openHunt(normal: readonly Series[], { days, judged, seed, epochs, onEpoch = () => {} }: HuntOptions): Promise<Hunt> {
  const features = normal[0]?.features as number;
  const { autoencoder } = autoencoderOf({ ...LEAK_MODEL, features, seed });
  const x = cut(normal, 0, days.train);
  const updates = Math.ceil((x.shape[0] as number) / BATCH);
  const { trainer, losses } = await trainModel(
    autoencoder,
    { x, y: x },
    { epochs, updates, learningRate: LEARNING_RATE, seed, batchSize: BATCH, onEpoch },
  );
  trainer.dispose();
  const rebuilt = async (series: readonly Series[], from: number, to: number) => {
    const part = cut(series, from, to);
    const counted = (array: NdArray) => array.slice([null, null, [0, judged]]).reshape([series.length, to - from, HOURS_A_DAY, judged]);
    return [counted(part), counted(await autoencoder.predict(part))] as const;
  };
  const watched = days.train + days.normal;
  const detector = anomalyDetector({ quantile: 1, margin: MARGIN, consecutive: DAYS_IN_A_ROW }).fit(
    ...(await rebuilt(normal, days.train, watched)),
  );
  return {
    losses,
    threshold: detector.threshold,
    judge: async (series) => detector.score(...(await rebuilt(series, watched, watched + days.watch))),
    dispose: () => autoencoder.dispose(),
  };
}

/** The days `from` to `to` of every tank, `[tanks · days, 24, features]`. */
function cut(series: readonly Series[], from: number, to: number): NdArray {
  return cutSequences(series, { from: from * HOURS_A_DAY, to: to * HOURS_A_DAY, length: HOURS_A_DAY }).x;
}
