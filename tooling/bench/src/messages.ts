import type { Problem } from './problem.ts';

/** What the parent asks of a contestant's process. */
export type Request = { readonly kind: 'prepare'; readonly problem: Problem } | { readonly kind: 'run'; readonly steps: number };

/** What comes back: its name when it has prepared, or the time and loss of every step. */
export type Reply =
  | { readonly kind: 'ready'; readonly name: string }
  | { readonly kind: 'ran'; readonly milliseconds: readonly number[]; readonly losses: readonly number[] };
