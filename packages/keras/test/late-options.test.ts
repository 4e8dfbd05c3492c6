import {
  batchNormalization,
  conv1d,
  dense,
  flatten,
  input,
  type Layer,
  lstm,
  type Model,
  maxPooling1d,
  model,
  multiHeadAttention,
} from '@cellstate/layers';
import { describe, expect, test } from 'vitest';
import { loadModel, saveModel } from '../src/index.ts';
import { reconfigured } from './keras-archive.ts';

/** Every option that Keras 3 got late or writes in words of its own, away from its default. */
function unusual() {
  const x = input({ shape: [4, 6] });
  const layers: Layer[] = [
    conv1d({ filters: 4, kernelSize: 2, padding: 'same', dataFormat: 'channelsFirst', inputShape: [4, 6] }),
    maxPooling1d({ poolSize: 2, dataFormat: 'channelsFirst' }),
    batchNormalization({ renorm: true, renormClipping: { rmax: 2, dmax: 0.5 }, renormMomentum: 0.9 }),
  ];
  const steps = layers.reduce((tensor, layer) => layer.apply(tensor), x);
  const attention = multiHeadAttention({ numHeads: 2, keyDim: 3, slidingWindow: 2, useGate: true, attentionAxes: 1 });
  return model({
    inputs: x,
    outputs: dense({ units: 1 }).apply(flatten({ dataFormat: 'channelsFirst' }).apply(attention.apply([steps, steps]))),
  });
}

const plain = () => {
  const x = input({ shape: [4, 6] });
  const attention = multiHeadAttention({ numHeads: 1, keyDim: 2 });
  const normalized = batchNormalization().apply(x);
  return model({ inputs: x, outputs: attention.apply([normalized, normalized]) });
};

const x = [Array.from({ length: 4 }, (_, t) => Array.from({ length: 6 }, (_, f) => Math.sin(t * 6 + f)))];

describe('options that Keras 3 got late', () => {
  test('are read as they were written, with the weights they bring', async () => {
    const [written, bytes] = await saved(unusual());
    const read = await loadModel(bytes);
    expect(read.getConfig()).toEqual(written.getConfig());
    expect((await read.predict(x)) as object).toEqual(await written.predict(x));
    read.dispose();
    written.dispose();
  });

  test('are written in the words of Keras', async () => {
    const [made, bytes] = await saved(unusual());
    expect(configOf(bytes, 'Conv1D')).toMatchObject({ data_format: 'channels_first' });
    expect(configOf(bytes, 'MaxPooling1D')).toMatchObject({ data_format: 'channels_first' });
    expect(configOf(bytes, 'Flatten')).toMatchObject({ data_format: 'channels_first' });
    expect(configOf(bytes, 'BatchNormalization')).toMatchObject({
      renorm: true,
      renorm_clipping: { rmax: 2, dmax: 0.5 },
      renorm_momentum: 0.9,
    });
    expect(configOf(bytes, 'MultiHeadAttention')).toMatchObject({ sliding_window: 2, use_gate: true, attention_axes: [1] });
    made.dispose();
  });

  test('are left out where they say nothing, since early versions refuse them', async () => {
    const [made, bytes] = await saved(plain());
    expect(Object.keys(configOf(bytes, 'BatchNormalization')).filter((key) => key.startsWith('renorm'))).toEqual([]);
    const attention = configOf(bytes, 'MultiHeadAttention');
    expect(['sliding_window', 'use_gate', 'seed'].filter((key) => key in attention)).toEqual([]);
    made.dispose();
  });
});

async function saved<T extends Model<unknown>>(made: T): Promise<[T, Uint8Array]> {
  return [made, await saveModel(made)];
}

function configOf(bytes: Uint8Array, className: string): Readonly<Record<string, unknown>> {
  let found: Readonly<Record<string, unknown>> = {};
  reconfigured(bytes, ({ config }) => {
    for (const layer of config.layers) if (layer.class_name === className) found = layer.config;
  });
  return found;
}

test('a layer whose zeros Keras would misplace is written without unroll, and computes the same', async () => {
  const steps = input({ shape: [4, 6] });
  const memory = lstm({ units: 2, unroll: true, goBackwards: true, zeroOutputForMask: true, returnSequences: true });
  const written = model({ inputs: steps, outputs: memory.apply(steps) });
  const read = await loadModel(await saveModel(written));
  expect(read.layers.at(-1)?.getConfig()).toMatchObject({ unroll: false, goBackwards: true, zeroOutputForMask: true });
  expect(await read.predict(x)).toBeAllClose(await written.predict(x));
  read.dispose();
  written.dispose();
});
