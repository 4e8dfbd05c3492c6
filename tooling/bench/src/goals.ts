import type { Measurement } from './measure.ts';
import { type Task, TRAINED_SHAPES } from './task.ts';

/** How fast one contestant is to be against another in a task; both on one machine, in one run. */
export interface Goal {
  readonly task: string;
  readonly ours: string;
  readonly theirs: string;
  /** Their time divided by ours. */
  readonly least: number;
}

const shapes = TRAINED_SHAPES.map(({ name }) => name);
const [tutorial, small, wide, large] = shapes as [string, string, string, string];

/** The ratios that we hold ourselves to. */
const GOALS: readonly Goal[] = [
  { task: tutorial, ours: 'cellstate-plain', theirs: 'tfjs-layers-cpu', least: 6 },
  { task: small, ours: 'cellstate-plain', theirs: 'tfjs-layers-cpu', least: 15 },
  ...[small, wide, large].map((task) => ({ task, ours: 'cellstate', theirs: 'cellstate-plain', least: 5 })),
  ...against('cellstate', 'tfjs-layers-wasm', [15, 35, 25, 22]),
  ...against('cellstate', 'tfjs-layers-cpu', [12, 150, 120, 80]),
  ...against('cellstate', 'keras', [3, 2, 0.65, 0.45]),
  ...against('cellstate', 'pytorch', [1.5, 0.6, 0.47, 0.45]),
  { task: wide, ours: 'cellstate-2-threads', theirs: 'cellstate', least: 1.6 },
  { task: large, ours: 'cellstate-2-threads', theirs: 'cellstate', least: 1.6 },
  { task: wide, ours: 'cellstate-2-threads', theirs: 'keras', least: 1 },
  { task: large, ours: 'cellstate-2-threads', theirs: 'keras', least: 0.7 },
  { task: small, ours: 'cellstate-node', theirs: 'tfjs-layers-node', least: 35 },
];

function against(ours: string, theirs: string, least: readonly number[]): Goal[] {
  return shapes.map((task, index) => ({ task, ours, theirs, least: least[index] as number }));
}

/** A goal and what was reached. */
export interface Reached extends Goal {
  readonly reached: number;
}

/** The goals whose two contestants both took part. */
export function reachedGoals(results: readonly { task: Task; measurements: readonly Measurement[] }[]): readonly Reached[] {
  return GOALS.flatMap((goal) => {
    const measurements = results.find(({ task }) => task.name === goal.task)?.measurements ?? [];
    const [ours, theirs] = [goal.ours, goal.theirs].map((name) => measurements.find(({ entry }) => entry.name === name));
    return ours === undefined || theirs === undefined ? [] : [{ ...goal, reached: theirs.ratio.median / ours.ratio.median }];
  });
}
