import cliProgress from 'cli-progress';
import { formatDuration, formatValues } from '../callbacks/format-logs.ts';
import type { TerminalBar } from './terminal-bar.ts';

const BAR_WIDTH = 20;

/** A bar on the standard error stream, so that what a program prints stays clean; null when that is no terminal. */
export function terminalBar(): TerminalBar | null {
  if (!process.stderr.isTTY) return null;
  const started = performance.now();
  const bar = new cliProgress.SingleBar({
    stream: process.stderr,
    barsize: BAR_WIDTH,
    hideCursor: true,
    fps: 10,
    format: (_options, { progress }, { label, values }) =>
      barLine({ progress, label, values, seconds: (performance.now() - started) / 1000 }, process.stderr.columns ?? 80),
  });
  return {
    start: (total, label) => bar.start(total, 0, { label, values: {} }),
    update: (done, { label, values }) => bar.update(done, { label, values }),
    stop: () => bar.stop(),
  };
}

/** One line of at most `columns` characters, losses first; values that do not fit are left out. */
export function barLine(
  { progress, label, values, seconds }: { progress: number; label: string; values: Readonly<Record<string, number>>; seconds: number },
  columns: number,
): string {
  const filled = Math.round(Math.min(1, progress) * BAR_WIDTH);
  const bar = `${'━'.repeat(filled)}${'─'.repeat(BAR_WIDTH - filled)}`;
  const time = progress >= 1 || progress <= 0 ? formatDuration(seconds) : `${formatDuration((seconds * (1 - progress)) / progress)} left`;
  let line = `${label} ${bar} ${time}`;
  for (const value of formatValues(lossesFirst(values))) {
    if (line.length + value.length + 4 > columns) break;
    line += ` · ${value}`;
  }
  return line;
}

function lossesFirst(values: Readonly<Record<string, number>>): Record<string, number> {
  const isLoss = ([name]: readonly [string, number]) => (name === 'loss' || name === 'val_loss' ? 0 : 1);
  return Object.fromEntries(Object.entries(values).sort((a, b) => isLoss(a) - isLoss(b)));
}
