import type { Task } from './task.ts';

/** A nameless array and its shape. */
export interface Values {
  readonly shape: number[];
  readonly data: Float32Array;
}

/**
 * Adam's settings for all contestants. Keras adds epsilon to the root of the uncorrected second moment, TensorFlow.js and
 * PyTorch to the corrected one: with the usual 1e-7 their losses part by 4e-5 within ten steps, with this one they do not.
 */
export const ADAM = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-10 } as const;

/** Steps of the sequence that a stream is fed, again and again. */
const STREAM_STEPS = 64;

/** The inputs and targets of the one batch that every step sees, the same for all contestants. */
export function data({ batch, time, features }: Task): { x: Values; y: Values } {
  return { x: waves([batch, time, features], 0), y: waves([batch, 1], 1) };
}

/** The rows that a stream is fed: `[STREAM_STEPS, features]`. */
export function streamRows({ features }: Task): Float32Array[] {
  const { data: values } = waves([STREAM_STEPS, features], 0);
  return Array.from({ length: STREAM_STEPS }, (_, step) => values.slice(step * features, (step + 1) * features));
}

/**
 * Initial weights in Keras' order: for each recurrent layer and direction kernel, recurrent kernel and bias, then kernel and
 * bias of the dense layer. `python/problem.py` makes the same.
 */
export function weights({ cell, layers, bidirectional, features, units }: Task): Values[] {
  const gates = cell === 'lstm' ? 4 : 3;
  const directions = bidirectional ? 2 : 1;
  const scale = 1 / Math.sqrt(units);
  const made: Values[] = [];
  for (let layer = 0; layer < layers; layer++) {
    const width = layer === 0 ? features : directions * units;
    for (let direction = 0; direction < directions; direction++) {
      made.push(waves([width, gates * units], made.length + 2, layer === 0 ? 0.5 : scale));
      made.push(waves([units, gates * units], made.length + 2, scale));
      made.push(waves(cell === 'gru' ? [2, gates * units] : [gates * units], made.length + 2));
    }
  }
  made.push(waves([directions * units, 1], made.length + 2, scale));
  made.push(waves([1], made.length + 2));
  return made;
}

/** Numbers of which no two are alike, by formula, so that every process makes the same. */
function waves(shape: number[], i: number, scale = 0.5): Values {
  const length = shape.reduce((product, size) => product * size, 1);
  return { shape, data: Float32Array.from({ length }, (_, k) => scale * Math.sin(1 + i + (0.37 + 0.11 * i) * k)) };
}

/** The mean squared error of predictions. */
export function meanSquaredError(predictions: ArrayLike<number>, { data: targets }: Values): number {
  let sum = 0;
  for (let i = 0; i < targets.length; i++) sum += ((predictions[i] as number) - (targets[i] as number)) ** 2;
  return sum / targets.length;
}
