import type { BacktestResult } from '@cellstate/forecasting';
import type { Series } from '@cellstate/windowing';
import type { DemoOptions } from '../demo-options.ts';
import type { Section } from '../example/example.ts';
import type { Page } from '../example/page.ts';
import type { Running } from '../parallel/jobs.ts';
import type { StockData } from './stock-data.ts';
import type { StockEpochs } from './stock-epochs.ts';
import type { ReturnsRun } from './train-returns.ts';
import type { TutorialRun } from './train-tutorial.ts';
import type { WayName } from './way.ts';

/** What every section of the stock example can use. */
export interface StockStory {
  readonly data: StockData;
  readonly options: DemoOptions;
  readonly epochs: StockEpochs;
  /** The first is the tutorial's own. */
  readonly seeds: readonly number[];
  /** The tutorial's days: all stocks. */
  readonly closes: Series;
  /** The tutorial's days: the first stock alone, which the tutorial is about. */
  readonly one: Series;
  /** What the naive rules say on the tutorial's test days, for all stocks, a day ahead. */
  readonly naive: BacktestResult;
  /** The tutorial's model on the first stock, a run for each seed, under way since the start. */
  readonly runs: Readonly<Record<WayName, Running<TutorialRun>>>;
  /** The tutorial's model on all stocks at once; absent when there is one stock only. */
  readonly together: Running<TutorialRun> | undefined;
  /** The training on returns, a run for each of some seeds. */
  readonly returns: Running<ReturnsRun>;
}

export type StockSection = (story: StockStory) => Section;

/** Waits for jobs with a bar on the page. */
export async function resultsOf<T>(running: Running<T>, { page, label }: { page: Page; label: string }): Promise<readonly T[]> {
  const bar = page.progress(label, 100);
  try {
    return await running.results((share) => bar.update(Math.round(share * 100)));
  } finally {
    bar.stop();
  }
}
