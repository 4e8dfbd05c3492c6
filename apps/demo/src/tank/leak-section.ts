import { LEAK_NOISE_A_DAY } from './leak-seed.ts';
import { awaitJobs, type SimulatedStory, type TankSection } from './tank-story.ts';

/** The share of hunts in which the leaking tank has to come first. */
const FIRST_AT_LEAST = 0.9;

/** The leak hunt over many seeds. */
export const leakSection: TankSection<SimulatedStory> = ({ data, leakHunts }) => ({
  id: 'leak',
  title: 'Is that luck? The same leak in other depots',
  async run(page) {
    const hunts = await awaitJobs(page, 'autoencoders', leakHunts);
    const first = hunts.filter(({ rank }) => rank === 1).length;
    const alarms = hunts.map(({ alarmDay }) => alarmDay).filter((day) => day !== null);
    const falseAlarms = hunts.reduce((sum, hunt) => sum + hunt.falseAlarms, 0);
    const controlAlarms = hunts.reduce((sum, hunt) => sum + hunt.controlAlarms, 0);
    const sorted = [...alarms].sort((a, b) => a - b);
    page.say(
      `${hunts.length} depots of ${data.names.length} tanks, each with its own demand, weather, leaking tank and first weights. The pressure falls by ${LEAK_NOISE_A_DAY} standard deviation of the sensor noise a day.`,
    );
    page.table({
      columns: [{ title: `${hunts.length} depots` }, { title: 'with the leak' }, { title: 'control, no leak' }],
      rows: [
        ['leaking tank ranked first', `${first} of ${hunts.length}`, '–'],
        [
          'leaking tank raised its alarm',
          `${alarms.length} of ${hunts.length}${sorted.length === 0 ? '' : `, day ${sorted[0]}–${sorted.at(-1)}`}`,
          '–',
        ],
        [
          'alarms of tight tanks',
          `${falseAlarms} of ${hunts.length * (data.names.length - 1)} tanks`,
          `${controlAlarms} of ${hunts.length * data.names.length} tanks`,
        ],
      ],
    });
    page.check({
      name: 'The leaking tank is ranked first',
      passed: first >= FIRST_AT_LEAST * hunts.length,
      detail: `in ${first} of ${hunts.length} depots, at least ${FIRST_AT_LEAST * hunts.length} wanted`,
    });
    page.check({
      name: 'The control raises no alarm',
      passed: controlAlarms === 0,
      detail: `${controlAlarms} alarms in ${hunts.length} depots without a leak`,
    });
    page.table(
      {
        caption: 'Each depot',
        columns: [
          { title: 'depot' },
          { title: 'leaking tank' },
          { title: 'rank' },
          { title: 'alarm on day' },
          { title: 'threshold', digits: 2 },
          { title: 'highest score', digits: 2 },
          { title: 'highest of the control', digits: 2 },
        ],
        rows: hunts.map(({ leakingTank, rank, alarmDay, threshold, scores, controlScores }, index) => [
          `${index + 1}`,
          data.names[leakingTank] as string,
          `${rank}`,
          alarmDay === null ? 'none' : `${alarmDay}`,
          threshold,
          Math.max(...(scores[leakingTank] ?? [])),
          Math.max(...controlScores.flat()),
        ]),
      },
      { reportOnly: true },
    );
    page.headline({ value: `${first} of ${hunts.length}`, label: 'depots in which the leaking tank is ranked first' });
    page.metric('ranked first', first);
    page.metric('depots', hunts.length);
    page.metric('alarms', alarms.length);
    page.metric('false alarms', falseAlarms);
    page.metric('control alarms', controlAlarms);
    page.metric(
      'ranks',
      hunts.map(({ rank }) => rank),
    );
  },
});
