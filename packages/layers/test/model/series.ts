import { type NdArray, ndarray } from '@cellstate/core';
import { asymmetric } from '@cellstate/testing';

/** Sequences of which no two numbers are alike: `[lanes, steps, features]`. */
export function series(lanes: number, steps: number, features = 2): NdArray {
  return ndarray(asymmetric([lanes, steps, features], 0.3, 0.71), [lanes, steps, features]);
}
