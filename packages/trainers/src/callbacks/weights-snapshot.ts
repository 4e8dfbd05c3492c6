import * as tf from '@tensorflow/tfjs-core';
import { readValues, type Values } from '../data/read-tensor.ts';
import type { TrainableModel } from '../trainable-model.ts';

/** The values of every parameter at one moment, in plain arrays. */
export type WeightsSnapshot = readonly Values[];

/** Copies every parameter's values. */
export async function takeSnapshot({ parameters }: TrainableModel): Promise<WeightsSnapshot> {
  const values = await readValues(parameters.map(({ variable }) => variable));
  return values.map((array) => array.slice());
}

/** Gives every parameter the values it had. */
export function restoreSnapshot({ parameters }: TrainableModel, snapshot: WeightsSnapshot): void {
  tf.tidy(() => {
    for (const [i, { variable }] of parameters.entries()) {
      variable.assign(tf.tensor((snapshot[i] as Values).slice(), variable.shape, variable.dtype as 'float32'));
    }
  });
}
