// The union package is what tfjs-layers needs in Node: bare tfjs-core has neither chained methods nor gradients.
import util from 'node:util';
// biome-ignore lint/style/noRestrictedImports: the peer is measured as its users run it.
import type * as Tfjs from '@tensorflow/tfjs';
import { load, version } from '../places.ts';
import { ADAM, data, meanSquaredError, streamRows, type Values, weights } from '../problem.ts';
import type { Task } from '../task.ts';
import type { Contestant, Step } from './contestant.ts';

type Backend = 'cpu' | 'wasm' | 'tensorflow';

/** TensorFlow.js' own layers on one of its backends: tensors made once, `trainOnBatch`, `predict`. */
export async function tfjsLayers(backend: Backend): Promise<Contestant> {
  const tf = await library(backend);
  tf.env().set('PROD', true);
  await tf.setBackend(backend);
  const engine = backend === 'tensorflow' ? `tfjs-node ${version('@tensorflow/tfjs-node', 'tfjsNode')}` : backend;
  return {
    version: `tfjs-layers ${tf.version['tfjs-layers']} (${engine})`,
    async prepare(task) {
      const model = build(tf, task);
      model.setWeights(weights(task).map((weight, i) => tensor(tf, fitting(model, { i, weight }))));
      if (task.work === 'stream') return streaming(tf, { model, task });
      const { x, y } = data(task);
      const tensors = { x: tensor(tf, x), y: tensor(tf, y) };
      if (task.work === 'predict') {
        return async () => {
          const predicted = model.predict(tensors.x, { batchSize: task.batch }) as Tfjs.Tensor;
          const values = await predicted.data();
          predicted.dispose();
          return () => meanSquaredError(values, y);
        };
      }
      const { learningRate, beta1, beta2, epsilon } = ADAM;
      model.compile({ optimizer: tf.train.adam(learningRate, beta1, beta2, epsilon), loss: 'meanSquaredError' });
      return async () => (await model.trainOnBatch(tensors.x, tensors.y)) as number;
    },
  };
}

async function library(backend: Backend): Promise<typeof Tfjs> {
  if (backend === 'cpu') {
    // biome-ignore lint/style/noRestrictedImports: the peer is measured as its users run it.
    return import('@tensorflow/tfjs');
  }
  if (backend === 'wasm') {
    const tf = load<typeof Tfjs>('peers', '@tensorflow/tfjs');
    load('peers', '@tensorflow/tfjs-backend-wasm');
    return tf;
  }
  // tfjs-node 4.22 still calls two functions that Node 23 took away.
  const restored = util as unknown as Record<string, unknown>;
  restored.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  restored.isArray ??= Array.isArray;
  return load<typeof Tfjs>('tfjsNode', '@tensorflow/tfjs-node');
}

/** With the defaults of Keras 3, which are not those of tfjs-layers; its GRU has no `resetAfter`. */
function build(tf: typeof Tfjs, { work, cell, layers, bidirectional, batch, time, features, units }: Task): Tfjs.Sequential {
  const model = tf.sequential();
  for (let index = 0; index < layers; index++) {
    const place = index === 0 ? { batchInputShape: [batch, time, features] } : {};
    const options = {
      units,
      recurrentActivation: 'sigmoid',
      recurrentInitializer: 'zeros',
      returnSequences: index < layers - 1,
      stateful: work === 'stream',
    } as const;
    const make = cell === 'lstm' ? tf.layers.lstm : tf.layers.gru;
    const layer = make({ ...options, ...(bidirectional ? {} : place) });
    model.add(bidirectional ? tf.layers.bidirectional({ layer: layer as Tfjs.RNN, mergeMode: 'concat', ...place }) : layer);
  }
  model.add(tf.layers.dense({ units: 1 }));
  return model;
}

/** A weight as it fits there: the one bias of its GRU takes the first row of our two. */
function fitting(model: Tfjs.Sequential, { i, weight }: { i: number; weight: Values }): Values {
  const shape = model.weights[i]?.shape as number[];
  return {
    shape,
    data: weight.data.subarray(
      0,
      shape.reduce((product, length) => product * length, 1),
    ),
  };
}

function streaming(tf: typeof Tfjs, { model, task }: { model: Tfjs.Sequential; task: Task }): Step {
  const rows = streamRows(task);
  let t = 0;
  return async () => {
    const x = tf.tensor3d(rows[t++ % rows.length] as Float32Array, [1, 1, task.features]);
    const output = model.predict(x) as Tfjs.Tensor;
    const [value] = await output.data();
    tf.dispose([x, output]);
    return value as number;
  };
}

function tensor(tf: typeof Tfjs, { data: values, shape }: Values): Tfjs.Tensor {
  return tf.tensor(values, shape);
}
