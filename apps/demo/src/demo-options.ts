/** What the command line asks for. */
export interface DemoOptions {
  /** Where all randomness of the run comes from. */
  readonly seed: number;
  /** Epochs of every training; absent: each section's own number. */
  readonly epochs: number | undefined;
  /** The folder that gets a folder for each example. */
  readonly out: string;
  /** The same sections and checks with fewer epochs. */
  readonly quick: boolean;
  /** Goes on with the run that was interrupted. */
  readonly resume: boolean;
  /** The reader's own data instead of the example's. */
  readonly data: OwnData | undefined;
}

/** A CSV file and the columns to read from it. */
export interface OwnData {
  readonly file: string;
  /** The column that names the series a row belongs to; absent: the file is one series. */
  readonly series: string | undefined;
  /** The column of times; absent: rows are numbered from 0. */
  readonly time: string | undefined;
  /** The columns of numbers; absent: all that are left. */
  readonly features: readonly string[] | undefined;
}
