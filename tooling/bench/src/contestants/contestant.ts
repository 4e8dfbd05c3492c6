import type { Task } from '../task.ts';

/**
 * One step of a task: gives its value (the loss before the update, the error of a prediction, the output of a stream), or a
 * function that works it out when the clock has stopped.
 */
export type Step = () => number | Promise<number | (() => number)>;

/** A library under measurement. */
export interface Contestant {
  /** Its name and version, and what it runs on. */
  readonly version: string;
  /** Builds the task's model with the weights of `problem.ts`. */
  prepare(task: Task): Promise<Step>;
}
