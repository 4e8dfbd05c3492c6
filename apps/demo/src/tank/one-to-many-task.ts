import { concat, type NdArray } from '@cellstate/core';
import { dense, lstm, type Model, repeatVector, sequential } from '@cellstate/layers';
import { type FittedScaler, lanes, minMaxScaler, type Series } from '@cellstate/windowing';
import type { Page } from '../example/page.ts';
import { type Answer, type DayTask, dailySequences, stepOf, stepsOf, trainOnDays } from './day-task.ts';
import { cutSequences } from './tank-arrays.ts';
import type { TankData } from './tank-data.ts';
import { HOURS_A_DAY } from './tank-physics.ts';
import { type TankStory, withProgress } from './tank-story.ts';
import { epochsFor, trainModel } from './training.ts';

const UNITS = 16;
const LANES = 16;
const LEARNING_RATE = 0.02;
/** Well inside −1 … 1, the only values a recurrent layer without a dense one can give. */
const RANGE = [-0.8, 0.8] as const;

/** From the midnight reading to the 24 hours after it; readings scaled into −0.8 … 0.8. */
export interface OneToManyTask {
  readonly days: DayTask;
  readonly scaled: readonly Series[];
  readonly scalers: readonly FittedScaler[];
  readonly epochs: number;
}

export function oneToManyTask({ data, options }: TankStory): OneToManyTask {
  const scalers = data.readings.map((series) => minMaxScaler({ range: RANGE }).fit(series.rows(0, data.trainSteps)));
  const scaled = data.readings.map((series, tank) => (scalers[tank] as FittedScaler).transform(series));
  const days = dailySequences({ ...data, scaled }, { hour: 0, length: HOURS_A_DAY + 1 });
  return { days, scaled, scalers, epochs: epochsFor(options, { full: 60, quick: 10 }) };
}

export interface Solved {
  readonly model: Model;
  readonly answer: Answer;
  readonly losses: readonly number[];
}

/** `dense`: 16 units and a dense layer. `units = features`: as many units as features and no dense layer. */
export type Head = 'dense' | 'units = features';

/** Every hour gets the same midnight reading, and the whole day is learnt at once. */
export async function byRepeating(
  page: Page,
  { days, epochs }: OneToManyTask,
  { head, seed }: { head: Head; seed: number },
): Promise<Solved> {
  const features = days.train.x.shape[2] as number;
  const unfold = lstm({ units: head === 'dense' ? UNITS : features, returnSequences: true });
  const model = sequential(
    [repeatVector({ n: HOURS_A_DAY, inputShape: [features] }), unfold, ...(head === 'dense' ? [dense({ units: features })] : [])],
    { seed },
  );
  const name = `repeatVector, ${head}`;
  const training = { label: name, epochs, seed, learningRate: LEARNING_RATE };
  const losses = await trainOnDays(page, model, { x: stepOf(days.train, 0), y: stepsOf(days.train, 1) }, training);
  return { model, losses, answer: { name, kind: 'model', forecast: await model.predict(stepOf(days.test, 0)) } };
}

/** The next hour is learnt at every hour; then each output is the next input, and the state goes on. */
export async function byLooping(
  page: Page,
  { days, epochs }: OneToManyTask,
  { head, seed }: { head: Head; seed: number },
): Promise<Solved> {
  const features = days.train.x.shape[2] as number;
  const layer = lstm({ units: head === 'dense' ? UNITS : features, returnSequences: true, stateful: true, inputShape: [null, features] });
  const model = sequential([layer, ...(head === 'dense' ? [dense({ units: features })] : [])], { seed });
  const name = `loop, ${head}`;
  const batches = lanes({ x: stepsOf(days.train, 0, -1), y: stepsOf(days.train, 1) }, { lanes: LANES, steps: HOURS_A_DAY });
  const losses = await withProgress(page, name, epochs, async (onEpoch) => {
    const trained = await trainModel(model, batches, {
      epochs,
      updates: batches.count,
      learningRate: LEARNING_RATE,
      seed,
      onEpoch,
      backup: page.backup(),
    });
    trained.trainer.dispose();
    return trained.losses;
  });
  const midnight = stepOf(days.test, 0);
  const rows = midnight.shape[0] as number;
  const stream = model.stream({ lanes: rows });
  const hours: NdArray[] = [];
  let reading = midnight;
  for (let hour = 0; hour < HOURS_A_DAY; hour++) {
    reading = stream.push(reading);
    hours.push(reading.reshape([rows, 1, features]));
  }
  stream.dispose();
  return { model, losses, answer: { name, kind: 'model', forecast: concat(hours, 1) } };
}

/** The rules: the midnight reading all day, and the same hours of the day before, which know 24 readings. */
export function oneToManyRules({ days, scaled }: OneToManyTask, { trainSteps }: Pick<TankData, 'trainSteps'>): Answer[] {
  const midnight = stepsOf(days.test, 0, 1);
  const perTank = days.test.tankOf.length / scaled.length;
  const from = trainSteps - HOURS_A_DAY + 1;
  const yesterday = cutSequences(scaled, { from, to: from + perTank * HOURS_A_DAY, length: HOURS_A_DAY });
  return [
    {
      name: 'midnight reading all day',
      kind: 'rule',
      forecast: concat(
        Array.from({ length: HOURS_A_DAY }, () => midnight),
        1,
      ),
    },
    { name: 'same hour yesterday', kind: 'rule', forecast: yesterday.x },
  ];
}
