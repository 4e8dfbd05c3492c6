/** The sizes of one training problem: a batch of sequences through LSTM(units) → Dense(1). */
export interface Problem {
  readonly batch: number;
  readonly time: number;
  readonly features: number;
  readonly units: number;
}

/** A nameless array and its shape. */
export interface Values {
  readonly shape: number[];
  readonly data: Float32Array;
}

/**
 * Adam's settings for both contestants. Keras adds epsilon to the root of the uncorrected second moment, TensorFlow.js to
 * the corrected one: with the usual 1e-7 their losses part by 4e-5 within ten steps, with this one they do not.
 */
export const ADAM = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-10 } as const;

/** The inputs and targets of the one batch that is trained on, the same for both contestants. */
export function data({ batch, time, features }: Problem): { x: Values; y: Values } {
  return { x: waves([batch, time, features], 0), y: waves([batch, 1], 1) };
}

/** Initial weights in Keras' order: kernel, recurrent kernel and bias of the LSTM, kernel and bias of the dense layer. */
export function weights({ features, units }: Problem): Values[] {
  const scale = 1 / Math.sqrt(units);
  return [
    waves([features, 4 * units], 2),
    waves([units, 4 * units], 3, scale),
    waves([4 * units], 4),
    waves([units, 1], 5, scale),
    waves([1], 6),
  ];
}

/** Numbers of which no two are alike, by formula, so that every process makes the same. */
function waves(shape: number[], i: number, scale = 0.5): Values {
  const length = shape.reduce((product, size) => product * size, 1);
  return { shape, data: Float32Array.from({ length }, (_, k) => scale * Math.sin(1 + i + (0.37 + 0.11 * i) * k)) };
}
