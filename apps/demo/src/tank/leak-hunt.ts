import { concat, type NdArray, ndarray } from '@cellstate/core';
import { type AnomalyReport, anomalyDetector } from '@cellstate/forecasting';
import type { Series } from '@cellstate/windowing';
import { type PlainWeight, plainWeights } from '../parallel/plain-weights.ts';
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
  /** Where the training keeps its checkpoints. Default: nowhere. */
  readonly backup?: string | undefined;
}

/** A way to rebuild days, with the threshold that normal held-out days set for it. */
export interface Judge {
  readonly threshold: number;
  /** Scores and alarms of each tank and day of the watch, for other series of the same tanks. */
  judge(series: readonly Series[]): Promise<AnomalyReport>;
}

export interface Hunt {
  readonly losses: readonly number[];
  /** What the autoencoder has learnt, in Keras' order. */
  readonly weights: readonly PlainWeight[];
  readonly autoencoder: Judge;
  /** The rule of one line beside it: every day is rebuilt as the tank's average day of the training part. */
  readonly averageDay: Judge;
  dispose(): void;
}

/** Trains the autoencoder, `fit(X, X)`, on normal days, fixes thresholds on further ones, and judges the days after those. */
export async function openHunt(normal: readonly Series[], options: HuntOptions): Promise<Hunt> {
  const { days, seed, epochs, onEpoch = () => {}, backup } = options;
  const features = normal[0]?.features as number;
  const { autoencoder } = autoencoderOf({ ...LEAK_MODEL, features, seed });
  const x = cut(normal, 0, days.train);
  const plan = {
    epochs,
    updates: Math.ceil((x.shape[0] as number) / BATCH),
    learningRate: LEARNING_RATE,
    seed,
    batchSize: BATCH,
    onEpoch,
    backup,
  };
  const { trainer, losses } = await trainModel(autoencoder, { x, y: x }, plan);
  trainer.dispose();
  const average = averageDays(x, normal.length);
  return {
    losses,
    weights: plainWeights(autoencoder),
    autoencoder: await judgeBy((part) => autoencoder.predict(part), normal, options),
    averageDay: await judgeBy(async (part) => repeated(average, part.shape), normal, options),
    dispose: () => autoencoder.dispose(),
  };
}

async function judgeBy(
  rebuild: (days: NdArray) => Promise<NdArray>,
  normal: readonly Series[],
  { days, judged }: HuntOptions,
): Promise<Judge> {
  const both = async (series: readonly Series[], from: number, to: number) => {
    const part = cut(series, from, to);
    const counted = (array: NdArray) => array.slice([null, null, [0, judged]]).reshape([series.length, to - from, HOURS_A_DAY, judged]);
    return [counted(part), counted(await rebuild(part))] as const;
  };
  const watched = days.train + days.normal;
  const detector = anomalyDetector({ quantile: 1, margin: MARGIN, consecutive: DAYS_IN_A_ROW }).fit(
    ...(await both(normal, days.train, watched)),
  );
  return { threshold: detector.threshold, judge: async (series) => detector.score(...(await both(series, watched, watched + days.watch))) };
}

/** The days `from` to `to` of every tank, `[tanks · days, 24, features]`. */
function cut(series: readonly Series[], from: number, to: number): NdArray {
  return cutSequences(series, { from: from * HOURS_A_DAY, to: to * HOURS_A_DAY, length: HOURS_A_DAY }).x;
}

/** The mean over the days of each tank, `[tanks, 24, features]`. */
function averageDays(x: NdArray, tanks: number): NdArray {
  const [rows = 0, steps = 0, features = 0] = x.shape;
  const size = steps * features;
  const days = rows / tanks;
  const means = new Float32Array(tanks * size);
  for (let i = 0; i < x.data.length; i++) {
    const at = Math.floor(i / (days * size)) * size + (i % size);
    means[at] = (means[at] as number) + (x.data[i] as number) / days;
  }
  return ndarray(means, [tanks, steps, features]);
}

/** Each tank's average day in place of each of its days. */
function repeated(average: NdArray, shape: readonly number[]): NdArray {
  const tanks = average.shape[0] as number;
  const days = (shape[0] as number) / tanks;
  return concat(Array.from({ length: tanks * days }, (_, row) => average.slice([[Math.floor(row / days), Math.floor(row / days) + 1]])));
}
