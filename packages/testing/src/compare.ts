/** Anything that holds numbers in row-major order: a number, nested lists, a typed array, an NdArray or a tensor. */
export type Values = number | boolean | ArrayLike<number> | readonly Values[] | ValuesWithShape | ReadableTensor;

interface ValuesWithShape {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

interface ReadableTensor {
  readonly shape: readonly number[];
  dataSync(): ArrayLike<number>;
}

/** An element agrees when |received − expected| ≤ absolute + relative · |expected|. */
export interface Tolerance {
  /** Default 1e-6. */
  readonly absolute?: number;
  /** Default 1e-5. */
  readonly relative?: number;
}

export interface Comparison {
  readonly close: boolean;
  /** Names the worst element: its index, both values, both errors and the tolerance. */
  readonly report: string;
}

/**
 * Compares numbers element by element; of two shapes that are both known, they must be equal too.
 *
 * A number, a flat list and a typed array have no shape, only a length. NaN agrees with NaN, an infinity with itself.
 */
export function compare(received: Values, expected: Values, tolerance: Tolerance = {}): Comparison {
  const { absolute = 1e-6, relative = 1e-5 } = tolerance;
  const a = flatten(received);
  const b = flatten(expected);
  if (a.shape !== undefined && b.shape !== undefined && a.shape.join() !== b.shape.join()) {
    return { close: false, report: `Shapes differ: expected [${b.shape}], received [${a.shape}].` };
  }
  if (a.data.length !== b.data.length) {
    return { close: false, report: `Lengths differ: expected ${b.data.length} elements, received ${a.data.length}.` };
  }
  let worst = -1;
  let worstExcess = -1;
  let failures = 0;
  for (let k = 0; k < b.data.length; k++) {
    const excess = excessOver(a.data[k] as number, b.data[k] as number, { absolute, relative });
    if (excess > 1) failures++;
    if (excess > worstExcess) {
      worst = k;
      worstExcess = excess;
    }
  }
  if (worst < 0) return { close: true, report: 'Nothing to compare: both are empty.' };
  const shape = a.shape ?? b.shape ?? [b.data.length];
  const e = b.data[worst] as number;
  const r = a.data[worst] as number;
  const difference = Math.abs(r - e);
  return {
    close: failures === 0,
    report: [
      `${failures} of ${b.data.length} elements differ by more than the tolerance; the worst:`,
      `  index:    [${position(worst, shape)}] of [${shape}]`,
      `  expected: ${e}`,
      `  received: ${r}`,
      `  error:    ${difference.toExponential(3)} absolute, ${(difference / Math.abs(e)).toExponential(3)} relative`,
      `  allowed:  ${absolute} + ${relative} · |expected| = ${(absolute + relative * Math.abs(e)).toExponential(3)}`,
    ].join('\n'),
  };
}

/** The error as a multiple of what is allowed. */
function excessOver(received: number, expected: number, { absolute, relative }: Required<Tolerance>): number {
  if (Object.is(received, expected) || received === expected) return 0;
  const difference = Math.abs(received - expected);
  if (!Number.isFinite(difference)) return Number.POSITIVE_INFINITY;
  return difference / (absolute + relative * Math.abs(expected));
}

function position(flat: number, shape: readonly number[]): string {
  const index: number[] = [];
  let rest = flat;
  for (const size of shape.toReversed()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return index.join(', ');
}

function flatten(values: Values): { readonly data: ArrayLike<number>; readonly shape: readonly number[] | undefined } {
  if (typeof values === 'number' || typeof values === 'boolean') return { data: [Number(values)], shape: undefined };
  if ('dataSync' in values) return { data: values.dataSync(), shape: values.shape };
  if ('shape' in values) return { data: values.data, shape: values.shape };
  if (!Array.isArray(values)) return { data: values as ArrayLike<number>, shape: undefined };
  if (!values.some((value) => typeof value === 'object')) return { data: values.map(Number), shape: undefined };
  const parts = values.map(flatten);
  const inner = parts.map((part) => part.shape ?? [part.data.length]);
  if (inner.some((shape) => shape.join() !== inner[0]?.join())) throw new TypeError('Ragged lists cannot be compared.');
  return { data: parts.flatMap((part) => Array.from(part.data)), shape: [values.length, ...(inner[0] as readonly number[])] };
}
