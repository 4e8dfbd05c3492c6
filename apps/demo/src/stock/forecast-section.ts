import { type BacktestResult, backtest, drift, persistence } from '@cellstate/forecasting';
import { forecastChart } from '../charts/forecast-chart.ts';
import type { Page, Table } from '../example/page.ts';
import { HORIZON, prepareReturns } from './return-forecaster.ts';
import { skillText } from './score-rows.ts';
import { spreadOf } from './spread.ts';
import { resultsOf, type StockSection, type StockStory } from './stock-story.ts';
import type { ReturnsRun } from './train-returns.ts';

const HORIZONS = [1, HORIZON] as const;
const SHOWN_BEFORE = 40;
const SHOWN_STOCKS = 4;

/** Errors of one stock at one horizon. */
interface HorizonScore {
  readonly name: string;
  readonly horizon: number;
  /** A number for each seed. */
  readonly model: readonly number[];
  readonly persistence: number;
  readonly drift: number;
}

/** All stocks at both horizons, and the naive backtest of the long one. */
interface ForecastFindings {
  readonly scores: readonly HorizonScore[];
  readonly ahead: BacktestResult;
}

async function forecastFindings({ data: { closes }, returns }: StockStory): Promise<ForecastFindings> {
  const runs = await returns.results();
  const { start } = prepareReturns(closes);
  const nextDay = await backtest(persistence, closes, { start, horizon: 1 });
  const ahead = await backtest(persistence, closes, { start, horizon: HORIZON });
  const modelError = (run: ReturnsRun, horizon: number, feature: number) =>
    (horizon === 1 ? run.nextDay[feature] : run.ahead[horizon - 1]?.[feature]) as number;
  const scores = HORIZONS.flatMap((horizon) => {
    const { naive } = (horizon === 1 ? nextDay : ahead).scores();
    return closes.names.map((name, feature) => ({
      name,
      horizon,
      model: runs.map((run) => modelError(run, horizon, feature)),
      persistence: naive.persistence?.perStepAndFeature[horizon - 1]?.[feature] as number,
      drift: naive.drift?.perStepAndFeature[horizon - 1]?.[feature] as number,
    }));
  });
  return { scores, ahead };
}

/** Tests one and twenty days ahead, and the days beyond the data. */
export const forecastSection: StockSection = (story) => ({
  id: 'forecast',
  title: `Tested one day and ${HORIZON} days ahead`,
  async run(page) {
    const { data } = story;
    const runs = await resultsOf(story.returns, { page, label: 'returns' });
    const { scores, ahead } = await forecastFindings(story);
    const { closes } = data;
    page.say(`RMSE in ${data.unit}, mean of ${runs.length} seeds, from every test day; skill is against persistence.`);
    page.table(scoreTable(scores.filter(({ name }) => closes.names.indexOf(name) < SHOWN_STOCKS)));
    if (closes.features > SHOWN_STOCKS)
      page.table({ ...scoreTable(scores), caption: `All ${closes.features} of them.` }, { reportOnly: true });
    for (const text of HORIZONS.map((horizon) => verdict(scores.filter((score) => score.horizon === horizon)))) page.say(text);
    page.note(
      `From each of ${ahead.origins.length} origins that see all ${HORIZON} days the model has read the whole history, then feeds its forecasts back; one day ahead there are ${closes.steps - (ahead.origins[0] as number)} origins. Errors of neighbouring origins overlap, so ${HORIZON} days ahead there are in truth about ${Math.floor(ahead.origins.length / HORIZON)} independent tests. ` +
        'Persistence repeats the last close; drift goes on along the line from the first close to the last.',
    );
    page.table(seedTable(scores), { reportOnly: true });
    charts(page, { data, runs });
    const times = data.times.following(HORIZON);
    const last = closes.rows(-1).values;
    const future = meanPath(runs.map((run) => run.future));
    page.forecast(
      closes.names.flatMap((feature, index) =>
        times.map((time, step) => ({
          series: data.name,
          time,
          horizon: step + 1,
          feature,
          forecast: future[step]?.[index] as number,
          naive: last[index] as number,
        })),
      ),
    );
    page.note(`forecast.csv has the next ${HORIZON} days of every stock, ${times[0]} to ${times.at(-1)}; its naive column is persistence.`);
    const nearSkills = scores.filter(({ horizon }) => horizon === 1).map(skillOf);
    page.headline({
      value: skillText(nearSkills.reduce((sum, skill) => sum + skill, 0) / nearSkills.length),
      label: `mean skill of the sound way a day ahead, ${closes.features === 1 ? 'one stock' : `${closes.features} stocks`}`,
    });
    for (const score of scores) {
      const { name, horizon, model } = score;
      page.metric(`${name}, ${horizon} ahead`, {
        ...spreadOf(model),
        seeds: model,
        persistence: score.persistence,
        drift: score.drift,
        skill: skillOf(score),
      });
    }
  },
});

/** `1 − mean error / error of persistence` */
function skillOf({ model, persistence: rule }: HorizonScore): number {
  return 1 - spreadOf(model).mean / rule;
}

/** The answer in one line. */
export async function soundAnswer(story: StockStory): Promise<string> {
  const { scores } = await forecastFindings(story);
  const range = (horizon: number) => {
    const skills = scores.filter((score) => score.horizon === horizon).map(skillOf);
    const [least, most] = [skillText(Math.min(...skills)), skillText(Math.max(...skills))];
    return least === most ? least : `${least} to ${most}`;
  };
  const beaten = scores.filter(({ model, drift: line }) => spreadOf(model).mean < line).length;
  return `**The sound way?** Skill against persistence ${range(1)} a day ahead, ${range(HORIZON)} for ${HORIZON} days; drift is beaten in ${beaten} of ${scores.length}.`;
}

