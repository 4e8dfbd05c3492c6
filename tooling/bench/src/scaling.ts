import type { ContestantChild } from './contestant-child.ts';
import type { Entry } from './entries.ts';
import { measure, type Protocol } from './measure.ts';
import { type Task, task } from './task.ts';

/** Time against one size, the others held. */
export interface Curve {
  readonly axis: 'batch' | 'time' | 'units';
  readonly title: string;
  readonly tasks: readonly Task[];
}

/** Training of LSTM(U) → Dense(1), from [32, 50, 2] and 32 units in each direction. */
export const CURVES: readonly Curve[] = [
  {
    axis: 'time',
    title: 'Time against T (B 32, F 2, U 32)',
    tasks: [25, 50, 100, 200, 400].map((time) => task([32, time, 2, 32], {})),
  },
  {
    axis: 'batch',
    title: 'Time against B (T 50, F 2, U 32)',
    tasks: [8, 16, 32, 64, 128, 256].map((batch) => task([batch, 50, 2, 32], {})),
  },
  {
    axis: 'units',
    title: 'Time against U (B 32, T 50, F 2)',
    tasks: [16, 32, 64, 128, 256].map((units) => task([32, 50, 2, units], {})),
  },
];

/** Contestants of the curves: one of each kind. */
export const CURVE_ENTRIES: readonly string[] = ['cellstate', 'tfjs-layers-wasm', 'keras', 'pytorch'];

/** Milliseconds of a step, one row a contestant, one column a task of the curve. */
export interface MeasuredCurve {
  readonly curve: Curve;
  readonly rows: readonly { readonly entry: Entry; readonly steps: readonly number[] }[];
}

/** Measures one curve, task by task, the contestants in turns. */
export async function measureCurve(
  curve: Curve,
  { children, protocol, onTask }: { children: readonly ContestantChild[]; protocol: Protocol; onTask(task: Task): void },
): Promise<MeasuredCurve> {
  const steps = new Map<Entry, number[]>(children.map(({ entry }) => [entry, []]));
  for (const point of curve.tasks) {
    onTask(point);
    for (const { entry, step } of await measure(children, { task: point, protocol, onTurn: () => {} })) steps.get(entry)?.push(step);
  }
  return { curve, rows: [...steps].map(([entry, times]) => ({ entry, steps: times })) };
}
