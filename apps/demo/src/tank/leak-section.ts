import { LEAK_NOISE_A_DAY, type LeakOutcome, type LeakVerdict } from './leak-seed.ts';
import { awaitJobs, type SimulatedStory, type TankSection } from './tank-story.ts';

/** The share of hunts in which the leaking tank has to come first. */
const FIRST_AT_LEAST = 0.9;

/** The leak hunt over many seeds. */
export const leakSection: TankSection<SimulatedStory> = ({ data, leakHunts }) => ({
  id: 'leak',
  title: 'Is that luck? The same leak in other depots',
  async run(page) {
    const hunts = await awaitJobs(page, 'autoencoders', leakHunts);
    const tanks = data.names.length;
    const model = summary(hunts.map(({ autoencoder }) => autoencoder));
    const rule = summary(hunts.map(({ averageDay }) => averageDay));
    const both = (text: (of: typeof model) => string) => [text(model), text(rule)];
    page.say(
      `${hunts.length} depots of ${tanks} tanks, each with its own demand, weather, leaking tank and first weights. ` +
        `The pressure falls by ${LEAK_NOISE_A_DAY} standard deviation of the sensor noise a day.`,
    );
    page.table({
      columns: [{ title: `${hunts.length} depots` }, { title: 'autoencoder' }, { title: 'average day (rule)' }],
      rows: [
        ['leaking tank ranked first', ...both(({ first }) => `${first} of ${hunts.length}`)],
        ['leaking tank raised its alarm', ...both(({ alarmDays }) => `${alarmDays.length} of ${hunts.length}${range(alarmDays)}`)],
        ['tight tanks beside it that did', ...both(({ falseAlarms }) => `${falseAlarms} of ${hunts.length * (tanks - 1)}`)],
        ['tanks of the control that did', ...both(({ controlAlarms }) => `${controlAlarms} of ${hunts.length * tanks}`)],
      ],
    });
    page.check({
      name: 'The leaking tank is ranked first',
      passed: model.first >= FIRST_AT_LEAST * hunts.length,
      detail: `in ${model.first} of ${hunts.length} depots, at least ${FIRST_AT_LEAST * hunts.length} wanted`,
    });
    page.check({
      name: 'The control raises no alarm',
      passed: model.controlAlarms === 0,
      detail: `${model.controlAlarms} alarms in ${hunts.length} depots without a leak`,
    });
    page.note(
      `The rule rebuilds every day as the tank's average day; its threshold is fixed in the same way. ${comparison(model.alarmDays, rule.alarmDays)}`,
    );
    page.table(eachDepot(hunts, data.names), { reportOnly: true });
    page.headline({ value: `${model.first} of ${hunts.length}`, label: 'depots in which the leaking tank is ranked first' });
    page.metric('depots', hunts.length);
    page.metric('autoencoder', metricsOf(model));
    page.metric('average day', metricsOf(rule));
  },
});

function summary(verdicts: readonly LeakVerdict[]) {
  return {
    first: verdicts.filter(({ rank }) => rank === 1).length,
    ranks: verdicts.map(({ rank }) => rank),
    alarmDays: verdicts.map(({ alarmDay }) => alarmDay).filter((day) => day !== null),
    falseAlarms: verdicts.reduce((sum, verdict) => sum + verdict.falseAlarms, 0),
    controlAlarms: verdicts.reduce((sum, verdict) => sum + verdict.controlAlarms, 0),
  };
}

function metricsOf({ first, ranks, alarmDays, falseAlarms, controlAlarms }: ReturnType<typeof summary>) {
  return {
    'ranked first': first,
    alarms: alarmDays.length,
    'false alarms': falseAlarms,
    'control alarms': controlAlarms,
    ranks,
    'alarm days': alarmDays,
  };
}

function range(days: readonly number[]): string {
  return days.length === 0 ? '' : `, day ${Math.min(...days)}–${Math.max(...days)}`;
}

function comparison(model: readonly number[], rule: readonly number[]): string {
  if (model.length === 0 || rule.length === 0) return '';
  const mean = (days: readonly number[]) => days.reduce((sum, day) => sum + day, 0) / days.length;
  return `Where they raised an alarm, the autoencoder did so on day ${mean(model).toFixed(1)} on average, the rule on day ${mean(rule).toFixed(1)}.`;
}

function eachDepot(hunts: readonly LeakOutcome[], names: readonly string[]) {
  return {
    caption: 'Each depot, by the autoencoder',
    columns: [
      { title: 'depot' },
      { title: 'leaking tank' },
      { title: 'rank' },
      { title: 'alarm on day' },
      { title: 'threshold', digits: 2 },
      { title: 'highest score', digits: 2 },
      { title: 'highest of the control', digits: 2 },
    ],
    rows: hunts.map(({ leakingTank, autoencoder: { rank, alarmDay, threshold, scores, controlScores } }, index) => [
      `${index + 1}`,
      names[leakingTank] as string,
      `${rank}`,
      alarmDay === null ? 'none' : `${alarmDay}`,
      threshold,
      Math.max(...(scores[leakingTank] ?? [])),
      Math.max(...controlScores.flat()),
    ]),
  };
}
