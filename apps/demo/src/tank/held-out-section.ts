import { skillChart } from '../charts/skill-chart.ts';
import type { Table } from '../example/page.ts';
import { cellText } from '../terminal/text-table.ts';
import type { ForecastOutcome } from './forecast-seed.ts';
import { HORIZONS, MODEL, median, rulesOf } from './held-out-errors.ts';
import { type HeldOutRow, heldOutRows } from './held-out-rows.ts';
import { withUnit } from './score-table.ts';
import type { TankData } from './tank-data.ts';
import { awaitJobs, type TankSection } from './tank-story.ts';

/** The forecast on the held-out hours, median of several seeds. */
export const heldOutSection: TankSection = ({ data, forecasters }) => ({
  id: 'held-out',
  title: 'How good is the forecast? The held-out hours, median over seeds',
  async run(page) {
    const outcomes = await awaitJobs(page, 'forecasters', forecasters);
    const { features, records } = data;
    const hours = data.steps - data.trainSteps;
    const origins = hours - Math.max(...HORIZONS) + 1;
    const rules = rulesOf(outcomes[0]?.errors ?? {});
    page.say(
      `From ${origins} of the last ${hours} hours, all that leave a day to come, the model forecasts with what was known by then. ` +
        `${records === undefined ? 'Seeds differ in first weights.' : 'Each seed has its own tanks and first weights.'} Skill is against the best of ${rules.join(', ')}.`,
    );
    const rows = heldOutRows(outcomes, data);
    page.table(skillTable(rows), { terminalRows: 6 });
    const skills = rows.map(({ skill }) => skill).filter((skill) => skill !== undefined);
    const beaten = skills.filter((skill) => skill > 0).length;
    const detail = `${beaten} of ${rows.length}${skills.length === 0 ? '' : `, the least ${cellText(Math.min(...skills), 2)}`}`;
    if (records === undefined) {
      page.say(`The model beats the best rule in ${detail}.`);
    } else {
      page.check({ name: 'Median skill above 0 everywhere', passed: beaten === rows.length, detail });
      page.note(
        'The floor is computed, not typed: the error of a forecaster who knows the physics, the true content of each tank and how busy the day is, but not the demand, clouds and sensor noise to come. Nobody who has only readings can do better.',
      );
    }
    page.figure(
      skillChart(
        rows.map(({ horizon, feature, skill, skills: all, floorSkill }) => ({
          label: `${feature}, ${horizon} h`,
          skill,
          seeds: all,
          floor: floorSkill,
        })),
        `Skill against the best naive rule: bars are the median, lines the range of ${outcomes.length} seeds${records === undefined ? '' : ', ticks what the physics allows'}.`,
      ),
    );
    page.table(ruleTable(outcomes, { ...data, rules }), { reportOnly: true });
    const farthest = rows.filter(({ horizon }) => horizon === HORIZONS.at(-1));
    page.headline({
      value: farthest.map(({ skill }) => percent(skill)).join(', '),
      label: `skill 24 h ahead against the best naive rule (${features.join(', ')})`,
    });
    page.metric(
      'skill',
      Object.fromEntries(
        features.map((name) => [
          name,
          Object.fromEntries(rows.filter(({ feature }) => feature === name).map(({ horizon, skill }) => [`${horizon} h`, skill ?? null])),
        ]),
      ),
    );
    page.metric(
      'rmse',
      rows.map(({ horizon, feature, model, rule, floor }) => ({
        horizon,
        feature,
        LSTM: model,
        'best rule': rule,
        ...(floor === undefined ? {} : { floor }),
      })),
    );
  },
});

function skillTable(rows: readonly HeldOutRow[]): Table {
  const known = rows.every(({ floor }) => floor !== undefined);
  return {
    columns: [
      { title: 'hours ahead' },
      { title: 'feature' },
      { title: 'LSTM' },
      { title: 'best rule' },
      ...(known ? [{ title: 'floor' }] : []),
      { title: 'skill', digits: 2 },
      { title: 'least, most' },
    ],
    rows: rows.map(({ horizon, feature, unit, model, rule, floor, skill, skills }) => [
      `${horizon}`,
      withUnit(feature, unit),
      model,
      rule,
      ...(floor === undefined ? [] : [floor]),
      skill ?? 'rule exact',
      skill === undefined ? '' : [Math.min, Math.max].map((most) => cellText(most(...skills), 2)).join(', '),
    ]),
  };
}

function ruleTable(
  outcomes: readonly ForecastOutcome[],
  { features, units, rules }: Pick<TankData, 'features' | 'units'> & { rules: readonly string[] },
): Table {
  const names = [MODEL, ...rules];
  return {
    caption: `RMSE of every rule, median of ${outcomes.length} seeds`,
    columns: [{ title: 'hours ahead' }, { title: 'feature' }, ...names.map((title) => ({ title }))],
    rows: HORIZONS.flatMap((horizon, h) =>
      features.map((feature, f) => [
        `${horizon}`,
        withUnit(feature, units[f]),
        ...names.map((name) => median(outcomes.map((outcome) => outcome.errors[name]?.[h]?.[f] as number))),
      ]),
    ),
  };
}

function percent(skill: number | undefined): string {
  if (skill === undefined) return 'none';
  return `${skill >= 0 ? '+' : '−'}${Math.abs(skill * 100).toFixed(0)} %`;
}
