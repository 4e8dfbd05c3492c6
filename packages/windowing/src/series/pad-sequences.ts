import { CellstateError, checkOptions, describe, isNdArray, type NdArray, ndarray, size } from '@cellstate/core';
import { wholeNumber } from '../whole-number.ts';
import { type ArrayInput, type TypedRows, typedRows } from './typed-rows.ts';

/** Options of `padSequences`, as Keras'. */
export interface PadOptions {
  /** Steps of the result; default those of the longest sequence. */
  readonly maxLength?: number | null;
  /** Which end is filled up; default 'pre', the beginning. */
  readonly padding?: 'pre' | 'post';
  /** Which end of a longer sequence is cut off; default 'pre': the last `maxLength` steps stay. */
  readonly truncating?: 'pre' | 'post';
  /** What fills; default 0. */
  readonly value?: number;
  /** Kind of number of the result; default 'int32', as in Keras. Fractions need 'float32'. */
  readonly dtype?: 'int32' | 'float32';
}

const where = 'padSequences';

/**
 * Makes sequences equally long, `[sequences, maxLength, …]`, by Keras' `pad_sequences`.
 *
 * 1; 2 3; 4 5 6 become 0 0 1; 0 2 3; 4 5 6. With `maxLength: 2` they become 0 1; 2 3; 5 6, with `truncating: 'post'`
 * 0 1; 2 3; 4 5. Padding is read as data unless a mask tells: see `masking`, or use `lanes`, which counts real steps.
 *
 * @throws CellstateError `SHAPE_MISMATCH` when rows differ in shape, `NOT_A_WHOLE_NUMBER` for a fraction in an int32
 * result (Keras cuts it off in silence), `INVALID_OPTION`, `UNKNOWN_OPTION`.
 *
 * @example
 * ```ts
 * import { padSequences } from '@cellstate/windowing';
 *
 * padSequences([[1], [2, 3], [4, 5, 6]]).toNested(); // → [[0, 0, 1], [0, 2, 3], [4, 5, 6]]
 * padSequences([[1.5], [2, 3]], { padding: 'post', value: -1, dtype: 'float32' }).toNested(); // → [[1.5, -1], [2, 3]]
 * ```
 */
export function padSequences(sequences: readonly ArrayInput[], options: PadOptions = {}): NdArray {
  checkOptions(options, ['maxLength', 'padding', 'truncating', 'value', 'dtype'], where);
  const { padding = 'pre', truncating = 'pre', value = 0, dtype = 'int32' } = options;
  oneOf(padding, ['pre', 'post'], 'padding');
  oneOf(truncating, ['pre', 'post'], 'truncating');
  oneOf(dtype, ['int32', 'float32'], 'dtype');
  const read = sequences.map((sequence, index) => readSequence(sequence, index));
  const tail = read.find((sequence) => sequence.steps > 0)?.tail ?? [];
  for (const [index, sequence] of read.entries()) {
    if (sequence.steps === 0 || describe(sequence.tail) === describe(tail)) continue;
    throw new CellstateError('SHAPE_MISMATCH', 'All rows of all sequences must have one shape.', {
      expected: describe(tail),
      received: describe(sequence.tail),
      where: `${where}, sequence ${index}`,
    });
  }
  const longest = read.reduce((most, sequence) => Math.max(most, sequence.steps), 0);
  const steps =
    options.maxLength === undefined || options.maxLength === null ? longest : wholeNumber(options.maxLength, 0, `${where}, maxLength`);
  const width = size(tail);
  const length = read.length * steps * width;
  const data = dtype === 'int32' ? new Int32Array(length) : new Float32Array(length);
  const whole = (number: number, at: string): number => {
    if (dtype === 'float32' || Number.isInteger(number)) return number;
    throw new CellstateError('NOT_A_WHOLE_NUMBER', 'An int32 array cannot hold this number.', {
      expected: 'a whole number',
      received: String(number),
      where: `${where}, ${at}`,
      hint: "Keras would cut it off. Pass dtype: 'float32' to keep it.",
    });
  };
  data.fill(whole(value, 'value'));
  for (const [index, sequence] of read.entries()) {
    const kept = Math.min(steps, sequence.steps);
    const from = truncating === 'pre' ? sequence.steps - kept : 0;
    const to = index * steps + (padding === 'pre' ? steps - kept : 0);
    for (let i = 0; i < kept * width; i++) data[to * width + i] = whole(sequence.data[from * width + i] as number, `sequence ${index}`);
  }
  return ndarray(data, [read.length, steps, ...tail]);
}

function readSequence(sequence: ArrayInput, index: number): TypedRows {
  if (Array.isArray(sequence) || isNdArray(sequence) || ArrayBuffer.isView(sequence))
    return typedRows(sequence, `${where}, sequence ${index}`);
  throw new CellstateError('INVALID_ARRAY', 'Every sequence must be an array.', {
    expected: 'a list of arrays',
    received: String(sequence),
    where: `${where}, sequence ${index}`,
  });
}

function oneOf(value: string, allowed: readonly string[], option: string): void {
  if (allowed.includes(value)) return;
  throw new CellstateError('INVALID_OPTION', `Unknown ${option}.`, {
    expected: allowed.map((word) => `'${word}'`).join(' or '),
    received: String(value),
    where: `${where}, ${option}`,
  });
}
