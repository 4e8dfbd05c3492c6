import { errorChart } from '../charts/error-chart.ts';
import { learningCurves } from '../charts/learning-curves.ts';
import { unrolledBoxes } from '../charts/unrolled-boxes.ts';
import { setPlainWeights } from '../parallel/plain-weights.ts';
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
    const found = hunt.autoencoder;
    const ways = { autoencoder: found, 'average day (rule)': hunt.averageDay };
    page.table({
      columns: [
        { title: 'days rebuilt by' },
        { title: 'rank' },
        { title: `score of ${tank}`, digits: 2 },
        { title: 'next tank', digits: 2 },
        { title: 'alarm' },
      ],
      rows: Object.entries(ways).map(([name, { rank, scores, alarmDay }]) => [
        name,
        `${rank} of ${scores.length}`,
        mean(scores[hunt.leakingTank] ?? []),
        Math.max(...scores.filter((_, index) => index !== hunt.leakingTank).map(mean)),
        alarmDay === null ? 'none' : `day ${alarmDay}`,
      ]),
    });
    page.say('The score is the error of rebuilding, 1 on normal days.');
    const labels = Array.from({ length: LEAK_DAYS.watch }, (_, day) => `${day + 1}`);
    const chart = { labels, threshold: found.threshold, yName: 'reconstruction error, 1 = normal', xName: 'day of the watch' };
    page.figure(
      errorChart(
        found.scores.map((values, index) => ({ name: `${data.names[index]} (leaks)`, values, marked: index === hunt.leakingTank })),
        {
          ...chart,
          caption: `Reconstruction error of the pressure, tank by tank. The leak begins on day 1. An alarm is ${DAYS_IN_A_ROW} days in a row above the threshold.`,
        },
      ),
    );
    page.figure(
      errorChart(
        found.controlScores.map((values, index) => ({ name: `${data.names[index]}, tight`, values, marked: index === hunt.leakingTank })),
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
    for (const [name, { rank, threshold, alarmDay, scores }] of Object.entries(ways)) {
      const means = Object.fromEntries(scores.map((values, index) => [data.names[index] as string, mean(values)]));
      page.metric(name, { rank, threshold, 'alarm day': alarmDay, 'mean scores': means });
    }
    setPlainWeights(autoencoder, hunt.weights);
    await page.model('autoencoder', autoencoder);
    for (const model of [autoencoder, encoder, decoder]) model.dispose();
  },
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
