import { dense, lstm, sequential } from '@cellstate/layers';
import { unrolledBoxes } from '../charts/unrolled-boxes.ts';
import { dailySequences, showLosses, showScores, stepsOf, trainOnDays, verdict } from './day-task.ts';
import { HOURS_A_DAY } from './tank-physics.ts';
import type { TankSection } from './tank-story.ts';
import { epochsFor } from './training.ts';

const UNITS = 16;

/** An output at every step. */
export const manyToManySection: TankSection = ({ data, options }) => ({
  id: 'many-to-many',
  title: 'Many to many: at every hour of the day, the next hour',
  async run(page) {
    const features = data.features.length;
    const model = sequential(
      [lstm({ units: UNITS, returnSequences: true, inputShape: [HOURS_A_DAY, features] }), dense({ units: features })],
      { seed: options.seed },
    );
    page.pattern({
      keras: `LSTM(${UNITS}, return_sequences=True); Dense(${features})`,
      ours: `lstm({ units: ${UNITS}, returnSequences: true }), dense({ units: ${features} })`,
      input: model.inputs[0]?.shape ?? [],
      output: model.outputs[0]?.shape ?? [],
    });
    page.say('`returnSequences` keeps the output of every step. The sequence is a day, the target is the same day one hour on.');
    const { train, test } = dailySequences(data, { hour: 0, length: HOURS_A_DAY + 1 });
    const epochs = epochsFor(options, { full: 40, quick: 6 });
    const losses = await trainOnDays(
      page,
      model,
      { x: stepsOf(train, 0, -1), y: stepsOf(train, 1) },
      { label: 'many to many', epochs, seed: options.seed },
    );
    const forecast = await model.predict(stepsOf(test, 0, -1));
    const skills = showScores(
      page,
      [
        { name: 'LSTM', kind: 'model', forecast },
        { name: 'last reading', kind: 'rule', forecast: stepsOf(test, 0, -1) },
      ],
      { truth: stepsOf(test, 1), data, tankOf: test.tankOf },
    );
    page.say(`${verdict(skills, data.features)} (${test.tankOf.length} held-out days; skill = 1 − RMSE / RMSE of the best rule)`);
    page.figure(
      unrolledBoxes(model, {
        steps: HOURS_A_DAY,
        caption: `Drawn from the trained model: one box an hour, each hands its state to the next and its output up. ${model.countParams()} parameters, the same in every box.`,
      }),
    );
    showLosses(page, { LSTM: losses });
    await page.model('many-to-many', model);
    model.dispose();
  },
});
