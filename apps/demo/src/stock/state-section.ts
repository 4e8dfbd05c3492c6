import { type NdArray, ndarray } from '@cellstate/core';
import { rmse } from '@cellstate/forecasting';
import type { Model } from '@cellstate/layers';
import { createTrainer, type Trainer } from '@cellstate/trainers';
import { windowDiagram } from '../charts/window-diagram.ts';
import { resultsOf, type StockSection } from './stock-story.ts';
import type { TutorialRun } from './train-tutorial.ts';
import { LOOK_BACK, trainDays, tutorialDataset } from './tutorial-dataset.ts';
import { tutorialModel, UNITS } from './tutorial-model.ts';
import { WAYS } from './way.ts';

const SHOWN = 3;

/** What state the trainer holds: hidden and cell of the one lane. */
interface Held {
  readonly hidden: readonly number[];
  readonly cell: readonly number[];
}

/** The state that `stateful` carries from window to window, and what the overlap does to it. */
export const stateSection: StockSection = (story) => ({
  id: 'state',
  title: 'What `stateful` carries from window to window',
  async run(page) {
    const { data, one } = story;
    const [run] = await resultsOf(story.runs.reset, { page, label: 'stateful, reset each epoch' });
    const { trainX, testX, testY, scaler } = tutorialDataset(one);
    const model = trainedModel(run as TutorialRun);
    const trainer = createTrainer(model);

    const entering: Held[] = [];
    const outputs: number[] = [];
    for (let window = 0; window < SHOWN; window++) {
      entering.push(held(trainer));
      outputs.push((await trainer.predict(windowOf(trainX, window), { allowOverlap: true })).at(0, 0));
    }
    trainer.resetStates();
    const afterReset = held(trainer);

    const unit = (name: string) => Array.from({ length: UNITS }, (_, index) => ({ title: `${name}${index + 1}` }));
    const rows = [
      ...entering.map((state, window) => [`window ${window + 1}`, ...state.hidden, ...state.cell]),
      ['after reset', ...afterReset.hidden, ...afterReset.cell],
    ];
    page.say(`h and c of the ${UNITS} units on entering a window, with the trained weights:`);
    page.table({ columns: [{ title: 'entering' }, ...unit('h'), ...unit('c')], rows });
    const most = largest([entering[0] as Held, afterReset]);
    page.check({
      name: 'A reset is zero, and so is the start',
      passed: most === 0 && largest(entering.slice(1)) > 0,
      detail: `max |h, c| ${most}`,
    });

    const read = Array.from({ length: SHOWN }, (_, window) => Array.from({ length: LOOK_BACK }, (_, step) => window + step));
    const difference = Math.abs((outputs.at(-1) as number) - asOneSequence(model, trainX));
    page.check({
      name: `Windows 1–${SHOWN} = one sequence ${read
        .flat()
        .map((close) => close + 1)
        .join(' ')}`,
      passed: difference <= 1e-5,
      detail: `|difference| ${difference.toPrecision(2)} ≤ 1e-5`,
    });

    const truth = scaler.inverse(testY);
    const carried = scaler.inverse(await trainer.predict(testX, { batchSize: 1, allowOverlap: true }));
    const zeroed = scaler.inverse(await model.predict(testX, { state: 'zero', batchSize: 1 }));
    const [withState, without, moved] = [rmse(truth, carried), rmse(truth, zeroed), rmse(carried, zeroed)];
    const { windows, enteredOften, closes } = overlap(one.steps);
    page.say(
      `An epoch pushes ${windows * LOOK_BACK} steps for ${closes} closes, and the state takes the repeats for news. ` +
        `Zeroing it before each test window moves the forecasts by ${moved.toFixed(1)} ${data.unit}: RMSE ${withState.toFixed(1)} carried, ${without.toFixed(1)} zeroed.`,
    );
    page.note(
      'The second check is the point: a stateful model does not know that a new window began. To it the last close of window 1 is followed by the second close of the series again. ' +
        `${enteredOften} of ${closes} closes go in ${LOOK_BACK} times, in the order ${read.map((window) => window.map((close) => close + 1).join(' ')).join(', ')}, and so on: time runs forward three days, back two, forward three.`,
    );
    page.figure(
      windowDiagram(
        read.map((inputs, window) => ({ name: `window ${window + 1}`, inputs, target: window + LOOK_BACK })),
        {
          steps: Array.from({ length: SHOWN + LOOK_BACK }, (_, step) => `${step + 1}`),
          seriesName: 'closes',
          caption: 'The tutorial’s windows. With carried state the blue boxes are read row after row as one sequence.',
        },
      ),
    );
    page.metric(
      'entering',
      entering.map(({ hidden, cell }) => ({ hidden, cell })),
    );
    page.metric('after reset', { hidden: afterReset.hidden, cell: afterReset.cell });
    page.metric('windows against one sequence', difference);
    page.metric('test RMSE', { carried: withState, zeroed: without });
    page.metric('forecasts moved by', moved);
    trainer.dispose();
    model.dispose();
  },
});

/** How often closes of the training part enter the state in one epoch. */
export function overlap(days: number): { readonly windows: number; readonly closes: number; readonly enteredOften: number } {
  const windows = trainDays(days) - LOOK_BACK;
  const closes = windows + LOOK_BACK - 1;
  return { windows, closes, enteredOften: closes - 2 * (LOOK_BACK - 1) };
}

function trainedModel({ weights }: TutorialRun): Model {
  const model = tutorialModel({ way: WAYS.reset, features: 1, seed: 0 });
  model.setWeights(weights.map(({ data, shape }) => ndarray(data, shape)));
  return model;
}

/** The output behind all shown windows, pushed as one sequence. */
function asOneSequence(model: Model, windows: NdArray): number {
  const stream = model.stream();
  const chunk = windows.slice([[0, SHOWN]]).reshape([1, SHOWN * LOOK_BACK, 1]);
  const output = stream.push(chunk);
  stream.dispose();
  return output.data.at(-1) as number;
}

function windowOf(windows: NdArray, window: number): NdArray {
  return windows.slice([[window, window + 1]]);
}

function held(trainer: Trainer): Held {
  const [[hidden, cell]] = Object.values(trainer.states.inference) as [[NdArray, NdArray]];
  return { hidden: Array.from(hidden.data), cell: Array.from(cell.data) };
}

function largest(states: readonly Held[]): number {
  return Math.max(...states.flatMap(({ hidden, cell }) => [...hidden, ...cell]).map(Math.abs));
}
