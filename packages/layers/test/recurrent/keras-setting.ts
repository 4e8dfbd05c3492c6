import { type NdArray, ndarray } from '@cellstate/core';
import { asymmetric } from '@cellstate/testing';
import * as tf from '@tensorflow/tfjs-core';
import type { CallOptions, Layer, Model, SymbolicTensor } from '../../src/index.ts';
import { functional, input } from '../../src/index.ts';

/** Input of the Keras vectors, `[2, 4, 2]`. */
export function kerasInput(): tf.Tensor3D {
  return tf.tensor3d(
    asymmetric([2, 4, 2], 0, 0.9).map((value) => 2 * value),
    [2, 4, 2],
  );
}

export const MASK = [
  [1, 1, 0, 1],
  [0, 1, 1, 0],
];

/** The initial hidden and cell state of the Keras vectors. */
export const HIDDEN = asymmetric([2, 3], 1, 0.4);
export const CELL = asymmetric([2, 3], 2, 0.6);

/** Sets array i of a model to 0.5 · sin(0.1 (i + 1) + (0.37 + 0.16 i) k). */
export function setKerasWeights(model: Model<unknown>): void {
  model.setWeights(model.parameters.map(({ variable: { shape } }, i) => ndarray(asymmetric(shape, 0.1 * (i + 1), 0.37 + 0.16 * i), shape)));
}

/** A model of one layer over `[steps, features]`, batch 2, with the weights of the vectors. */
export function oneLayer(layer: Layer<unknown>, shape: readonly (number | null)[] = [4, 2]): Model<unknown> {
  const x = input({ shape });
  const outputs = layer.apply(x) as SymbolicTensor | readonly SymbolicTensor[];
  const made = functional({ inputs: x, outputs: outputs as SymbolicTensor });
  setKerasWeights(made);
  return made;
}

/** The outputs of one pass as nested arrays, in order, and the state it leaves. */
export function run(
  made: Model<unknown>,
  x: tf.Tensor,
  options: CallOptions = {},
): { outputs: number[][]; state: Record<string, number[][]> } {
  return tf.tidy(() => {
    const result = made.call(x, options);
    const list = result.outputs instanceof tf.Tensor ? [result.outputs] : Object.values(result.outputs);
    return {
      outputs: list.map((tensor) => Array.from(tensor.dataSync())),
      state: Object.fromEntries(
        Object.entries(result.state).map(([path, tensors]) => [path, tensors.map((tensor) => Array.from(tensor.dataSync()))]),
      ),
    };
  });
}

/** The values of a tensor that is freed at once, with all that was made on the way. */
export function arrayOf(make: () => tf.Tensor): NdArray {
  const tensor = tf.tidy(make);
  const array = ndarray(tensor.dataSync().slice() as Float32Array, tensor.shape);
  tensor.dispose();
  return array;
}

/** An array as a tensor of floats. */
export function tensorOf({ data, shape }: NdArray): tf.Tensor {
  return tf.tensor(data as Float32Array, [...shape]);
}
