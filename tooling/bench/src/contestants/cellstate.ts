import { useBackend } from '@cellstate/backends';
import { ndarray } from '@cellstate/core';
import { dense, lstm, sequential } from '@cellstate/layers';
import { adam, createTrainer } from '@cellstate/trainers';
import * as tf from '@tensorflow/tfjs-core';
import { ADAM, data, type Values, weights } from '../problem.ts';
import { version } from '../version.ts';
import type { Contestant } from './contestant.ts';

/** Cellstate as its users run it: arrays in, `trainOnBatch`. */
export async function cellstate(): Promise<Contestant> {
  tf.env().set('PROD', true);
  const backend = await useBackend('cpu');
  return {
    name: `cellstate ${version('@cellstate/layers')} (${backend.name}, ${backend.kernels.length} fused kernels)`,
    async prepare(problem) {
      const { time, features, units } = problem;
      const model = sequential([lstm({ units, inputShape: [time, features] }), dense({ units: 1 })]);
      model.setWeights(weights(problem).map(array));
      const trainer = createTrainer(model, { optimizer: adam(ADAM), loss: 'meanSquaredError' });
      const { x, y } = data(problem);
      const batch = { x: array(x), y: array(y) };
      return async () => (await trainer.trainOnBatch(batch)).loss as number;
    },
  };
}

function array({ data: values, shape }: Values): ReturnType<typeof ndarray> {
  return ndarray(values, shape);
}
