import type { ContestantChild } from './contestant-child.ts';
import type { Measurement } from './measure.ts';
import type { MemoryUse } from './memory.ts';
import type { MeasuredCurve } from './scaling.ts';
import type { Task } from './task.ts';

/** One task and what every contestant did in it, the first being what the others are compared with. */
export interface TaskResult {
  readonly task: Task;
  readonly measurements: readonly Measurement[];
}

/** Everything that one run of the benchmark found out. */
export interface Results {
  readonly command: string;
  readonly machine: string;
  readonly versions: readonly Pick<ContestantChild, 'entry' | 'version'>[];
  readonly tasks: readonly TaskResult[];
  readonly curves: readonly MeasuredCurve[];
  readonly memory: readonly { readonly task: Task; readonly steps: number; readonly uses: readonly MemoryUse[] }[];
}

/** The most that values may differ where the mathematics is the same. */
export const LARGEST_DIFFERENCE = 1e-4;

/** The contestants whose values differ by more than `LARGEST_DIFFERENCE` in some task. */
export function disagreements(tasks: readonly TaskResult[]): readonly string[] {
  return tasks.flatMap(({ task, measurements }) =>
    measurements
      .filter(({ difference }) => difference !== null && difference > LARGEST_DIFFERENCE)
      .map(({ entry, difference }) => `${entry.title}, ${task.name}: ${difference}`),
  );
}
