import { checkOptions } from '@cellstate/core';
import type { TextFile } from '../node/text-file.ts';
import type { Callback, Logs, Run } from './callback.ts';

export interface CsvLoggerOptions {
  /** Default `','`. */
  readonly separator?: string;
  /** Go on at the end of a file that is there; its header is not repeated. Default false: start it anew. */
  readonly append?: boolean;
}

/**
 * Writes the logs of every epoch to a CSV file, a line each: `epoch` (from 0), then the keys of the first epoch in order, and
 * if that had no validation a `val_` twin of each; what an epoch lacks is `NA`. Lines end in CR LF. Node only. Keras' `CSVLogger`.
 *
 * @throws CellstateError `UNKNOWN_OPTION`; in training `NODE_ONLY` in a browser.
 *
 * @example
 * ```ts
 * import { csvLogger } from '@cellstate/trainers';
 *
 * const callbacks = [csvLogger('training.csv')];
 * ```
 */
export function csvLogger(file: string, options: CsvLoggerOptions = {}): Callback {
  checkOptions(options, ['separator', 'append'], 'csvLogger');
  const { separator = ',', append = false } = options;
  let output: TextFile | null = null;
  let columns: readonly string[] | null = null;
  let needsHeader = true;
  let run: Run | undefined;

  const line = (cells: readonly string[]) => `${cells.map((cell) => quoted(cell, separator)).join(separator)}\r\n`;

  return {
    memory: {
      name: 'csvLogger',
      save: () => ({ size: output?.size ?? 0, columns, needsHeader }),
      // Epochs that were logged after the checkpoint come again.
      restore(saved) {
        const { size } = saved as { size: number };
        ({ columns, needsHeader } = saved as { columns: readonly string[] | null; needsHeader: boolean });
        output?.truncate(size);
      },
    },
    setRun(given) {
      run = given;
    },
    async onTrainBegin() {
      const { openTextFile } = await import('#text-file');
      output = openTextFile(file, { append: append || run?.resumed !== null });
      needsHeader = output.isEmpty;
      columns = null;
    },
    onEpochEnd(epoch, logs) {
      if (columns === null) {
        columns = columnsOf(logs);
        if (needsHeader) output?.write(line(['epoch', ...columns]));
      }
      output?.write(line([String(epoch), ...columns.map((name) => (logs[name] === undefined ? 'NA' : String(logs[name])))]));
    },
  };
}

function columnsOf(logs: Logs): readonly string[] {
  const keys = Object.keys(logs).sort();
  return keys.some((key) => key.startsWith('val_')) ? keys : [...keys, ...keys.map((key) => `val_${key}`)];
}

function quoted(cell: string, separator: string): string {
  return cell.includes(separator) || cell.includes('"') ? `"${cell.replaceAll('"', '""')}"` : cell;
}
