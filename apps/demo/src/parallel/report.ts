/** Tells the share of a job that is done, 0 to 1. */
export type Report = (share: number) => void;