function scoreTable(scores: readonly HorizonScore[]): Table {
  const [near, far] = HORIZONS.map((horizon) => scores.filter((score) => score.horizon === horizon)) as [HorizonScore[], HorizonScore[]];
  const cells = (score: HorizonScore) => [spreadOf(score.model).mean, score.persistence, score.drift, skillOf(score)];
  const columns = (horizon: number) => [
    { title: `LSTM ${horizon}d`, digits: 1 },
    { title: 'persist.', digits: 1 },
    { title: 'drift', digits: 1 },
    { title: 'skill' },
  ];
  return {
    columns: [{ title: '' }, ...columns(1), ...columns(HORIZON)],
    rows: near.map((score, index) => [score.name, ...cells(score), ...cells(far[index] as HorizonScore)]),
  };
}

function seedTable(scores: readonly HorizonScore[]): Table {
  return {
    caption: 'How much of it is luck: the spread over seeds, and for how many seeds the model is better than each rule.',
    columns: [
      { title: 'stock' },
      { title: 'days ahead', digits: 0 },
      { title: 'LSTM', digits: 2 },
      { title: '± sd', digits: 2 },
      { title: 'seeds better than persistence' },
      { title: 'than drift' },
    ],
    rows: scores.map(({ name, horizon, model, persistence: rule, drift: line }) => {
      const { mean, sd } = spreadOf(model);
      const better = (naive: number) => `${model.filter((error) => error < naive).length} of ${model.length}`;
      return [name, horizon, mean, sd, better(rule), better(line)];
    }),
  };
}

/** Where the model beats persistence and drift at one horizon, and where it does not. */
function verdict(scores: readonly HorizonScore[]): string {
  const horizon = scores[0]?.horizon as number;
  const mean = ({ model }: HorizonScore) => spreadOf(model).mean;
  const lost = scores.filter((score) => mean(score) >= score.persistence);
  const behindDrift = scores.filter((score) => mean(score) >= score.drift);
  const names = (list: readonly HorizonScore[]) => list.map(({ name }) => name).join(', ');
  const skills = scores.filter((score) => !lost.includes(score)).map((score) => 100 * skillOf(score));
  const when = horizon === 1 ? 'A day ahead' : `${horizon} days ahead`;
  if (lost.length === scores.length) return `${when} it **does not beat persistence**.`;
  const range =
    skills.length === 1 ? `${skills[0]?.toFixed(1)} %` : `${Math.min(...skills).toFixed(1)}–${Math.max(...skills).toFixed(1)} %`;
  const but = [
    ...(lost.length === 0 ? [] : [`it does not for ${names(lost)}`]),
    ...(behindDrift.length === 0 ? [] : [`drift is as good or better for ${names(behindDrift)}`]),
  ];
  return `${when} it beats persistence for **${scores.length - lost.length} of ${scores.length}**, by ${range}${but.length === 0 ? ', and drift too' : `; ${but.join('; ')}`}.`;
}

function charts(page: Page, { data, runs }: { readonly data: StockStory['data']; readonly runs: readonly ReturnsRun[] }): void {
  const { closes } = data;
  const known = closes.steps;
  const shown = closes.names.slice(0, SHOWN_STOCKS);
  const column = (path: readonly (readonly number[])[], feature: number) => path.map((row) => row[feature] as number);
  const lastKnown = meanPath(runs.map((run) => run.lastKnown));
  const future = meanPath(runs.map((run) => run.future));
  const from = known - HORIZON - SHOWN_BEFORE;
  const labels = [...data.times.labels, ...data.times.following(HORIZON)];
  const rules = (origin: number, feature: number) =>
    [persistence, drift].map((rule) => ({
      name: rule.rule,
      values: Array.from(rule(closes.rows(0, origin).select([feature]), { steps: HORIZON }).data),
    }));
  page.figure(
    forecastChart(
      shown.map((name, feature) => ({
        title: `${name}, ${data.unit}`,
        truth: Array.from(closes.rows(from).select([feature]).values),
        origin: SHOWN_BEFORE - 1,
        lines: [{ name: 'LSTM', values: column(lastKnown, feature) }, ...rules(known - HORIZON, feature)],
      })),
      {
        labels: labels.slice(from, known),
        caption: `The last ${HORIZON} days, which the model did not see: it knows the closes left of the dashed line and nothing else. Mean of ${runs.length} seeds.`,
        xName: 'day',
        truthName: 'closes',
      },
    ),
  );
  page.figure(
    forecastChart(
      shown.map((name, feature) => ({
        title: `${name}, ${data.unit}`,
        truth: Array.from(closes.rows(-SHOWN_BEFORE).select([feature]).values),
        origin: SHOWN_BEFORE - 1,
        lines: [{ name: 'LSTM', values: column(future, feature) }, ...rules(known, feature)],
      })),
      {
        labels: labels.slice(known - SHOWN_BEFORE),
        caption: `The ${HORIZON} days after the last one in the file, as in forecast.csv.`,
        xName: 'day',
        truthName: 'closes',
      },
    ),
  );
}

/** The mean of several paths, row by row. */
function meanPath(paths: readonly (readonly (readonly number[])[])[]): number[][] {
  const [first = []] = paths;
  return first.map((row, step) =>
    row.map((_, feature) => paths.reduce((sum, path) => sum + (path[step]?.[feature] as number), 0) / paths.length),
  );
}
