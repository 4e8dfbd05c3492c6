import { errorChart } from '../charts/error-chart.ts';
import { DAYS_IN_A_ROW, type HuntDays, openHunt } from './leak-hunt.ts';
import { HOURS_A_DAY } from './tank-physics.ts';
import { type TankSection, withProgress } from './tank-story.ts';
import { epochsFor } from './training.ts';

/** Fewer would leave no run of days to fix the threshold on. */
export const FEWEST_HUNT_DAYS = 14;

/** The autoencoder on readings of one's own: which series has become strange? */
export const ownHuntSection: TankSection = ({ data, options }) => ({
  id: 'autoencoder',
  title: 'Encoder and decoder: which series has become strange?',
  async run(page) {
    const days = huntDays(Math.floor(data.steps / HOURS_A_DAY));
    const epochs = epochsFor(options, { full: 60, quick: 15 });
    const judged = data.features.length;
    const hunt = await withProgress(page, 'autoencoder', epochs, (onEpoch) =>
      openHunt(data.scaled, { days, judged, seed: options.seed, epochs, onEpoch }),
    );
    const { ranking, scores } = await hunt.autoencoder.judge(data.scaled);
    page.say(
      `An autoencoder learnt the first ${days.train} days (of ${HOURS_A_DAY} steps each), taken to be normal; the next ${days.normal} days fixed the threshold, ${hunt.autoencoder.threshold.toFixed(2)}; the last ${days.watch} were watched.`,
    );
    page.table(
      {
        columns: [{ title: 'rank' }, { title: 'series' }, { title: 'mean score', digits: 2 }, { title: 'alarm on day' }],
        rows: ranking.map(({ series, score, firstAlarm }, place) => [
          `${place + 1}`,
          data.names[series] as string,
          score,
          firstAlarm === null ? 'none' : `${firstAlarm + 1}`,
        ]),
      },
      { terminalRows: 5 },
    );
    const strangest = ranking[0]?.series;
    page.figure(
      errorChart(
        data.names.map((name, series) => ({
          name,
          values: (scores.toNested() as number[][])[series] as number[],
          marked: series === strangest,
        })),
        {
          labels: Array.from({ length: days.watch }, (_, day) => `${day + 1}`),
          threshold: hunt.autoencoder.threshold,
          yName: 'reconstruction error, 1 = normal',
          xName: 'day of the watch',
          caption: `The strangest series is marked. An alarm is ${DAYS_IN_A_ROW} days in a row above the threshold.`,
        },
      ),
    );
    page.metric('threshold', hunt.autoencoder.threshold);
    page.metric(
      'ranking',
      ranking.map(({ series, score, alarms }) => ({ series: data.names[series] as string, score, alarms })),
    );
    hunt.dispose();
  },
});

function huntDays(days: number): HuntDays {
  const normal = Math.max(DAYS_IN_A_ROW, Math.floor(days / 5));
  const watch = Math.max(DAYS_IN_A_ROW, Math.floor(days / 5));
  return { train: days - normal - watch, normal, watch };
}
