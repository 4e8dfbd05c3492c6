import { cpus } from 'node:os';
import type { Comparison } from './compare.ts';

const HEADINGS = ['B', 'T', 'F', 'U', 'tfjs-layers', 'cellstate', 'faster', 'rounds', 'losses'];
const WIDTHS = [4, 4, 3, 5, 14, 13, 9, 13, 10];

/** The lines above the table: what is measured, on what. */
export function heading(names: readonly string[]): string {
  const processors = cpus();
  return [
    'One training step: forward, MSE, backward, Adam. LSTM(U) → Dense(1) on [B, T, F].',
    `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown processor'}, Node ${process.versions.node}, one thread each`,
    ...names.map((name, i) => `${i === 0 ? 'A' : 'B'}: ${name}`),
    '',
    row(HEADINGS),
    '─'.repeat(WIDTHS.reduce((sum, width) => sum + width, 0)),
  ].join('\n');
}

/** One line of the table: median milliseconds of each, their ratio, its range over the rounds, the largest loss difference. */
export function line({ problem, theirs, ours, ratio, lossDifference }: Comparison): string {
  const { batch, time, features, units } = problem;
  return row([
    ...[batch, time, features, units].map(String),
    `${theirs.toPrecision(3)} ms`,
    `${ours.toPrecision(3)} ms`,
    `${ratio.median.toFixed(1)} ×`,
    `${ratio.least.toFixed(1)}–${ratio.greatest.toFixed(1)}`,
    `± ${lossDifference.toExponential(0)}`,
  ]);
}

function row(cells: readonly string[]): string {
  return cells.map((cell, i) => cell.padStart(WIDTHS[i] ?? 0)).join('');
}
