import type { NdArray } from '@cellstate/core';
import type { Model } from '@cellstate/layers';
import { learningCurves } from '../charts/learning-curves.ts';
import type { Page } from '../example/page.ts';
import { type Scored, scoreMetrics, scoreTable, skillOf } from './score-table.ts';
import { cutSequences, errorPerFeature, type TankSequences } from './tank-arrays.ts';
import type { TankData } from './tank-data.ts';
import { HOURS_A_DAY } from './tank-physics.ts';
import { withProgress } from './tank-story.ts';
import { trainModel } from './training.ts';

/** Sequences to learn from and sequences to be tested on, which begin where the training part ends. */
export interface DayTask {
  readonly train: TankSequences;
  readonly test: TankSequences;
}

/** One sequence a day of every tank, from the hour `hour` of the day on. */
export function dailySequences(
  { scaled, trainSteps, steps }: Pick<TankData, 'scaled' | 'trainSteps' | 'steps'>,
  { hour, length }: { hour: number; length: number },
): DayTask {
  const cut = { length, stride: HOURS_A_DAY };
  return {
    train: cutSequences(scaled, { from: hour, to: trainSteps, ...cut }),
    test: cutSequences(scaled, { from: trainSteps + hour, to: steps, ...cut }),
  };
}

/** Steps `from` to `to` of every sequence. */
export function stepsOf({ x }: TankSequences, from: number, to?: number): NdArray {
  return x.slice([null, to === undefined ? [from] : [from, to], null]);
}

/** Step `step` of every sequence, `[rows, features]`. */
export function stepOf(sequences: TankSequences, step: number): NdArray {
  const rows = sequences.x.shape[0] as number;
  return sequences.x.slice([null, [step, step + 1], null]).reshape([rows, sequences.x.shape[2] as number]);
}

export interface DayTraining {
  readonly label: string;
  readonly epochs: number;
  readonly seed: number;
  readonly learningRate?: number;
}

const BATCH = 16;

/** Trains on samples with a progress bar; gives the loss of each epoch. */
export async function trainOnDays(
  page: Page,
  model: Model<unknown>,
  data: { readonly x: NdArray; readonly y: NdArray },
  training: DayTraining,
): Promise<readonly number[]> {
  const { label, epochs, seed, learningRate = 0.01 } = training;
  const updates = Math.ceil((data.x.shape[0] as number) / BATCH);
  return withProgress(page, label, epochs, async (onEpoch) => {
    const { trainer, losses } = await trainModel(model, data, {
      epochs,
      updates,
      learningRate,
      seed,
      batchSize: BATCH,
      onEpoch,
      backup: page.backup(),
    });
    trainer.dispose();
    return losses;
  });
}

/** One way to solve a task: what it says for the test sequences, scaled. */
export interface Answer {
  readonly name: string;
  readonly kind: Scored['kind'];
  readonly forecast: NdArray;
}

/** Shows the errors of all answers, records them, and gives the skill of the first one per feature. */
export function showScores(
  page: Page,
  answers: readonly Answer[],
  {
    truth,
    data,
    tankOf,
    scalers = data.scalers,
  }: { truth: NdArray; data: TankData; tankOf: readonly number[]; scalers?: TankData['scalers'] },
): number[] {
  const scored = answers.map(
    ({ name, kind, forecast }): Scored => ({ name, kind, errors: errorPerFeature(forecast, truth, { scalers, tankOf }) }),
  );
  page.table(scoreTable(scored, data));
  page.metric('rmse', scoreMetrics(scored, data.features));
  const skills = skillOf((scored[0] as Scored).errors, scored);
  page.metric('skill', Object.fromEntries(data.features.map((feature, index) => [feature, skills[index] as number])));
  return skills;
}

/** The learning curves of a section's trainings. */
export function showLosses(page: Page, losses: Readonly<Record<string, readonly number[]>>): void {
  const curves = Object.entries(losses).map(([name, values]) => ({ name, losses: values }));
  page.figure(learningCurves(curves, 'Mean squared error of the scaled readings on the training part, by epoch.'));
  page.metric('last loss', Object.fromEntries(curves.map(({ name, losses: values }) => [name, values.at(-1) as number])));
}

/** A sentence that says plainly whether the model beats the rules. */
export function verdict(skills: readonly number[], features: readonly string[]): string {
  const better = features.filter((_, index) => (skills[index] as number) > 0);
  const worse = features.filter((_, index) => (skills[index] as number) <= 0);
  if (worse.length === 0) return `It beats the best rule for ${better.join(' and ')}.`;
  if (better.length === 0) return `It does not beat the best rule for ${worse.join(' and ')}.`;
  return `It beats the best rule for ${better.join(' and ')}, but not for ${worse.join(' and ')}.`;
}
