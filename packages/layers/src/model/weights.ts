import { CellstateError, describe, isNdArray, type NdArray, type Nested, ndarray } from '@cellstate/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Parameter, Part } from '../contract.ts';
import { walkParts } from '../graph/part.ts';
import { fromValues, toTensor } from './convert-arrays.ts';

/**
 * Every parameter of the tree once, in Keras' order: a part's own, then its children's, depth first.
 *
 * @param path what the paths begin with; the empty text for a model, whose name is no part of them.
 */
export function parametersOf(root: Part, path: string): readonly Parameter[] {
  const parameters: Parameter[] = [];
  walkParts(root, path, (part, place, trainable) => {
    for (const { spec, variable } of part.built ?? []) {
      parameters.push({
        path: `${place}/${spec.name}`,
        variable,
        trainable: trainable && (spec.trainable ?? true),
        regularizer: spec.regularizer ?? undefined,
        constraint: spec.constraint ?? undefined,
      });
    }
  });
  return parameters;
}

/** The values of parameters as arrays. */
export function readWeights(parameters: readonly Parameter[]): NdArray[] {
  return parameters.map(({ variable }) => fromValues(variable.dataSync().slice(), variable.shape));
}

/** Assigns values to parameters; none is assigned unless all fit. */
export function writeWeights(parameters: readonly Parameter[], weights: readonly (NdArray | Nested | Tensor)[], where: string): void {
  if (!Array.isArray(weights) || weights.length !== parameters.length) {
    throw new CellstateError('WEIGHTS_MISMATCH', 'The number of arrays is not that of the parameters.', {
      expected: `${parameters.length}: ${parameters.map(({ path }) => path).join(', ')}`,
      received: Array.isArray(weights) ? String(weights.length) : typeof weights,
      where: `${where}.setWeights`,
    });
  }
  const values = weights.map((weight) => (isNdArray(weight) || weight instanceof tf.Tensor ? weight : ndarray(weight as Nested)));
  for (const [index, { path, variable }] of parameters.entries()) {
    const { shape } = values[index] as NdArray | Tensor;
    if (describe(shape) === describe(variable.shape)) continue;
    throw new CellstateError('WEIGHTS_MISMATCH', 'An array has not the shape of its parameter.', {
      expected: describe(variable.shape),
      received: describe(shape),
      where: `${where}.setWeights, ${path}`,
    });
  }
  for (const [index, { variable }] of parameters.entries()) {
    const value = values[index] as NdArray | Tensor;
    const tensor = value instanceof tf.Tensor ? tf.clone(value) : toTensor(value.data, value.shape, 'float32');
    variable.assign(tensor);
    tensor.dispose();
  }
}
