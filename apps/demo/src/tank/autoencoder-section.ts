import { errorChart } from '../charts/error-chart.ts';
import { learningCurves } from '../charts/learning-curves.ts';
import { unrolledBoxes } from '../charts/unrolled-boxes.ts';
import { autoencoderOf } from './autoencoder.ts';
import { DAYS_IN_A_ROW, LEAK_MODEL, MARGIN } from './leak-hunt.ts';
import { LEAK_DAYS, LEAK_NOISE_A_DAY } from './leak-seed.ts';
import { SENSOR_NOISE } from './tank-physics.ts';
import { awaitJobs, type SimulatedStory, type TankSection } from './tank-story.ts';

/** Encoder and decoder, trained to give back what went in: what they cannot rebuild is strange. */
export const autoencoderSection: TankSection<SimulatedStory> = ({ data, options, leakHunts }) => ({
  id: 'autoencoder',
  title: 'Encoder and decoder: the tank that cannot be rebuilt',
  async run(page) {
    const { encoder, decoder, autoencoder } = autoencoderOf({ ...LEAK_MODEL, features: data.features.length, seed: options.seed });
    page.pattern({
      keras: 'Model(x, decoder(encoder(x))).fit(X, X)',
      ours: 'decoder.apply(encoder.apply(x)); trainer.fit({ x: X, y: X })',
      input: autoencoder.inputs[0]?.shape ?? [],
      output: autoencoder.outputs[0]?.shape ?? [],
    });
    const [hunt] = await awaitJobs(page, 'autoencoders', leakHunts);
    if (hunt === undefined) return;
    const tank = data.names[hunt.leakingTank] as string;
    page.say(
      `A day is squeezed into ${LEAK_MODEL.code} numbers and unfolded again. Trained on ${LEAK_DAYS.train} normal days, it rebuilds normal days and no others. ` +
        `Then ${tank} begins to leak: ${(LEAK_NOISE_A_DAY * SENSOR_NOISE.pressure).toFixed(2)} kPa a day, ${LEAK_NOISE_A_DAY} standard deviation of its sensor's noise.`,
    );
    const means = hunt.scores.map((scores) => scores.reduce((sum, score) => sum + score, 0) / scores.length);
    const order = means.map((_, index) => index).sort((a, b) => (means[b] as number) - (means[a] as number));
    page.table({
      columns: [{ title: 'rank' }, { title: 'tank' }, { title: 'mean score', digits: 2 }, { title: 'last day', digits: 2 }],
      rows: order
        .slice(0, 2)
        .map((index, place) => [
          `${place + 1}`,
          `${data.names[index]}${index === hunt.leakingTank ? ' (leaks)' : ''}`,
          means[index] as number,
          hunt.scores[index]?.at(-1) as number,
        ]),
    });
    page.say(
      `1 is the mean error of normal days, the threshold ${hunt.threshold.toFixed(2)}. ` +
        `${hunt.alarmDay === null ? `${tank} raised no alarm.` : `${tank} raised its alarm on day ${hunt.alarmDay} of the leak.`}`,
    );
    const labels = Array.from({ length: LEAK_DAYS.watch }, (_, day) => `${day + 1}`);
    const chart = { labels, threshold: hunt.threshold, yName: 'reconstruction error, 1 = normal', xName: 'day of the watch' };
    page.figure(
      errorChart(
        hunt.scores.map((values, index) => ({ name: `${data.names[index]} (leaks)`, values, marked: index === hunt.leakingTank })),
        {
          ...chart,
          caption: `Reconstruction error of the pressure, tank by tank. The leak begins on day 1. An alarm is ${DAYS_IN_A_ROW} days in a row above the threshold.`,
        },
      ),
    );
    page.figure(
      errorChart(
        hunt.controlScores.map((values, index) => ({ name: `${data.names[index]}, tight`, values, marked: index === hunt.leakingTank })),
        { ...chart, caption: `The control: the same ${LEAK_DAYS.watch} days, the same demand, weather and noise, without the leak.` },
      ),
    );
    page.figure(
      unrolledBoxes(autoencoder, {
        steps: LEAK_MODEL.steps,
        caption:
          'The encoder keeps its last output only; the decoder repeats it at every hour and unfolds it. Both are drawn from the model that is trained.',
      }),
    );
    page.figure(learningCurves([{ name: 'autoencoder', losses: hunt.losses }], 'Mean squared error of the rebuilt day, by epoch.'));
    page.note(
      `The threshold is fixed before the watch begins, on ${LEAK_DAYS.normal} normal days that the model was not trained on: the strangest run of ${DAYS_IN_A_ROW} days there, times ${MARGIN}, for a depot may see busier days than any of those. Pressure alone is judged, for it weighs the oil; the model reads temperature too.`,
    );
    page.metric('leaking tank', tank);
    page.metric('rank', hunt.rank);
    page.metric('threshold', hunt.threshold);
    page.metric('alarm day', hunt.alarmDay);
    page.metric('mean score', Object.fromEntries(means.map((mean, index) => [data.names[index] as string, mean])));
    for (const model of [autoencoder, encoder, decoder]) model.dispose();
  },
});
