import { CellstateError, splitSeed } from '@cellstate/core';
import { asymmetric } from '@cellstate/testing';
import { expectGradientsMatch } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import type { CallContext, Layer, LayerResult, TensorSpec } from '../src/contract.ts';

/** How to call a layer's definition by itself, without a model. */
export interface Run {
  readonly training?: boolean;
  readonly trainable?: boolean;
  readonly masks?: readonly (tf.Tensor | null)[];
  readonly seed?: number;
  /** By path. Default: the asymmetric values of keras-style vectors, a phase and a step for each array. */
  readonly parameters?: Readonly<Record<string, tf.Tensor>>;
}

const SEEDLESS = { expected: 'a seed', received: 'none', where: 'run' };

/** One call of the layer on its own; must run in a tidy. */
export function runLayer(layer: Layer<unknown>, inputs: readonly tf.Tensor[], run: Run = {}): LayerResult {
  const parameters = run.parameters ?? defaultParameters(layer, inputs);
  const context: CallContext = {
    training: run.training ?? false,
    trainable: run.trainable ?? true,
    masks: run.masks ?? inputs.map(() => null),
    resumes: false,
    state: null,
    initialState: null,
    parameter: (name) => parameters[name],
    seed(own, key) {
      if (run.seed === undefined) throw new CellstateError('SEED_MISSING', 'This pass draws.', SEEDLESS);
      return splitSeed(splitSeed(run.seed, own ?? 'path'), key ?? '');
    },
    call: () => {
      throw new Error('runLayer runs layers without child layers.');
    },
  };
  return layer.definition.call(inputs, context);
}

/** Array i of the layer: 0.5 · sin(0.1 (i + 1) + (0.37 + 0.16 i) k). */
export function defaultParameters(layer: Layer<unknown>, inputs: readonly tf.Tensor[]): Record<string, tf.Tensor> {
  const specs = layer.definition.parameters?.(specsOf(inputs)) ?? [];
  return Object.fromEntries(
    specs.map(({ name, shape }, i) => [name, tf.tensor(asymmetric(shape, 0.1 * (i + 1), 0.37 + 0.16 * i), [...shape])]),
  );
}

export function specsOf(tensors: readonly tf.Tensor[]): TensorSpec[] {
  return tensors.map(({ shape, dtype }) => ({ shape, dtype: dtype as TensorSpec['dtype'] }));
}

/** The values of output 0, nested. */
export function valuesOf(layer: Layer<unknown>, inputs: () => readonly tf.Tensor[], run: () => Run = () => ({})): unknown {
  return tf.tidy(() => runLayer(layer, inputs(), run()).outputs[0].arraySync());
}

/** Checks that the shapes of `outputs()` are those of the tensors that `call` gives. */
export function shapesAgree(layer: Layer<unknown>, inputs: () => readonly tf.Tensor[]): boolean {
  return tf.tidy(() => {
    const tensors = inputs();
    const given = runLayer(layer, tensors).outputs.map(({ shape }) => shape);
    const specs = layer.definition.outputs(specsOf(tensors)).map(({ shape }) => shape);
    return JSON.stringify(given) === JSON.stringify(specs);
  });
}

/** Finite differences through one call, for every input and every trainable parameter. */
export function checkGradients(layer: Layer<unknown>, inputs: () => readonly tf.Tensor[], run: () => Run = () => ({})): void {
  tf.tidy(() => {
    const tensors = inputs();
    const parameters = defaultParameters(layer, tensors);
    const specs = layer.definition.parameters?.(specsOf(tensors)) ?? [];
    const names = specs.filter(({ trainable = true }) => trainable).map(({ name }) => name);
    expectGradientsMatch(
      (...values) => {
        const given = { ...parameters, ...Object.fromEntries(names.map((name, i) => [name, values[tensors.length + i]])) };
        return runLayer(layer, values.slice(0, tensors.length), { parameters: given, ...run() }).outputs;
      },
      [...tensors, ...names.map((name) => parameters[name])],
    );
  });
}

/** X of the Keras vectors: 2 · 0.5 · sin(0.9 k), `[2, 4, 2]`. */
export function kerasX(): tf.Tensor3D {
  return tf.tensor3d(
    asymmetric([2, 4, 2], 0, 0.9).map((value) => 2 * value),
    [2, 4, 2],
  );
}

/** M of the Keras vectors. */
export function kerasM(): tf.Tensor2D {
  return tf.tensor2d(
    [
      [1, 1, 0, 1],
      [0, 1, 1, 0],
    ],
    undefined,
    'bool',
  );
}

/** V of the Keras vectors: 0.5 · sin(0.5 + 0.8 k), `[2, 3, 2]`. */
export function kerasV(): tf.Tensor3D {
  return tf.tensor3d(asymmetric([2, 3, 2], 0.5, 0.8), [2, 3, 2]);
}
