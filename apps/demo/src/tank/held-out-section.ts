import type { ForecastOutcome } from './forecast-seed.ts';
import { bestRuleErrors, HORIZONS, median, rulesOf } from './held-out-errors.ts';
import { skillChart } from '../charts/skill-chart.ts';
import { withUnit } from './score-table.ts';
import { awaitJobs, type TankSection } from './tank-story.ts';

/** The forecast on the held-out hours, median of several seeds. */
export const heldOutSection: TankSection = ({ data, forecasters }) => ({
  id: 'held-out',
  title: 'How good is the forecast? The held-out hours, median of five seeds',
  async run(page) {
    const outcomes = await awaitJobs(page, 'forecasters', forecasters);
    const { features, units, records } = data;
    const hours = data.steps - data.trainSteps;
    const origins = hours - Math.max(...HORIZONS) + 1;
    const rules = rulesOf(outcomes[0]?.errors ?? {});
    page.say(
      `From ${origins} of the last ${hours} hours, all that leave a day to come, the model forecasts with what was known by then. ` +
        `${records === undefined ? 'Seeds differ in first weights.' : 'Each seed has its own tanks and first weights.'} Skill is against the best of ${rules.join(', ')}.`,
    );
    const cells = HORIZONS.flatMap((horizon, h) => features.map((feature, f) => ({ horizon, h, feature, f })));
    const rows = cells.map(({ horizon, h, feature, f }) => {
      const of = (pick: (outcome: ForecastOutcome) => number) => median(outcomes.map(pick));
      const rule = (outcome: ForecastOutcome) => bestRuleErrors(outcome.errors)[h]?.[f] as number;
      const skills = outcomes.map((outcome) => 1 - (outcome.errors['LSTM']?.[h]?.[f] as number) / rule(outcome));
      return {
        horizon,
        feature,
        unit: units[f],
        model: of((outcome) => outcome.errors['LSTM']?.[h]?.[f] as number),
        rule: of(rule),
        floor: records === undefined ? undefined : of((outcome) => outcome.errors['floor']?.[h]?.[f] as number),
        floorSkill: records === undefined ? undefined : of((outcome) => 1 - (outcome.errors['floor']?.[h]?.[f] as number) / rule(outcome)),
        skills,
        skill: median(skills),
      };
    });
    page.table({
      columns: [{ title: 'hours ahead' }, { title: 'feature' }, { title: 'LSTM' }, { title: 'best rule' }, ...(records === undefined ? [] : [{ title: 'floor' }]), { title: 'skill', digits: 2 }, { title: 'least, most' }],
      rows: rows.map(({ horizon, feature, unit, model, rule, floor, skill, skills }) => [
        `${horizon}`,
        withUnit(feature, unit),
        model,
        rule,
        ...(floor === undefined ? [] : [floor]),
        skill,
        `${Math.min(...skills).toFixed(2)}, ${Math.max(...skills).toFixed(2)}`,
      ]),
    }, { terminalRows: 6 });
    const beaten = rows.filter(({ skill }) => skill > 0);
    const detail = `${beaten.length} of ${rows.length}, the least ${Math.min(...rows.map(({ skill }) => skill)).toFixed(2)}`;
    if (records === undefined) {
      page.say(`The model beats the best rule in ${detail}.`);
    } else {
      page.check({ name: 'Median skill above 0 everywhere', passed: beaten.length === rows.length, detail });
      page.note(
        'The floor is computed, not typed: the error of a forecaster who knows the physics, the true content of each tank and how busy the day is, but not the demand, clouds and sensor noise to come. Nobody who has only readings can do better.',
      );
    }
    page.figure(
      skillChart(
        rows.map(({ horizon, feature, skill, skills, floorSkill }) => ({ label: `${feature}, ${horizon} h`, skill, least: Math.min(...skills), most: Math.max(...skills), floor: floorSkill })),
        `Skill against the best naive rule: bars are the median, lines the range of ${outcomes.length} seeds${records === undefined ? '' : ', ticks what the physics allows'}.`,
      ),
    );
    page.table(
      {
        caption: `RMSE of every rule, median of ${outcomes.length} seeds`,
        columns: [{ title: 'hours ahead' }, { title: 'feature' }, ...['LSTM', ...rules].map((title) => ({ title }))],
        rows: cells.map(({ horizon, h, feature, f }) => [`${horizon}`, withUnit(feature, units[f]), ...['LSTM', ...rules].map((name) => median(outcomes.map((outcome) => outcome.errors[name]?.[h]?.[f] as number)))]),
      },
      { reportOnly: true },
    );
    const farthest = rows.filter(({ horizon }) => horizon === HORIZONS.at(-1));
    page.headline({ value: farthest.map(({ skill }) => `${skill >= 0 ? '+' : '−'}${Math.abs(skill * 100).toFixed(0)} %`).join(', '), label: `skill 24 h ahead against the best naive rule (${features.join(', ')})` });
    page.metric(
      'skill',
      Object.fromEntries(features.map((feature) => [feature, Object.fromEntries(rows.filter((row) => row.feature === feature).map(({ horizon, skill }) => [`${horizon} h`, skill]))])),
    );
    page.metric('rmse', rows.map(({ horizon, feature, model, rule, floor }) => ({ horizon, feature, LSTM: model, 'best rule': rule, ...(floor === undefined ? {} : { floor }) })));
  },
});
