import { CellstateError, checkOptions } from '@cellstate/core';
import { checkNumber } from '../check-number.ts';
import { readValues } from '../data/read-tensor.ts';
import type { EventFile } from '../node/event-file.ts';
import type { Callback, Logs, Run } from './callback.ts';
import { histogram, type SummaryValue, scalar } from './summary-value.ts';

export interface TensorBoardOptions {
  /** `'epoch'` (default): values of epochs alone; `'batch'` or a number n: those of every batch, or every n-th, too. */
  readonly updateFreq?: 'epoch' | 'batch' | number;
  /** Every so many epochs, how each parameter's values are spread. Default 0: never. */
  readonly histogramFreq?: number;
  /** Log the steps taken in a second, of each epoch, and of the batches written. Default false. */
  readonly writeStepsPerSecond?: boolean;
}

type Folder = 'train' | 'validation';

/**
 * Writes what TensorBoard shows: event files in `<folder>/train` and `<folder>/validation`. Node only. Keras' `TensorBoard`.
 *
 * | tag | step | file |
 * |---|---|---|
 * | `epoch_<name>` for every log, `epoch_learning_rate`, `epoch_steps_per_second` | epoch, from 0 | train; `val_` logs without `val_` in validation |
 * | `batch_<name>`, `batch_steps_per_second` | steps taken | train |
 * | `evaluation_<name>_vs_iterations` | steps taken | validation |
 * | `<path of a parameter>/histogram` | epoch | train |
 *
 * A resumed run cuts off what was logged after the checkpoint and goes on in the same files. Graphs, images, profiles and embeddings
 * are not written.
 *
 * @param folder default `'logs'`.
 * @throws CellstateError `UNKNOWN_OPTION`, `INVALID_OPTION`; in training `NODE_ONLY` in a browser.
 *
 * @example
 * ```ts
 * import { tensorBoard } from '@cellstate/trainers';
 *
 * const callbacks = [tensorBoard('logs/run-1', { histogramFreq: 5 })];
 * ```
 */
export function tensorBoard(folder = 'logs', options: TensorBoardOptions = {}): Callback {
  const where = 'tensorBoard';
  checkOptions(options, ['updateFreq', 'histogramFreq', 'writeStepsPerSecond'], where);
  const { updateFreq = 'epoch', histogramFreq = 0, writeStepsPerSecond = false } = options;
  checkNumber(histogramFreq, { where, option: 'histogramFreq', from: 0 });
  const every = batchesBetween(updateFreq, where);
  // Named when training begins, made when something is written: a checkpoint names those that come into being after it, too.
  let files: Readonly<Record<Folder, EventFile>> | undefined;
  let open: ((folder: string, name?: string) => EventFile) | undefined;
  let run: Run | undefined;
  let epochStarted = { time: 0, steps: 0 };
  let batchStarted = 0;

  function write(name: Folder, values: readonly SummaryValue[], step: number): void {
    if (values.length === 0) return;
    (files as NonNullable<typeof files>)[name].write(values, step);
  }

  function openBoth(names: { readonly train?: string; readonly validation?: string }): Readonly<Record<Folder, EventFile>> {
    const openOne = (name: Folder) => (open as NonNullable<typeof open>)(`${folder}/${name}`, names[name]);
    return { train: openOne('train'), validation: openOne('validation') };
  }

  return {
    memory: {
      name: where,
      save() {
        const { train, validation } = files as NonNullable<typeof files>;
        return { names: { train: train.name, validation: validation.name }, sizes: { train: train.size, validation: validation.size } };
      },
      restore(saved) {
        const { names, sizes } = saved as { names: Record<Folder, string>; sizes: Record<Folder, number> };
        files = openBoth(names);
        files.train.truncate(sizes.train);
        files.validation.truncate(sizes.validation);
      },
    },
    setRun(given) {
      run = given;
    },
    async onTrainBegin() {
      ({ openEventFile: open } = await import('#event-file'));
      files = openBoth({});
      startEpoch();
    },
    onEpochBegin: startEpoch,
    onBatchBegin() {
      batchStarted = performance.now();
    },
    onBatchEnd(_batch, logs) {
      const { stepsTaken } = run as Run;
      if (every === null || stepsTaken % every !== 0) return;
      const values = Object.entries(logs).map(([name, value]) => scalar(`batch_${name}`, value));
      if (writeStepsPerSecond) values.push(scalar('batch_steps_per_second', 1000 / (performance.now() - batchStarted)));
      write('train', values, stepsTaken);
    },
    onTestEnd(logs) {
      const values = Object.entries(logs).map(([name, value]) => scalar(`evaluation_${name}_vs_iterations`, value));
      write('validation', values, (run as Run).stepsTaken);
    },
    async onEpochEnd(epoch, logs) {
      const { training, validation } = epochValues(logs);
      training.push(scalar('epoch_learning_rate', (run as Run).learningRate));
      if (writeStepsPerSecond) {
        const seconds = (performance.now() - epochStarted.time) / 1000;
        training.push(scalar('epoch_steps_per_second', ((run as Run).stepsTaken - epochStarted.steps) / seconds));
      }
      if (histogramFreq > 0 && epoch % histogramFreq === 0) training.push(...(await histograms(run as Run)));
      write('train', training, epoch);
      write('validation', validation, epoch);
    },
  };

  function startEpoch(): void {
    epochStarted = { time: performance.now(), steps: (run as Run).stepsTaken };
  }
}

function batchesBetween(frequency: 'epoch' | 'batch' | number, where: string): number | null {
  if (frequency === 'epoch') return null;
  if (frequency === 'batch') return 1;
  if (Number.isInteger(frequency) && frequency >= 1) return frequency;
  throw new CellstateError('INVALID_OPTION', "Option 'updateFreq' cannot be used.", {
    expected: "'epoch', 'batch', or a positive number of batches",
    received: String(frequency),
    where,
  });
}

/** The rate, which other callbacks may have put into the logs, has a tag of its own. */
function epochValues(logs: Logs): { training: SummaryValue[]; validation: SummaryValue[] } {
  const named = Object.entries(logs).filter(([name]) => name !== 'learningRate');
  const isValidation = ([name]: readonly [string, number]) => name.startsWith('val_');
  return {
    training: named.filter((entry) => !isValidation(entry)).map(([name, value]) => scalar(`epoch_${name}`, value)),
    validation: named.filter(isValidation).map(([name, value]) => scalar(`epoch_${name.slice('val_'.length)}`, value)),
  };
}

async function histograms({ model: { parameters } }: Run): Promise<SummaryValue[]> {
  const values = await readValues(parameters.map(({ variable }) => variable));
  return parameters.map(({ path }, i) => histogram(`${path}/histogram`, values[i] as Float32Array));
}
