import { concat, type NdArray } from '@cellstate/core';
import { dense, lstm, type Model, repeatVector, sequential } from '@cellstate/layers';
import { type FittedScaler, minMaxScaler } from '@cellstate/windowing';
import { unrolledBoxes } from '../charts/unrolled-boxes.ts';
import type { Page } from '../example/page.ts';
import { type Answer, type DayTask, dailySequences, showLosses, showScores, stepOf, stepsOf, trainOnDays } from './day-task.ts';
import { cutSequences } from './tank-arrays.ts';
import { HOURS_A_DAY } from './tank-physics.ts';
import type { TankSection } from './tank-story.ts';
import { epochsFor } from './training.ts';

const UNITS = 16;
const LEARNING_RATE = 0.02;
/** Well inside −1 … 1, the only values a recurrent layer without a dense one can give. */
const RANGE = [-0.8, 0.8] as const;

/** From one reading to a day: by repeating it, and by a loop that feeds the state back. */
export const oneToManySection: TankSection = ({ data, options }) => ({
  id: 'one-to-many',
  title: 'One to many: from the midnight reading to the next 24 hours',
  async run(page) {
    const features = data.features.length;
    const scalers = data.readings.map((series) => minMaxScaler({ range: RANGE }).fit(series.rows(0, data.trainSteps)));
    const scaled = data.readings.map((series, tank) => (scalers[tank] as FittedScaler).transform(series));
    const days = dailySequences({ ...data, scaled }, { hour: 0, length: HOURS_A_DAY + 1 });
    const epochs = epochsFor(options, { full: 40, quick: 8 });

    const repeating = (head: boolean) =>
      sequential(
        [repeatVector({ n: HOURS_A_DAY, inputShape: [features] }), lstm({ units: head ? UNITS : features, returnSequences: true }), ...(head ? [dense({ units: features })] : [])],
        { seed: options.seed },
      );
    const looping = (head: boolean) =>
      sequential(
        [lstm({ units: head ? UNITS : features, returnSequences: true, inputShape: [null, features] }), ...(head ? [dense({ units: features })] : [])],
        { seed: options.seed },
      );
    const runs = [
      { name: 'repeatVector, dense', model: repeating(true), solve: byRepeating },
      { name: 'loop with state, dense', model: looping(true), solve: byLooping },
      { name: 'repeatVector, units = features', model: repeating(false), solve: byRepeating },
      { name: 'loop, units = features', model: looping(false), solve: byLooping },
    ];
    const [byRepeat, byLoop] = runs.map(({ model }) => model) as [Model, Model];
    page.pattern({
      keras: `RepeatVector(${HOURS_A_DAY}); LSTM(${features}, return_sequences=True)`,
      ours: `repeatVector({ n: ${HOURS_A_DAY} }), lstm({ units: ${features}, returnSequences: true })`,
      input: byRepeat.inputs[0]?.shape ?? [],
      output: byRepeat.outputs[0]?.shape ?? [],
    });
    page.say('The other way is a loop: the output of one step is the input of the next, and `model.stream()` carries the state (Keras: `stateful=True`, one step a call).');
    const losses: Record<string, readonly number[]> = {};
    const answers: Answer[] = [];
    for (const { name, model, solve } of runs) {
      const training = { label: name, epochs, seed: options.seed, learningRate: LEARNING_RATE };
      const { forecast, loss } = await solve(page, model, { days, training });
      losses[name] = loss;
      answers.push({ name, kind: 'model', forecast });
    }
    const midnight = stepsOf(days.test, 0, 1);
    const yesterday = cutSequences(scaled, { from: data.trainSteps - HOURS_A_DAY + 1, to: data.steps - HOURS_A_DAY + 1, length: HOURS_A_DAY });
    const tests = days.test.tankOf.length / data.names.length;
    answers.push(
      { name: 'midnight reading all day', kind: 'rule', forecast: concat(Array.from({ length: HOURS_A_DAY }, () => midnight), 1) },
      { name: 'same hour yesterday', kind: 'rule', forecast: firstOfEach(yesterday.x, { each: yesterday.tankOf.length / data.names.length, take: tests }) },
    );
    showScores(page, answers, { truth: stepsOf(days.test, 1), data, tankOf: days.test.tankOf, scalers });
    page.note(
      'Without a dense layer the units are the features themselves: each output is a tanh times a gate, so the readings are scaled into −0.8 … 0.8 for all four rows. Two units are a small memory for a whole day, and the table shows what that costs. The rule “same hour yesterday” knows 24 readings where the models know one.',
    );
    page.figure(unrolledBoxes(byRepeat, { steps: HOURS_A_DAY, input: 'x', caption: 'One to many by repeating: every step gets the same midnight reading; only the state tells the hours apart.' }));
    page.figure(unrolledBoxes(byLoop, { steps: 1, caption: 'One to many by a loop: this one box is called 24 times. Its output becomes its next input, and its state goes on.' }));
    showLosses(page, losses);
    for (const { model } of runs) model.dispose();
  },
});

interface Solving {
  readonly days: DayTask;
  readonly training: Parameters<typeof trainOnDays>[3];
}

/** Learns the day from its first reading at once. */
async function byRepeating(page: Page, model: Model, { days, training }: Solving): Promise<{ forecast: NdArray; loss: readonly number[] }> {
  const loss = await trainOnDays(page, model, { x: stepOf(days.train, 0), y: stepsOf(days.train, 1) }, training);
  return { loss, forecast: await model.predict(stepOf(days.test, 0)) };
}

/** Learns the next hour at every hour, then feeds each output back. */
async function byLooping(page: Page, model: Model, { days, training }: Solving): Promise<{ forecast: NdArray; loss: readonly number[] }> {
  const loss = await trainOnDays(page, model, { x: stepsOf(days.train, 0, -1), y: stepsOf(days.train, 1) }, training);
  const midnight = stepOf(days.test, 0);
  const stream = model.stream({ lanes: midnight.shape[0] as number });
  const hours: NdArray[] = [];
  let reading = midnight;
  for (let hour = 0; hour < HOURS_A_DAY; hour++) {
    reading = stream.push(reading);
    hours.push(reading.reshape([midnight.shape[0] as number, 1, midnight.shape[1] as number]));
  }
  stream.dispose();
  return { loss, forecast: concat(hours, 1) };
}

/** The first `take` rows of every `each`: days of one tank that have a test day to stand beside. */
function firstOfEach(x: NdArray, { each, take }: { each: number; take: number }): NdArray {
  const blocks = Array.from({ length: (x.shape[0] as number) / each }, (_, tank) => x.slice([[tank * each, tank * each + take]]));
  return concat(blocks);
}
