import { splitSeed } from '@cellstate/core';
import { backtest, persistence } from '@cellstate/forecasting';
import type { Example } from '../example/example.ts';
import type { Jobs, Running } from '../parallel/jobs.ts';
import { answersSection } from './answers-section.ts';
import { forecastSection } from './forecast-section.ts';
import { indicesSection } from './indices-section.ts';
import { returnsSection } from './returns-section.ts';
import { shapeSection } from './shape-section.ts';
import { stateSection } from './state-section.ts';
import { stockData, tutorialCloses } from './stock-data.ts';
import { stockEpochs } from './stock-epochs.ts';
import type { StockStory } from './stock-story.ts';
import type { TutorialRun } from './train-tutorial.ts';
import { firstTestDay } from './tutorial-dataset.ts';
import { tutorialSection } from './tutorial-section.ts';
import type { WayName } from './way.ts';
import { waysSection } from './ways-section.ts';

const SEEDS = 10;
/** Seeds of the comparisons that the tutorial's own question does not hang on. */
const FEWER_SEEDS = 5;

/** Daily closes: the well-known tutorial, the questions it leaves open, and a sound way. */
export const stockExample: Example = {
  name: 'stock',
  async open(options, jobs) {
    const data = await stockData(options.data);
    const closes = tutorialCloses(data);
    const one = closes.select([0]);
    const epochs = stockEpochs(options);
    const seeds = Array.from({ length: SEEDS }, (_, index) => (index === 0 ? options.seed : splitSeed(options.seed, `stock ${index}`)));
    const naive = await backtest(persistence, closes, { start: firstTestDay(closes.steps), horizon: 1 });
    const train = tutorialRuns(jobs, epochs.repeated);
    const few = seeds.slice(0, FEWER_SEEDS);
    // Jobs run in the order they are started: that of the sections that wait for them.
    const inOrder = train('inOrder', { closes: one, seeds });
    const features = train('features', { closes: one, seeds: few });
    const together = closes.features === 1 ? undefined : train('inOrder', { closes, seeds: few });
    const story: StockStory = {
      data,
      options,
      epochs,
      seeds,
      closes,
      one,
      naive,
      together,
      runs: {
        inOrder,
        features,
        reset: train('reset', { closes: one, seeds }),
        neverReset: train('neverReset', { closes: one, seeds }),
        shuffled: train('shuffled', { closes: one, seeds }),
        once: train('once', { closes: one, seeds }),
      },
      returns: remembered(
        jobs.start(
          'stock returns',
          few.map((seed) => ({ closes: rowsOf(data.closes), names: data.closes.names, seed, epochs: epochs.returns })),
        ),
      ),
    };
    return {
      title:
        options.data === undefined
          ? 'Share prices: the tutorial, its questions, a sound way'
          : 'Your prices: the tutorial, its questions, a sound way',
      lead: `${data.source} First the well-known LSTM tutorial, line by line, on the last ${closes.steps} days of ${one.names[0]}; then what it leaves open; then a way that holds. Every table has its naive rows.`,
      sections: [
        tutorialSection(story),
        shapeSection(story),
        ...(together === undefined ? [] : [indicesSection(together)(story)]),
        stateSection(story),
        waysSection(story),
        returnsSection(story),
        forecastSection(story),
        answersSection(story),
      ],
    };
  },
};

interface RunsOf {
  readonly closes: StockStory['closes'];
  readonly seeds: readonly number[];
}

function tutorialRuns(jobs: Jobs, epochs: number): (way: WayName, of: RunsOf) => Running<TutorialRun> {
  return (way, { closes, seeds }) =>
    remembered(
      jobs.start(
        'stock tutorial',
        seeds.map((seed) => ({ closes: rowsOf(closes), way, seed, epochs })),
      ),
    );
}

/** Jobs whose results several sections ask for. */
function remembered<T>(running: Running<T>): Running<T> {
  let outputs: Promise<readonly T[]> | undefined;
  return {
    results(onShare) {
      outputs ??= running.results(onShare);
      return outputs;
    },
  };
}

function rowsOf(closes: StockStory['closes']): number[][] {
  return closes.toNested() as number[][];
}
