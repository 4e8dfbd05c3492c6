import { dense, lstm, sequential } from '@cellstate/layers';
import { unrolledBoxes } from '../charts/unrolled-boxes.ts';
import { dailySequences, showLosses, showScores, stepOf, stepsOf, trainOnDays, verdict } from './day-task.ts';
import { differenceText } from './difference-text.ts';
import { maxDifference } from './tank-arrays.ts';
import type { TankSection } from './tank-story.ts';
import { epochsFor } from './training.ts';

const UNITS = 16;
const STEPS = 5;
const HOUR = 6;

/** One output after the last step. */
export const manyToOneSection: TankSection = ({ data, options }) => ({
  id: 'many-to-one',
  title: `Many to one: hours 1–${STEPS} tell hour ${HOUR}`,
  async run(page) {
    const features = data.features.length;
    const build = (returnSequences: boolean) =>
      sequential([lstm({ units: UNITS, returnSequences, inputShape: [STEPS, features] }), dense({ units: features })], {
        seed: options.seed,
      });
    const model = build(false);
    page.pattern({
      keras: `LSTM(${UNITS}); Dense(${features})`,
      ours: `lstm({ units: ${UNITS} }), dense({ units: ${features} })`,
      input: model.inputs[0]?.shape ?? [],
      output: model.outputs[0]?.shape ?? [],
    });
    const { train, test } = dailySequences(data, { hour: HOUR - STEPS, length: STEPS + 1 });
    const epochs = epochsFor(options, { full: 80, quick: 30 });
    const losses = await trainOnDays(
      page,
      model,
      { x: stepsOf(train, 0, -1), y: stepOf(train, STEPS) },
      { label: 'many to one', epochs, seed: options.seed },
    );
    const x = stepsOf(test, 0, -1);
    const forecast = await model.predict(x);
    const skills = showScores(
      page,
      [
        { name: 'LSTM', kind: 'model', forecast },
        { name: `reading of hour ${HOUR - 1}`, kind: 'rule', forecast: stepOf(test, STEPS - 1) },
      ],
      { truth: stepOf(test, STEPS), data, tankOf: test.tankOf },
    );
    page.say(verdict(skills, data.features));
    const every = build(true);
    every.setWeights(model.getWeights());
    const all = await every.predict(x);
    const lastRow = all.slice([null, [-1], null]).reshape(forecast.shape);
    const difference = maxDifference(forecast, lastRow);
    page.check({
      name: 'Many to one = last row of many to many',
      passed: difference <= 1e-6,
      detail: `max |difference| ${differenceText(difference)} ≤ 1e-6`,
    });
    page.note('The check gives both models the same weights and compares the one output with the last of the many.');
    page.figure(
      unrolledBoxes(model, {
        steps: STEPS,
        caption: `The same boxes as many to many. Only the last one hands its output up; the others still hand on their state.`,
      }),
    );
    showLosses(page, { LSTM: losses });
    page.metric('difference from the last row', difference);
    await page.model('many-to-one', model);
    model.dispose();
    every.dispose();
  },
});
