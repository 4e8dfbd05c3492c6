import { unrolledBoxes } from '../charts/unrolled-boxes.ts';
import type { Running } from '../parallel/jobs.ts';
import { naiveErrors, scoreMetric, skillAgainst } from './score-rows.ts';
import { spreadOf, spreadText } from './spread.ts';
import { resultsOf, type StockSection, type StockStory } from './stock-story.ts';
import type { TutorialRun } from './train-tutorial.ts';
import { LOOK_BACK } from './tutorial-dataset.ts';
import { tutorialModel, UNITS } from './tutorial-model.ts';
import { WAYS } from './way.ts';

/** Stocks in the terminal's table. */
const SHOWN = 4;

/** Several stocks at once, as the features of one model. */
export const indicesSection =
  (together: Running<TutorialRun>): StockSection =>
  (story) => ({
    id: 'together',
    title: 'Several stocks at once, as features',
    async run(page) {
      const { data, closes, naive, runs, seeds } = story;
      const found = await resultsOf(together, { page, label: 'all at once' });
      const alone = (await runs.inOrder.results()).slice(0, found.length).map(({ testError }) => testError[0] as number);
      const count = closes.features;
      const rules = closes.names.map((_, feature) => naiveErrors(naive, feature));
      const errors = closes.names.map((_, feature) => found.map(({ testError }) => testError[feature] as number));
      const means = errors.map((list) => spreadOf(list).mean);
      const model = tutorialModel({ way: WAYS.inOrder, features: count, seed: seeds[0] as number });
      page.say(`${count} stocks are ${count} features of each step; they share one state of ${UNITS} units.`);
      page.pattern({
        keras: `LSTM(4, batch_input_shape=(1, ${LOOK_BACK}, ${count})), Dense(${count})`,
        ours: `lstm({ units: 4, batchInputShape: [1, ${LOOK_BACK}, ${count}] }), dense({ units: ${count} })`,
        input: model.inputs[0]?.shape ?? [],
        output: model.outputs[0]?.shape ?? [],
      });
      const table = {
        columns: [
          { title: 'next day, RMSE' },
          { title: 'together', digits: 1 },
          { title: '± sd', digits: 1 },
          { title: 'persistence', digits: 1 },
          { title: 'drift', digits: 1 },
          { title: 'skill' },
        ],
        rows: closes.names.map((name, feature) => {
          const { mean, sd } = spreadOf(errors[feature] as number[]);
          const rule = rules[feature] as (typeof rules)[number];
          return [name, mean, sd, rule.persistence, rule.drift, skillAgainst(mean, rule)];
        }),
      };
      page.table({ ...table, rows: table.rows.slice(0, SHOWN) });
      if (count > SHOWN) page.table({ ...table, caption: `All ${count} of them.` }, { reportOnly: true });
      const beaten = means.filter((mean, feature) => mean < (rules[feature]?.persistence as number)).length;
      page.say(
        `${closes.names[0]} alone, same seeds: ${spreadText(spreadOf(alone))}; together: ${spreadText(spreadOf(errors[0] as number[]))}. Persistence is beaten for **${beaten} of ${count}**.`,
      );
      page.note(
        `A feature is one number read at each step: the windows are \`[n, ${LOOK_BACK}, ${count}]\` instead of \`[n, ${LOOK_BACK}, 1]\`, with ${count} outputs. Mean and standard deviation over ${found.length} seeds, RMSE in ${data.unit} of each stock; state from zero at each window, ${story.epochs.repeated} epochs. Errors of different stocks cannot be added up; each has its own naive row.`,
      );
      page.figure(
        unrolledBoxes(model, {
          steps: LOOK_BACK,
          input: 'day ',
          output: 'next',
          caption: `One box for each day, as before: more stocks make the arrows wider (${count} numbers a day), not the drawing longer.`,
        }),
      );
      for (const [feature, name] of closes.names.entries())
        page.metric(name, { ...scoreMetric(errors[feature] as number[], rules[feature] as (typeof rules)[number]), ...rules[feature] });
      page.metric('first alone', alone);
      model.dispose();
    },
  });

/** The answer in one line. */
export async function indicesAnswer({ together, runs, closes, naive }: StockStory): Promise<string> {
  const question = '**Several stocks?**';
  if (together === undefined)
    return `${question} They would be features: \`[n, ${LOOK_BACK}, 2]\` for two. This run had 1; give more with \`--features a,b\`.`;
  const found = await together.results();
  const alone = spreadOf((await runs.inOrder.results()).slice(0, found.length).map(({ testError }) => testError[0] as number));
  const joint = spreadOf(found.map(({ testError }) => testError[0] as number));
  const beaten = closes.names.filter(
    (_, feature) => spreadOf(found.map(({ testError }) => testError[feature] as number)).mean < naiveErrors(naive, feature).persistence,
  ).length;
  return `${question} Features, \`[n, ${LOOK_BACK}, ${closes.features}]\`: ${closes.names[0]} ${spreadText(joint)} with the others, ${spreadText(alone)} alone; persistence beaten for ${beaten} of ${closes.features}.`;
}
