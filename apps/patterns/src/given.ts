import { type NdArray, ndarray, size } from '@cellstate/core';

/** The numbers that both languages start from: series and weights made by formula, so that no file has to carry them. */

/** 0.5 · sin(a + b · k) for the k-th value in row-major order. */
export function wave(shape: readonly number[], a: number, b: number): NdArray {
  return ndarray(
    Float32Array.from({ length: size(shape) }, (_, k) => 0.5 * Math.sin(a + b * k)),
    shape,
  );
}

/** Weights without any symmetry: a swapped gate or a transposed kernel would show. */
export function weightsFor(model: { getWeights(): readonly NdArray[] }): NdArray[] {
  return model.getWeights().map(({ shape }, i) => wave(shape, 0.1 * (i + 1), 0.37 + 0.16 * i));
}

/** `[tanks, steps, features]`: pressure and temperature of each tank, all between -1 and 1. */
export function tanks(count: number, steps: number): NdArray {
  const rows = Array.from({ length: count }, (_, n) =>
    Array.from({ length: steps }, (_, t) => [0.6 * Math.sin(0.5 * t + n) + (0.1 * n) / count, 0.5 * Math.cos(0.26 * t + 0.7 * n)]),
  );
  return ndarray(rows);
}
