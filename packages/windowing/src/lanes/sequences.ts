import { CellstateError, isNdArray, type NdArray, ndarray } from '@cellstate/core';
import { featureIndices, isSeries, type SeriesInput, toSeries } from '../series/series.ts';
import { type TypedRows, typedRows, zerosLike } from '../series/typed-rows.ts';

/** One sequence: a series, numbers, rows of numbers, or an array `[steps, …]`. */
export type SequenceInput = SeriesInput;

/** A sequence with targets of its own, one for each step. */
export interface SequencePair {
  readonly x: SequenceInput;
  readonly y: SequenceInput;
}

/** What is predicted: nothing, the next step of every feature, or the next step of these features. */
export type LaneTargets = 'none' | 'next' | readonly (string | number)[];

/** A sequence made ready for lanes: `steps` of input `x` and, when there are targets, of `y`. */
export interface Sequence {
  readonly steps: number;
  readonly x: TypedRows;
  readonly y: TypedRows | undefined;
}

/** Whether `value` has the form `{ x, y }`. */
export function isPair<Part>(value: unknown): value is { readonly x: Part; readonly y: Part } {
  return (
    typeof value === 'object' && value !== null && !isNdArray(value) && 'x' in value && 'y' in value && Object.keys(value).length === 2
  );
}

/**
 * Reads one sequence and lays its targets beside it.
 *
 * Integer arrays `[steps]` (token ids) keep their kind of number and get no feature axis; all else becomes `[steps, features]`.
 *
 * @throws CellstateError `LENGTHS_DIFFER` when x and y differ in steps, `CONTRADICTORY_OPTIONS` when a pair meets `targets`.
 */
export function toSequence(
  input: SequenceInput | SequencePair,
  { targets, where }: { readonly targets: LaneTargets; readonly where: string },
): Sequence {
  if (isPair<SequenceInput>(input)) {
    if (targets !== 'none') throw pairWithTargets(where);
    const x = rowsOf(input.x, `${where}, x`);
    const y = rowsOf(input.y, `${where}, y`);
    if (x.steps === y.steps) return { steps: x.steps, x, y };
    throw new CellstateError('LENGTHS_DIFFER', 'x and y of a sequence must have as many steps.', {
      expected: `${x.steps} steps of y`,
      received: `${y.steps}`,
      where,
    });
  }
  const x = rowsOf(input as SequenceInput, where);
  if (targets === 'none') return { steps: x.steps, x, y: undefined };
  const steps = Math.max(0, x.steps - 1);
  const next = { ...x, steps, data: x.data.subarray(Math.min(x.width, x.data.length)) };
  return { steps, x: { ...x, steps }, y: targets === 'next' ? next : pick(next, { input, targets, where }) };
}

/** The error of explicit targets beside an option that asks for others. */
export function pairWithTargets(where: string): CellstateError {
  return new CellstateError('CONTRADICTORY_OPTIONS', 'These sequences bring their own targets.', {
    expected: 'pairs { x, y } without the option targets, or sequences with it',
    received: 'pairs { x, y } and targets',
    where,
  });
}

/** The parts of an array `[N, steps, …]`, one for each sequence. */
export function splitFirstAxis(array: NdArray): NdArray[] {
  const [count = 0, ...rest] = array.shape;
  const length = count === 0 ? 0 : array.data.length / count;
  return Array.from({ length: count }, (_, index) => ndarray(array.data.subarray(index * length, (index + 1) * length), rest));
}

function rowsOf(input: SequenceInput, where: string): TypedRows {
  if (isNdArray(input) && !isSeries(input)) {
    const integers = !(input.data instanceof Float32Array);
    if (integers || input.shape.length > 2) return typedRows(input, where);
  }
  if (input instanceof Int32Array || input instanceof Uint8Array) return typedRows(input, where);
  const { values, steps, features } = toSeries(input, { where });
  return { data: values, steps, tail: [features], width: features };
}

function pick(
  rows: TypedRows,
  {
    input,
    targets,
    where,
  }: { readonly input: SequenceInput | SequencePair; readonly targets: readonly (string | number)[]; readonly where: string },
): TypedRows {
  const names = isSeries(input) ? input.names : Array.from({ length: rows.width }, (_, index) => `feature ${index + 1}`);
  const chosen = featureIndices(targets, names, `${where}, targets`);
  const data = zerosLike(rows.data, rows.steps * chosen.length);
  for (let step = 0; step < rows.steps; step++) {
    for (const [slot, feature] of chosen.entries()) data[step * chosen.length + slot] = rows.data[step * rows.width + feature] as number;
  }
  return { data, steps: rows.steps, tail: [chosen.length], width: chosen.length };
}
