import { digits, duration, measurementCells } from './cells.ts';
import { reachedGoals } from './goals.ts';
import type { MemoryUse } from './memory.ts';
import type { TaskResult } from './results.ts';
import type { MeasuredCurve } from './scaling.ts';
import type { Task } from './task.ts';

const WIDTHS = [30, 12, 11, 16, 10];
const RULE = '─'.repeat(WIDTHS.reduce((sum, width) => sum + width, 0));

/** One task's table, 79 columns wide. */
export function taskTable({ task, measurements }: TaskResult): string {
  const stream = measurements.find(({ entry }) => entry.name === 'cellstate' && task.work === 'stream');
  return [
    '',
    task.title,
    row(['', 'a step', 'ratio', 'rounds', 'values']),
    RULE,
    ...measurements.map((measurement) => row([measurement.entry.title, ...measurementCells(measurement)])),
    ...(stream === undefined
      ? []
      : [`cellstate, ${stream.steps} steps: median ${duration(stream.step)}, 99 % within ${duration(stream.slowest)}`]),
  ].join('\n');
}

/** Which goals these results reach; nothing when none of them was measured. */
export function goalTable(results: readonly TaskResult[]): string {
  const reached = reachedGoals(results);
  if (reached.length === 0) return '';
  const lines = reached.map(({ task, ours, theirs, least, reached: ratio }) => {
    const mark = ratio >= least ? 'reached' : ratio >= 0.8 * least ? 'missed' : 'far';
    return `${task.padEnd(18)}${ours.padEnd(20)} ${theirs.padEnd(18)}${digits(ratio).padStart(7)}${digits(least).padStart(7)} ${mark}`;
  });
  const heading = `${'task'.padEnd(18)}${'ours'.padEnd(20)} ${'time of'.padEnd(18)}${'ratio'.padStart(7)}${'goal'.padStart(7)}`;
  return ['', 'Goals: their time divided by ours', heading, RULE, ...lines].join('\n');
}

/** One curve: a row a contestant, a column a size. */
export function curveTable({ curve, rows }: MeasuredCurve): string {
  const sizes = curve.tasks.map((task) => task[curve.axis]);
  const line = (name: string, cells: readonly string[]) => name.padEnd(24) + cells.map((cell) => cell.padStart(9)).join('');
  return [
    '',
    curve.title,
    line('', sizes.map(String)),
    RULE,
    ...rows.map(({ entry, steps }) => line(entry.title.slice(0, 23), steps.map(duration))),
  ].join('\n');
}

/** The most memory of each contestant's process. */
export function memoryTable({ task, steps }: { task: Task; steps: number }, uses: readonly MemoryUse[]): string {
  const line = (cells: readonly string[]) => cells.map((cell, i) => (i === 0 ? cell.padEnd(32) : cell.padStart(14))).join('');
  return [
    '',
    `Peak memory: ${task.title}, ${steps} steps`,
    line(['', 'loaded', 'peak', 'more']),
    RULE,
    ...uses.map(({ entry, loaded, peak }) => line([entry.title, megabytes(loaded), megabytes(peak), megabytes(peak - loaded)])),
  ].join('\n');
}

/** Bytes as whole megabytes. */
export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MB`;
}

function row(cells: readonly string[]): string {
  return cells.map((cell, i) => (i === 0 ? cell.padEnd(WIDTHS[0] as number) : cell.padStart(WIDTHS[i] as number))).join('');
}
