import type { DemoOptions } from '../demo-options.ts';
import type { Jobs } from '../parallel/jobs.ts';
import type { Page } from './page.ts';

/** One example of the demo: the tanks, the stocks. */
export interface Example {
  /** Its name on the command line and the folder of its output. */
  readonly name: string;
  /** Reads or makes the data. Bad input throws here, before anything is written. */
  open(options: DemoOptions, jobs: Jobs): Promise<Chapters>;
}

/** What an example shows, in order. */
export interface Chapters {
  readonly title: string;
  /** Two or three sentences below the title of the report. */
  readonly lead: string;
  readonly sections: readonly Section[];
}

/** One step of the story: a few lines in the terminal (at most 12 with its heading), the rest in the report. */
export interface Section {
  /** The anchor in the report and the key in metrics.json. */
  readonly id: string;
  readonly title: string;
  run(page: Page): Promise<void> | void;
}
