import type { DemoOptions } from '../demo-options.ts';
import type { Section } from '../example/example.ts';
import type { Page } from '../example/page.ts';
import type { Running } from '../parallel/jobs.ts';
import type { ForecastOutcome } from './forecast-seed.ts';
import type { LeakOutcome } from './leak-seed.ts';
import type { TankData } from './tank-data.ts';
import type { WindowsOutcome } from './windows-seed.ts';

/** What every section of the tanks can use. */
export interface TankStory {
  readonly data: TankData;
  readonly options: DemoOptions;
  /** Forecasters of several seeds, under way since the start; the first one's readings are `data`. */
  readonly forecasters: Running<ForecastOutcome>;
}

/** What only simulated tanks have. */
export interface SimulatedStory extends TankStory {
  /** Two layers on the readings of the first forecaster. */
  readonly stacked: Running<ForecastOutcome>;
  /** Windows of five hours on the same readings. */
  readonly windows: Running<WindowsOutcome>;
  readonly leakHunts: Running<LeakOutcome>;
}

export type TankSection<Story extends TankStory = TankStory> = (story: Story) => Section;

/** Shows a bar on the page while `work` runs; it gets a function that tells the epochs done and the loss. */
export async function withProgress<T>(
  page: Page,
  label: string,
  total: number,
  work: (report: (done: number, loss: number) => void) => Promise<T>,
): Promise<T> {
  const bar = page.progress(label, total);
  try {
    return await work((done, loss) => bar.update(done, `loss ${loss.toPrecision(3)}`));
  } finally {
    bar.stop();
  }
}

/** Waits for jobs with a bar on the page. */
export async function awaitJobs<Output>(page: Page, label: string, running: Running<Output>): Promise<readonly Output[]> {
  const bar = page.progress(label, 100);
  try {
    return await running.results((share) => bar.update(Math.floor(share * 100)));
  } finally {
    bar.stop();
  }
}
