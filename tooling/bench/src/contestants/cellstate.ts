import { type Backend, useBackend } from '@cellstate/backends';
import { CellstateError, ndarray } from '@cellstate/core';
import { bidirectional, dense, gru, type Layer, lstm, type Model, sequential } from '@cellstate/layers';
import { adam, createTrainer } from '@cellstate/trainers';
import * as tf from '@tensorflow/tfjs-core';
import { AbsentError, version } from '../places.ts';
import { ADAM, data, meanSquaredError, streamRows, type Values, weights } from '../problem.ts';
import type { Task } from '../task.ts';
import type { Contestant, Step } from './contestant.ts';

/** Cellstate as its users run it: arrays in, `trainOnBatch`, `predict`, `stream`. */
export async function cellstate(engine: string, options: object): Promise<Contestant> {
  tf.env().set('PROD', true);
  const backend = await engineOf(engine, options);
  return {
    version: `cellstate ${version('@cellstate/layers')} (${features(backend)})`,
    async prepare(task) {
      const model = build(task);
      model.setWeights(weights(task).map(array));
      if (task.work === 'train') return training(model, task);
      if (task.work === 'stream') return streaming(model, task);
      const { x, y } = data(task);
      const rows = array(x);
      return async () => {
        const predictions = await model.predict(rows, { batchSize: task.batch });
        return () => meanSquaredError((predictions as { data: ArrayLike<number> }).data, y);
      };
    },
  };
}

function features({ name, simd, relaxed, threads, kernels }: Backend): string {
  const ofThreads = threads === null || threads === 1 ? [] : [`${threads} threads`];
  return [name, ...(simd ? [relaxed ? 'relaxed SIMD' : 'SIMD'] : []), ...ofThreads, `${kernels.length} kernels`].join(', ');
}

/** The engine asked for, or `AbsentError` where its peer is not installed or this version has no such option. */
async function engineOf(engine: string, options: object): ReturnType<typeof useBackend> {
  try {
    return await useBackend(engine as 'cpu', options);
  } catch (error) {
    if (error instanceof CellstateError) throw new AbsentError(error.message.split('\n')[0], { cause: error });
    throw error;
  }
}

function build({ work, cell, layers, bidirectional: both, time, features, units }: Task): Model {
  const recurrent = Array.from({ length: layers }, (_, index): Layer => {
    const place = index === 0 ? { inputShape: [work === 'stream' ? null : time, features] } : {};
    const options = { units, returnSequences: index < layers - 1, ...place };
    const layer: Layer = cell === 'lstm' ? lstm(options) : gru(options);
    return both ? bidirectional({ layer }) : layer;
  });
  return sequential([...recurrent, dense({ units: 1 })]) as unknown as Model;
}

function training(model: Model, task: Task): Step {
  const trainer = createTrainer(model, { optimizer: adam(ADAM), loss: 'meanSquaredError' });
  const { x, y } = data(task);
  const batch = { x: array(x), y: array(y) };
  return async () => (await trainer.trainOnBatch(batch)).loss as number;
}

function streaming(model: Model, task: Task): Step {
  const stream = model.stream();
  const rows = streamRows(task);
  let t = 0;
  return () => stream.push(rows[t++ % rows.length] as Float32Array).data[0] as number;
}

function array({ data: values, shape }: Values): ReturnType<typeof ndarray> {
  return ndarray(values, shape);
}
