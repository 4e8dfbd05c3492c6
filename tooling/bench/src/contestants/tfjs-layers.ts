// The union package is what tfjs-layers needs in Node: bare tfjs-core has neither chained methods nor gradients.
// biome-ignore lint/style/noRestrictedImports: the peer is measured as its users run it.
import * as tf from '@tensorflow/tfjs';
import { ADAM, data, type Values, weights } from '../problem.ts';
import type { Contestant } from './contestant.ts';

/** TensorFlow.js' own layers on the same `cpu` backend: tensors made once, `trainOnBatch`. */
export async function tfjsLayers(): Promise<Contestant> {
  tf.env().set('PROD', true);
  await tf.setBackend('cpu');
  return {
    name: `tfjs-layers ${tf.version['tfjs-layers']} (${tf.getBackend()})`,
    async prepare(problem) {
      const { time, features, units } = problem;
      const model = tf.sequential();
      // Keras 3's gates; and an initialiser that does not take seconds, as the weights are set below.
      const initializers = { kernelInitializer: 'zeros', recurrentInitializer: 'zeros' } as const;
      model.add(tf.layers.lstm({ units, recurrentActivation: 'sigmoid', inputShape: [time, features], ...initializers }));
      model.add(tf.layers.dense({ units: 1 }));
      model.compile({ optimizer: tf.train.adam(ADAM.learningRate, ADAM.beta1, ADAM.beta2, ADAM.epsilon), loss: 'meanSquaredError' });
      model.setWeights(weights(problem).map(tensor));
      const { x, y } = data(problem);
      const [input, target] = [tensor(x), tensor(y)];
      return async () => (await model.trainOnBatch(input, target)) as number;
    },
  };
}

function tensor({ data: values, shape }: Values): tf.Tensor {
  return tf.tensor(values, shape);
}
