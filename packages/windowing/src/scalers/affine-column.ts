import type { ColumnTransform } from './column-transform.ts';

/** `(value - shift) / scale`; `low` and `high` are the least and greatest value it was fitted on. */
export function affineColumn(numbers: {
  readonly shift: number;
  readonly scale: number;
  readonly low: number;
  readonly high: number;
}): ColumnTransform {
  const { shift, scale } = numbers;
  return {
    context: 0,
    forward: () => (value) => (value - shift) / scale,
    inverse: () => (value) => value * scale + shift,
    toJSON: () => ({ kind: 'affine', ...numbers }),
  };
}
