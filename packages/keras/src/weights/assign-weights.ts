import { ndarray } from '@cellstate/core';
import type { BuiltParameter, Model } from '@cellstate/layers';

/** The values of each parameter, as they will be. */
export type LoadedValues = Map<BuiltParameter['variable'], Float32Array>;

/** Gives a model new values: all of them, after all were found. */
export function assignWeights(model: Model<unknown>, values: LoadedValues): void {
  model.setWeights(model.parameters.map(({ variable }) => ndarray(values.get(variable) as Float32Array, variable.shape)));
}
