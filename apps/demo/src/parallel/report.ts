/** Tells the share of a job that is done, 0 to 1. */
export type Report = (share: number) => void;

/** What a job gets beside its input. */
export interface JobContext {
  readonly report: Report;
  /** A folder for the checkpoints of its training; undefined: none are kept. */
  readonly backup: string | undefined;
}
