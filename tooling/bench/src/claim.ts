import { digits } from './cells.ts';
import type { TaskResult } from './results.ts';
import { TRAINED_SHAPES } from './task.ts';

const START = '<!-- speed -->';
const END = '<!-- /speed -->';

const PEERS: readonly (readonly [entry: string, name: string])[] = [
  ['tfjs-layers-cpu', "tfjs-layers on TensorFlow.js' `cpu` backend"],
  ['tfjs-layers-wasm', 'tfjs-layers on `wasm`'],
  ['keras', 'Keras on TensorFlow'],
  ['pytorch', 'PyTorch on one thread'],
];

/**
 * A README with the sentence on speed between its marks replaced by what was measured; undefined where the run left out a model or a
 * peer that the sentence is about, or the README has no marks.
 */
export function withClaim(readme: string, { tasks, command }: { tasks: readonly TaskResult[]; command: string }): string | undefined {
  const [start, end] = [readme.indexOf(START), readme.indexOf(END)];
  const ranges = PEERS.map(([entry, name]) => {
    const ratios = TRAINED_SHAPES.map((shape) =>
      ratioIn(
        tasks.find(({ task }) => task === shape),
        entry,
      ),
    );
    if (ratios.some(Number.isNaN)) return undefined;
    return `- ${digits(Math.min(...ratios))} to ${digits(Math.max(...ratios))} times as fast as ${name}`;
  });
  if (start < 0 || end < start || ranges.includes(undefined)) return undefined;
  const units = TRAINED_SHAPES.map((shape) => shape.units);
  const claim = [
    `A training step of an LSTM with ${Math.min(...units)} to ${Math.max(...units)} units, on one thread, is`,
    ...ranges,
    `\n\`${command}\` measured that, and wrote it here and, with all the rest, into [BENCHMARKS.md](BENCHMARKS.md).`,
  ];
  const [before, ...lines] = claim;
  return `${readme.slice(0, start + START.length)}\n${before}\n\n${lines.join('\n')}\n${readme.slice(end)}`;
}

/** Their time divided by ours; NaN where one of both did not take part. */
function ratioIn(result: TaskResult | undefined, entry: string): number {
  const [ours, theirs] = ['cellstate', entry].map((name) => result?.measurements.find((measurement) => measurement.entry.name === name));
  return (theirs?.ratio.median ?? Number.NaN) / (ours?.ratio.median ?? Number.NaN);
}
