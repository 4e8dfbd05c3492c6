import type { Problem } from '../problem.ts';

/** A library under measurement. */
export interface Contestant {
  /** Its name and version, and what it runs on. */
  readonly name: string;
  /** Builds the model with the problem's weights; returns one training step, which gives the loss before its update. */
  prepare(problem: Problem): Promise<() => Promise<number>>;
}
