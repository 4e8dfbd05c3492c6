import { CellstateError, checkOptions } from '@cellstate/core';
import { wholeNumber } from '../whole-number.ts';

/** How to shuffle windows. */
export interface ShuffleOptions {
  /** Any safe integer; the same seed gives the same order. */
  readonly seed: number;
}

/** How to shuffle windows that arrive one by one. */
export interface BufferedShuffleOptions extends ShuffleOptions {
  /** How many windows wait to be drawn from; default 1024. Larger mixes better and holds more. */
  readonly buffer?: number;
}

/** Checks `{ batchSize, shuffle }`. */
export function windowBatchOptions(
  options: { readonly batchSize?: number; readonly shuffle?: BufferedShuffleOptions },
  { where, buffered }: { readonly where: string; readonly buffered: boolean },
): { readonly batchSize: number; readonly shuffle: { readonly seed: number; readonly buffer: number } | undefined } {
  checkOptions(options, ['batchSize', 'shuffle'], where);
  const batchSize = wholeNumber(options.batchSize ?? 32, 1, `${where}, batchSize`);
  if (options.shuffle === undefined) return { batchSize, shuffle: undefined };
  if (typeof options.shuffle !== 'object' || options.shuffle === null) throw seedRequired(String(options.shuffle), where);
  checkOptions(options.shuffle, buffered ? ['seed', 'buffer'] : ['seed'], `${where}, shuffle`);
  const { seed } = options.shuffle;
  if (!Number.isSafeInteger(seed)) throw seedRequired(String(seed), where);
  return { batchSize, shuffle: { seed, buffer: wholeNumber(options.shuffle.buffer ?? 1024, 1, `${where}, shuffle.buffer`) } };
}

/** The error of a shuffle without a seed. */
export function seedRequired(received: string, where: string): CellstateError {
  return new CellstateError('SEED_REQUIRED', 'Shuffling needs a seed, so that a run can be repeated.', {
    expected: 'a safe integer',
    received,
    where: `${where}, shuffle`,
  });
}
