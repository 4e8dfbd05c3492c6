import { useBackend } from '@cellstate/backends';
import * as tf from '@tensorflow/tfjs-core';

/** Picks the engine of this thread, the same in all of them so that results do not depend on the thread, without tfjs' banner. */
export async function startEngine(): Promise<void> {
  tf.env().set('PROD', true);
  await useBackend('cpu');
}
