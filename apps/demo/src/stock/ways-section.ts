import { learningCurves } from '../charts/learning-curves.ts';
import { naiveCells, naiveErrors, SCORE_COLUMNS, scoreCells, scoreMetric } from './score-rows.ts';
import { seedChart } from './seed-chart.ts';
import { spreadOf, spreadText } from './spread.ts';
import { resultsOf, type StockSection, type StockStory } from './stock-story.ts';
import { tutorialModel } from './tutorial-model.ts';
import { WAYS } from './way.ts';

const SHOWN = ['reset', 'neverReset', 'inOrder', 'shuffled', 'once'] as const;
type Shown = (typeof SHOWN)[number];

/** Test errors of each way, a number for each seed. */
type WayErrors = Readonly<Record<Shown, readonly number[]>>;

async function wayErrors({ runs }: StockStory): Promise<WayErrors> {
  const entries = await Promise.all(
    SHOWN.map(async (way) => [way, (await runs[way].results()).map(({ testError }) => testError[0] as number)] as const),
  );
  return Object.fromEntries(entries) as unknown as WayErrors;
}

/** The tutorial's model four ways, and once more with each close fed once. */
export const waysSection: StockSection = (story) => ({
  id: 'ways',
  title: 'What was the point of `stateful`, batch 1 and the reset?',
  async run(page) {
    const { data, epochs, naive, runs, seeds } = story;
    for (const way of SHOWN) await resultsOf(runs[way], { page, label: WAYS[way].name });
    const errors = await wayErrors(story);
    const rules = naiveErrors(naive, 0);
    const rows = naiveCells(rules);
    const apart = initialDifference(seeds);
    page.table({
      columns: [{ title: `next day, test, ${seeds.length} seeds` }, ...SCORE_COLUMNS],
      rows: [
        ...SHOWN.map((way) => [WAYS[way].name, ...scoreCells(errors[way], rules)]),
        ['persistence', ...rows.persistence],
        ['drift', ...rows.drift],
      ],
      strong: [0],
    });
    page.say(statement(errors));
    const fewer =
      epochs.repeated < epochs.tutorial
        ? ` With ${seeds.length} seeds each way, these runs have ${epochs.repeated} epochs instead of the tutorial’s ${epochs.tutorial}, to keep the example short: compare the rows with one another, not with the first section.`
        : '';
    page.note(
      `Same data, model, optimizer and, seed by seed, the same initial weights: the ways differ by what the LSTM starts a window from and by the order of windows. RMSE in ${data.unit}, mean and standard deviation over ${seeds.length} seeds of ${epochs.repeated} epochs.${fewer}`,
    );
    page.note(
      '`stateful` lets the state of one batch enter the next. Row i goes on in row i, so one series in windows one after the other needs batch size 1: with 32 rows, row 1 of the second batch would go on 32 windows later. ' +
        'The reset between epochs keeps the end of the series out of its beginning. All three are right for a long sequence cut into pieces that do not overlap; the fifth row feeds it so, one close a batch. Windows that overlap hold all the model looks at, and need none of it.',
    );
    page.check({
      name: 'All ways start from the same weights',
      passed: apart === 0,
      detail: `max |difference| ${apart} over ${seeds.length} seeds`,
    });
    page.figure(
      seedChart(
        SHOWN.map((way) => ({ name: WAYS[way].name, values: errors[way] })),
        {
          rule: { name: 'persistence', value: rules.persistence },
          xName: `test RMSE, ${data.unit}`,
          caption: `A dot for each of ${seeds.length} seeds, a bar at the mean. See how far the seeds of one way lie apart before you compare two ways.`,
        },
      ),
    );
    const four = SHOWN.filter((way) => way !== 'once');
    const first = await Promise.all(
      four.map(async (way) => ({ name: WAYS[way].short, losses: (await runs[way].results())[0]?.losses ?? [] })),
    );
    page.figure(
      learningCurves(
        first,
        'Training loss of the first seed, the four ways that see windows of three. A lower loss is not a better forecast: compare with the table.',
      ),
    );
    page.headline({
      value: spreadText(spreadOf(errors.reset), 0),
      label: `test RMSE of the tutorial’s way over ${seeds.length} seeds; persistence has ${rules.persistence.toFixed(0)}`,
    });
    for (const way of SHOWN) page.metric(WAYS[way].name, scoreMetric(errors[way], rules));
    page.metric('naive', { ...rules });
    page.metric('epochs', epochs.repeated);
  },
});

/** What state changed and what the overlap did, in one sentence made of the numbers. */
function statement(errors: WayErrors): string {
  const mean = (way: Shown) => spreadOf(errors[way]).mean;
  const effect = (from: Shown, to: Shown) => {
    const raised = mean(to) > mean(from);
    const seeds = raised ? worse(errors, to, from) : worse(errors, from, to);
    return {
      verb: raised ? '**raised**' : '**lowered**',
      range: `from ${mean(from).toFixed(1)} to ${mean(to).toFixed(1)}`,
      seeds: `${seeds} of ${errors[to].length}`,
    };
  };
  const [state, overlap] = [effect('inOrder', 'reset'), effect('once', 'reset')];
  return `Carried state ${state.verb} the RMSE ${state.range} (in ${state.seeds} seeds); the overlap (each close thrice) ${overlap.verb} it ${overlap.range} (${overlap.seeds}).`;
}

/** For how many seeds the first way did worse than the second. */
function worse(errors: WayErrors, way: Shown, than: Shown): number {
  return errors[way].filter((error, seed) => error > (errors[than][seed] as number)).length;
}

/** The answers about state and about the reset, a line each. */
export async function stateAnswers(story: StockStory): Promise<readonly [string, string]> {
  const errors = await wayErrors(story);
  const [reset, never, fresh] = [spreadOf(errors.reset), spreadOf(errors.neverReset), spreadOf(errors.inOrder)];
  const within = Math.abs(reset.mean - never.mean) < Math.max(reset.sd, never.sd);
  return [
    `**Stateful, batch 1?** For pieces that do not overlap. Here it took the RMSE from ${spreadText(fresh)} to ${spreadText(reset)}, worse for ${worse(errors, 'reset', 'inOrder')} of ${errors.reset.length} seeds.`,
    `**A reset each epoch?** It keeps the end out of the beginning: ${spreadText(reset)} with it, ${spreadText(never)} without, ${within ? 'within' : 'beyond'} the spread of seeds.`,
  ];
}

/** The largest difference of initial weights between the ways that have the same shapes. */
function initialDifference(seeds: readonly number[]): number {
  let most = 0;
  for (const seed of seeds) {
    const [first, ...others] = SHOWN.map((way) => {
      const model = tutorialModel({ way: WAYS[way], features: 1, seed });
      const weights = model.getWeights().flatMap(({ data }) => Array.from(data));
      model.dispose();
      return weights;
    });
    for (const weights of others) most = Math.max(most, ...weights.map((weight, index) => Math.abs(weight - (first?.[index] as number))));
  }
  return most;
}
