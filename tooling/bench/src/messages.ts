import type { Task } from './task.ts';

/**
 * What the parent asks of a contestant's process: one JSON object a line on its standard input. The answers come the same
 * way on file descriptor 3, so that whatever a library prints disturbs nobody.
 */
export type Request =
  | { readonly kind: 'prepare'; readonly task: Task }
  | { readonly kind: 'run'; readonly steps: number }
  | { readonly kind: 'memory' };

/** The first answer comes unasked, once the library is loaded: `hello`, or `absent` with the reason. */
export type Reply =
  | { readonly kind: 'hello'; readonly version: string }
  | { readonly kind: 'absent'; readonly why: string }
  | { readonly kind: 'ready' }
  | Ran
  | { readonly kind: 'memory'; readonly peakBytes: number }
  | { readonly kind: 'failed'; readonly message: string };

/** The time of every step, and its value: the loss before the update, the error of a prediction, the output of a stream. */
export interface Ran {
  readonly kind: 'ran';
  readonly milliseconds: readonly number[];
  readonly values: readonly number[];
}
