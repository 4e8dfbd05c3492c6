import '@cellstate/testing';
import * as tf from '@tensorflow/tfjs-core';
import type { Parameter, TrainableModel } from '../src/trainable-model.ts';

export interface OwnedModel extends TrainableModel {
  dispose(): void;
}

function parameter(path: string, values: tf.TensorLike, shape: number[]): Parameter {
  return { path, variable: tf.tidy(() => tf.variable(tf.tensor(values, shape, 'float32'))), trainable: true };
}

/** `x · kernel + bias`, over the last axis of `[batch, features]` or `[batch, time, features]`. */
export function linearModel({
  kernel = [[0.5], [-0.25]],
  bias = [0.1],
  ...rest
}: { kernel?: number[][]; bias?: number[] } & Partial<TrainableModel> = {}): OwnedModel {
  const shape = [kernel.length, kernel[0].length];
  const parameters = [parameter('kernel', kernel.flat(), shape), parameter('bias', bias, [shape[1]])];
  return {
    parameters,
    initialState: () => ({}),
    call(inputs) {
      const x = inputs as tf.Tensor;
      const flat = tf.reshape(x, [-1, shape[0]]);
      const y = tf.add(tf.matMul(flat as tf.Tensor2D, parameters[0].variable as tf.Tensor as tf.Tensor2D), parameters[1].variable);
      return { outputs: tf.reshape(y, [...x.shape.slice(0, -1), shape[1]]), state: {}, masks: [null], penalties: [], updates: [] };
    },
    dispose: () => tf.dispose(parameters.map(({ variable }) => variable)),
    ...rest,
  };
}

/**
 * A leaky sum: `h = keep · h + gain · Σ x`, one unit; the output is h at every step (`sequences`) or the last. Masked steps
 * leave h as it is.
 */
export function leakyModel({
  keep = 0.5,
  gain = 1,
  sequences = false,
  stateful = true,
  batchSize = null,
  start = 0,
}: {
  keep?: number;
  gain?: number;
  sequences?: boolean;
  stateful?: boolean;
  batchSize?: number | null;
  start?: number;
} = {}): OwnedModel {
  const parameters = [parameter('keep', [keep], [1]), parameter('gain', [gain], [1])];
  return {
    parameters,
    batchSize,
    statefulCalls: stateful ? ['leaky#0'] : [],
    initialState: (rows) => ({ 'leaky#0': [tf.fill([rows, 1], start)], 'other#0': [tf.zeros([rows, 1])] }),
    call(inputs, { state, mask } = {}) {
      const x = inputs as tf.Tensor3D;
      const [rows, steps] = x.shape;
      let hidden: tf.Tensor = state?.['leaky#0']?.[0] ?? tf.fill([rows, 1], start);
      const outputs: tf.Tensor[] = [];
      for (let t = 0; t < steps; t++) {
        const sum = tf.sum(tf.slice(x, [0, t, 0], [rows, 1, x.shape[2]]), [1, 2], false);
        const next = tf.add(tf.mul(hidden, parameters[0].variable), tf.mul(tf.reshape(sum, [rows, 1]), parameters[1].variable));
        hidden = mask ? tf.where(tf.cast(tf.slice(mask as tf.Tensor, [0, t], [rows, 1]), 'bool'), next, hidden) : next;
        outputs.push(hidden);
      }
      return {
        outputs: sequences ? tf.stack(outputs, 1) : tf.clone(hidden),
        state: { 'leaky#0': [tf.clone(hidden)], 'other#0': [tf.zeros([rows, 1])] },
        masks: [sequences ? ((mask as tf.Tensor | undefined) ?? null) : null],
        penalties: [],
        updates: [],
      };
    },
    dispose: () => tf.dispose(parameters.map(({ variable }) => variable)),
  };
}
