import { checkOptions } from '@cellstate/core';
import type { TerminalBar } from '../node/terminal-bar.ts';
import { printLine } from '../print.ts';
import { type Callback, type Logs, PROGRESS_BAR, type Run } from './callback.ts';
import { formatDuration, formatValues } from './format-logs.ts';

/**
 * Shows how far training is: with `verbose: 1` one bar for the whole run on a terminal (nothing where there is none, such as
 * in a pipe or a browser), with `verbose: 2` one line an epoch. `fit` adds one by itself unless `verbose` is 0.
 *
 * @param options none so far.
 * @throws CellstateError `UNKNOWN_OPTION`.
 *
 * @example
 * ```ts
 * import { progressBar } from '@cellstate/trainers';
 *
 * const callbacks = [progressBar()];
 * ```
 */
export function progressBar(options: Readonly<Record<string, never>> = {}): Callback {
  checkOptions(options, [], 'progressBar');
  let run: Run | undefined;
  let bar: TerminalBar | null = null;
  let epochStarted = 0;
  let steps = 0;
  let epoch = 0;

  const epochsDone = () => epoch - (run as Run).initialEpoch;
  const label = () => `Epoch ${epoch + 1}/${(run as Run).epochs}`;

  return {
    [PROGRESS_BAR]: true,
    setRun(given) {
      run = given;
    },
    async onTrainBegin() {
      const { epochs, initialEpoch, resumed, verbose } = run as Run;
      epoch = resumed?.epoch ?? initialEpoch;
      epochStarted = performance.now();
      if (verbose !== 1 || epochs <= initialEpoch) return;
      const { terminalBar } = await import('#terminal-bar');
      bar = terminalBar();
      bar?.start(epochs - initialEpoch, label());
    },
    onEpochBegin(current) {
      epoch = current;
      steps = 0;
      epochStarted = performance.now();
    },
    onBatchEnd(batch, logs) {
      steps = batch + 1;
      const { steps: total } = run as Run;
      if (bar !== null && total !== null) bar.update(epochsDone() + steps / total, { label: label(), values: logs });
    },
    onEpochEnd(_epoch, logs) {
      bar?.update(epochsDone() + 1, { label: label(), values: logs });
      if (run?.verbose === 2) printLine(epochLine(logs));
    },
    onTrainEnd() {
      bar?.stop();
      bar = null;
    },
    onTrainError() {
      bar?.stop();
      bar = null;
    },
  };

  function epochLine(logs: Logs): string {
    const seconds = (performance.now() - epochStarted) / 1000;
    const each = steps === 0 ? '' : ` - ${formatDuration(seconds / steps)}/step`;
    return `${label()} - ${Math.round(seconds)}s${each} - ${formatValues(logs).join(' - ')}`;
  }
}

/** Whether a callback shows progress, so that `fit` need not add another. */
export function isProgressBar(callback: Callback): boolean {
  return callback[PROGRESS_BAR] === true;
}
