import type { Model } from '@cellstate/layers';

/** Where a section writes. Text may hold `code` in backticks and **strong** words. */
export interface Page {
  /** A short paragraph, in the terminal and in the report. */
  say(text: string): void;
  /** A paragraph for the report alone. */
  note(text: string): void;
  /** A table, in the terminal and in the report. */
  table(table: Table, options?: TableOptions): void;
  /** A drawing, in the report. */
  figure(figure: Figure): void;
  /** The same model in Keras and here, with the shapes that go in and come out. */
  pattern(pattern: Pattern): void;
  /** Something computed that has to hold; one that does not makes the exit code 1. */
  check(check: Check): void;
  /** A number (or a list or record of numbers) of this section in metrics.json. */
  metric(name: string, value: Metric): void;
  /** Rows of forecast.csv. */
  forecast(rows: readonly ForecastRow[]): void;
  /** One of the few numbers at the head of the report. */
  headline(headline: Headline): void;
  /** The folder for the checkpoints of the next training of this section; undefined: none are kept. */
  backup(): string | undefined;
  /** Writes a trained model beside the report, as `<name>.keras`. */
  model(name: string, model: Model<unknown>): Promise<void>;
  /** A progress bar, shown while something is trained. */
  progress(label: string, total: number): Progress;
}

export interface TableOptions {
  /** Keeps it out of the terminal. Default false. */
  readonly reportOnly?: boolean;
  /** Rows shown in the terminal at most; the report has all. Default all. */
  readonly terminalRows?: number;
}

export interface Column {
  readonly title: string;
  /** Decimals of the numbers in this column; default 3. */
  readonly digits?: number;
}

export interface Table {
  readonly columns: readonly Column[];
  /** Text is aligned left, numbers right with the column's decimals. */
  readonly rows: readonly (readonly (string | number)[])[];
  readonly caption?: string;
  /** Rows to set off, by index. */
  readonly strong?: readonly number[];
}

/** An SVG drawn for wide and for narrow screens; colours are the report's CSS variables. */
export interface Figure {
  readonly caption: string;
  readonly wide: string;
  readonly narrow: string;
}

export interface Pattern {
  readonly keras: string;
  readonly ours: string;
  readonly input: readonly (number | null)[];
  readonly output: readonly (number | null)[];
}

export interface Check {
  readonly name: string;
  readonly passed: boolean;
  /** The figures it was decided by: `max |difference| 1.2e-7 ≤ 1e-5`. */
  readonly detail: string;
}

export type Metric = number | string | boolean | null | readonly Metric[] | { readonly [name: string]: Metric };

export interface ForecastRow {
  readonly series: string;
  readonly time: string;
  /** Steps after the last reading, from 1. */
  readonly horizon: number;
  readonly feature: string;
  readonly forecast: number;
  readonly naive: number;
}

export interface Headline {
  readonly value: string;
  readonly label: string;
}

export interface Progress {
  /** How much is done, and a word about it: `loss 0.0123`. */
  update(done: number, note?: string): void;
  stop(): void;
}
