import { unrolledBoxes } from '../charts/unrolled-boxes.ts';
import { unroll } from '../charts/unrolled-rows.ts';
import { naiveCells, naiveErrors, SCORE_COLUMNS, scoreCells, scoreMetric } from './score-rows.ts';
import { spreadOf, spreadText } from './spread.ts';
import { resultsOf, type StockSection, type StockStory } from './stock-story.ts';
import { LOOK_BACK, tutorialDataset } from './tutorial-dataset.ts';
import { arranged, tutorialModel } from './tutorial-model.ts';
import { WAYS } from './way.ts';

/** Errors of the same seeds in both shapes. */
interface ShapeFindings {
  readonly steps: readonly number[];
  readonly features: readonly number[];
}

async function shapeFindings({ runs }: StockStory): Promise<ShapeFindings> {
  const features = (await runs.features.results()).map(({ testError }) => testError[0] as number);
  const steps = (await runs.inOrder.results()).slice(0, features.length).map(({ testError }) => testError[0] as number);
  return { steps, features };
}

/** Three days as three time steps, or as three features of one step. */
export const shapeSection: StockSection = (story) => ({
  id: 'shape',
  title: 'Time steps against features',
  async run(page) {
    const { data, one, naive, runs, seeds } = story;
    await resultsOf(runs.inOrder, { page, label: 'three steps' });
    await resultsOf(runs.features, { page, label: 'three features' });
    const findings = await shapeFindings(story);
    const { testX } = tutorialDataset(one);
    const ways = { steps: WAYS.inOrder, features: WAYS.features };
    const models = {
      steps: tutorialModel({ way: ways.steps, features: 1, seed: seeds[0] as number }),
      features: tutorialModel({ way: ways.features, features: 1, seed: seeds[0] as number }),
    };
    const boxes = {
      steps: unroll(models.steps, 1).rows[0]?.steps as number,
      features: unroll(models.features, 1).rows[0]?.steps as number,
    };
    const rules = naiveErrors(naive, 0);
    const rows = naiveCells(rules);
    const input = arranged(testX, ways.steps).shape;
    const output = arranged(testX, ways.features).shape;

    page.say(
      `Three closes can be ${LOOK_BACK} time steps of 1 feature: ${boxes.steps} boxes, one output, a state update a step. Or 1 step of ${LOOK_BACK} features: ${boxes.features} box, all seen at once.`,
    );
    page.pattern({ keras: 'np.reshape(x, (x.shape[0], 1, 3))', ours: 'x.reshape([x.shape[0], 1, 3])', input, output });
    page.table({
      columns: [{ title: 'next day, test' }, { title: 'boxes', digits: 0 }, { title: 'weights', digits: 0 }, ...SCORE_COLUMNS],
      rows: [
        ['3×1: time steps', boxes.steps, models.steps.countParams(), ...scoreCells(findings.steps, rules)],
        ['1×3: features', boxes.features, models.features.countParams(), ...scoreCells(findings.features, rules)],
        ['persistence', '', '', ...rows.persistence],
        ['drift', '', '', ...rows.drift],
      ],
      strong: [0, 1],
    });
    page.note(
      `As steps, the LSTM reads one close after the other; as features, it sees all in one update, and its recurrent weights stay idle. Both give one output a window. Mean and standard deviation over ${findings.features.length} seeds, RMSE in ${data.unit}, state starts from zero at each window, windows in order, ${story.epochs.repeated} epochs.`,
    );

    const stepwise = await stateAfterEachStep(models.steps, testX);
    page.check({
      name: 'Close by close = the window at once',
      passed: stepwise <= 1e-5,
      detail: `max |difference| ${stepwise.toPrecision(2)} ≤ 1e-5`,
    });
    page.figure(
      unrolledBoxes(models.steps, {
        steps: LOOK_BACK,
        input: 'close ',
        output: 'next',
        caption: `3×1: ${boxes.steps} boxes, one output. The same weights are used at each box; the state runs along.`,
      }),
    );
    page.figure(
      unrolledBoxes(models.features, {
        steps: 1,
        input: 'closes',
        output: 'next',
        caption: `1×3: ${boxes.features} box, one output. There is no step before it, so nothing is remembered; each of the three closes has weights of its own.`,
      }),
    );
    page.metric('boxes', boxes);
    page.metric('3x1', scoreMetric(findings.steps, rules));
    page.metric('1x3', scoreMetric(findings.features, rules));
    page.metric('step by step against window', stepwise);
    models.steps.dispose();
    models.features.dispose();
  },
});

/** The answer in one line. */
export async function shapeAnswer(story: StockStory): Promise<string> {
  const { steps, features } = await shapeFindings(story);
  const rule = naiveErrors(story.naive, 0).persistence;
  return `**Time steps or features?** Three state updates or one. RMSE ${spreadText(spreadOf(steps))} as steps, ${spreadText(spreadOf(features))} as features; yesterday’s close has ${rule.toFixed(1)}.`;
}

/** Pushes each window close by close through a stream and compares the last output with that of the whole window. */
async function stateAfterEachStep(
  model: ReturnType<typeof tutorialModel>,
  windows: ReturnType<typeof tutorialDataset>['testX'],
): Promise<number> {
  const whole = await model.predict(windows);
  const stream = model.stream();
  let most = 0;
  for (let window = 0; window < (windows.shape[0] as number); window++) {
    stream.reset();
    let last = Number.NaN;
    for (let step = 0; step < LOOK_BACK; step++) last = stream.push([windows.at(window, step, 0)]).at(0);
    most = Math.max(most, Math.abs(last - whole.at(window, 0)));
  }
  stream.dispose();
  return most;
}
