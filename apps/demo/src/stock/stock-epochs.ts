import type { DemoOptions } from '../demo-options.ts';

/** Epochs of the example's trainings. */
export interface StockEpochs {
  /** Of the tutorial's own training. */
  readonly tutorial: number;
  /** Of each of its repetitions over many seeds. */
  readonly repeated: number;
  /** The most of the training on returns, which stops by itself. */
  readonly returns: number;
}

const FULL: StockEpochs = { tutorial: 100, repeated: 50, returns: 60 };
const QUICK: StockEpochs = { tutorial: 10, repeated: 2, returns: 12 };

/** What was asked for, else the example's own numbers, fewer under `--quick`. */
export function stockEpochs({ epochs, quick }: Pick<DemoOptions, 'epochs' | 'quick'>): StockEpochs {
  if (epochs !== undefined) return { tutorial: epochs, repeated: epochs, returns: epochs };
  return quick ? QUICK : FULL;
}
