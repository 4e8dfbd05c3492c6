import { ndarray } from '@cellstate/core';
import type { Model } from '@cellstate/layers';

/** A parameter's values as plain data, which goes from thread to thread. */
export interface PlainWeight {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** What a model has learnt, in Keras' order. */
export function plainWeights(model: Model<unknown>): readonly PlainWeight[] {
  return model.getWeights().map(({ data, shape }) => ({ data: Float32Array.from(data), shape }));
}

/** Gives a model of the same layers what another one has learnt. */
export function setPlainWeights(model: Model<unknown>, weights: readonly PlainWeight[]): void {
  model.setWeights(weights.map(({ data, shape }) => ndarray(data, shape)));
}
