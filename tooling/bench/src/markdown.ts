import { digits, duration, measurementCells } from './cells.ts';
import { reachedGoals } from './goals.ts';
import type { Results, TaskResult } from './results.ts';
import { megabytes } from './terminal.ts';

/** The text of BENCHMARKS.md. */
export function markdown({ command, machine, versions, tasks, curves, memory }: Results): string {
  return `${[
    '# Benchmarks',
    `Written by \`${command}\`, not by hand.`,
    `Machine: ${machine}. Contestants: ${versions.map(({ entry, version }) => `${entry.title} (${version})`).join('; ')}.`,
    METHOD,
    ...tasks.flatMap(taskSection),
    ...goalSection(tasks),
    ...curves.flatMap(({ curve, rows }) => [
      `## ${curve.title}`,
      table(
        ['training step', ...curve.tasks.map((task) => String(task[curve.axis]))],
        rows.map(({ entry, steps }) => [entry.title, ...steps.map(duration)]),
      ),
    ]),
    ...memory.flatMap(({ task, steps, uses }) => [
      `## Peak memory: ${task.title}`,
      `Resident memory of a process of its own, at its highest, after loading the library and after ${steps} steps.`,
      table(
        ['', 'loaded', 'peak', 'more'],
        uses.map(({ entry, loaded, peak }) => [entry.title, megabytes(loaded), megabytes(peak), megabytes(peak - loaded)]),
      ),
    ]),
  ].join('\n\n')}\n`;
}

const METHOD = `A training step is forward, mean squared error, backward and Adam on one batch. Every contestant runs in a process of its own;
they take turns (A B C A B C …) after a warm-up, from the same weights on the same data. \`a step\` is the median over all rounds,
\`ratio\` that time divided by the first line's in the same round (median, then least and greatest round): above 1 it is slower
than the first line. \`values\` is the largest difference of losses or outputs from the first line's at the same step; \`other\`
stands where the mathematics is another. Peers run as their users run them; a number of threads is held where it is named,
the cpu and wasm backends of TensorFlow.js and onnxruntime have one, Keras and tfjs-node as many as they like.`;

function taskSection({ task, measurements }: TaskResult): string[] {
  const stream = measurements.find(({ entry }) => entry.name === 'cellstate' && task.work === 'stream');
  return [
    `## ${task.title}`,
    table(
      ['', 'a step', 'ratio', 'rounds', 'values'],
      measurements.map((measurement) => [measurement.entry.title, ...measurementCells(measurement)]),
    ),
    ...(stream === undefined
      ? []
      : [`Cellstate, ${stream.steps} steps: median ${duration(stream.step)}, 99 % within ${duration(stream.slowest)}.`]),
  ];
}

function goalSection(tasks: readonly TaskResult[]): string[] {
  const rows = reachedGoals(tasks).map(({ task, ours, theirs, least, reached }) => [
    `\`${task}\``,
    ours,
    theirs,
    digits(reached),
    digits(least),
    reached >= least ? 'reached' : `${Math.round((100 * reached) / least)} % of it`,
  ]);
  if (rows.length === 0) return [];
  return ['## Goals', 'Their time divided by ours.', table(['task', 'ours', 'theirs', 'ratio', 'goal', ''], rows)];
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(headings), line(headings.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}
