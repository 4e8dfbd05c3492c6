import { ndarray } from '@cellstate/core';
import { attention, concatenate, dense, input, layerNormalization, lstm, masking, model, multiHeadAttention } from '@cellstate/layers';
import { expectClose } from '@cellstate/testing';
import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { loadModel, saveModel } from '../src/index.ts';
import { reconfigured } from './keras-archive.ts';

const ROW = [1, 2, 0];
const x = ndarray(Float32Array.from(ROW), [1, 3, 1]);

/** Attention over `ROW`, to the real values alone or to all. */
function attended(real: boolean): number[] {
  return ROW.map((query, i) => {
    if (real && i === 2) return 0;
    const weights = ROW.map((key, j) => (real && j === 2 ? 0 : Math.exp(query * key)));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return weights.reduce((total, weight, j) => total + (weight / sum) * (ROW[j] as number), 0);
  });
}

function attentive(options = {}) {
  const start = input({ shape: [3, 1], name: 'x' });
  const masked = masking({ maskValue: 0 }).apply(start);
  return model({ inputs: start, outputs: attention({ name: 'look' }).apply([masked, masked], options) });
}

// biome-ignore lint/suspicious/noExplicitAny: a test reaches anywhere into a configuration.
const nodeOf = (config: any, name: string) => config.layers.find((layer: any) => layer.name === name).inbound_nodes[0];

function configOf(bytes: Uint8Array) {
  return JSON.parse(new TextDecoder().decode(unzipSync(bytes)['config.json'])).config;
}

test('attention whose masks are null in the file sees every value, and is written so', async () => {
  const bytes = await saveModel(attentive());
  const plain = await loadModel(bytes);
  const told = await loadModel(
    reconfigured(bytes, ({ config }) => {
      nodeOf(config, 'look').kwargs.mask = [null, null];
    }),
  );
  expectClose((await plain.predict(x)).data, attended(true), { absolute: 1e-6 });
  expectClose((await told.predict(x)).data, attended(false), { absolute: 1e-6 });
  const saved = await saveModel(told);
  expect(nodeOf(configOf(saved), 'look').kwargs).toEqual({ mask: [null, null] });
  const again = await loadModel(saved);
  expectClose((await again.predict(x)).data, attended(false), { absolute: 1e-6 });
  for (const each of [plain, told, again]) each.dispose();
});

test('a third mask beside two inputs says nothing when it is null', async () => {
  const bytes = reconfigured(await saveModel(attentive()), ({ config }) => {
    nodeOf(config, 'look').kwargs.mask = [null, null, null];
  });
  const loaded = await loadModel(bytes);
  expectClose((await loaded.predict(x)).data, attended(false), { absolute: 1e-6 });
  loaded.dispose();
});

test('null beside the mask of the other input counts for its own input alone', async () => {
  const bytes = reconfigured(await saveModel(attentive()), ({ config }) => {
    const mask = { class_name: '__keras_tensor__', config: { shape: [null, 3], dtype: 'bool', keras_history: ['any', 0, 0] } };
    const [maker] = config.layers.splice(1, 1);
    const operation = (name: string, className: string, args: unknown[]) => ({
      module: 'keras.src.ops.numpy',
      class_name: className,
      config: { name },
      registered_name: className,
      name,
      inbound_nodes: [{ args, kwargs: {} }],
    });
    const tensor = (name: string) => ({ class_name: '__keras_tensor__', config: { keras_history: [name, 0, 0] } });
    config.layers.splice(1, 0, operation('ne', 'NotEqual', [tensor('x'), 0]), operation('any', 'Any', [tensor('ne')]), maker);
    nodeOf(config, 'look').kwargs.mask = [null, mask];
  });
  const loaded = await loadModel(bytes);
  const weights = ROW.map((query) => ROW.map((key, j) => (j === 2 ? 0 : Math.exp(query * key))));
  const expected = weights.map((row) => row.reduce((sum, weight, j) => sum + weight * (ROW[j] as number), 0) / row.reduce((a, b) => a + b));
  const { data } = await loaded.predict(x);
  expectClose(data, expected, { absolute: 1e-6 });
  await expect(saveModel(loaded)).rejects.toMatchObject({ code: 'NOT_SERIALIZABLE', received: 'null' });
  loaded.dispose();
});

test('tensors of the graph are written as Keras takes them, and read again', async () => {
  const start = input({ shape: [3, 1], name: 'x' });
  const seen = input({ shape: [3], dtype: 'bool', name: 'seen' });
  const heads = multiHeadAttention({ numHeads: 1, keyDim: 2, name: 'heads' }).apply([start, start], { mask: [undefined, seen] });
  const look = attention({ name: 'look' }).apply([start, start], { mask: [seen, seen] });
  const memory = lstm({ units: 2, name: 'memory' }).apply(start, { mask: seen });
  const built = model({ inputs: [start, seen], outputs: [heads, look, memory] });
  const bytes = await saveModel(built as never);
  const history = { keras_history: ['seen', 0, 0] };
  const config = configOf(bytes);
  expect(nodeOf(config, 'heads').kwargs).toMatchObject({ value_mask: { config: history } });
  expect(nodeOf(config, 'look').kwargs.mask).toMatchObject([{ config: history }, { config: history }]);
  expect(nodeOf(config, 'memory').kwargs.mask).toMatchObject({ config: history });
  const again = await loadModel<readonly []>(bytes);
  const given = [x, ndarray(Uint8Array.from([0, 1, 1]), [1, 3])] as never;
  const [ours, theirs] = [await built.predict(given), await again.predict(given)] as unknown as { data: Float32Array }[][];
  expect(theirs?.map(({ data }) => data)).toEqual(ours?.map(({ data }) => data));
  built.dispose();
  again.dispose();
});

test('what a Keras file has no words for throws', async () => {
  const hidden = attentive({ mask: [null] });
  const start = input({ shape: [3, 1] });
  const unseen = model({ inputs: start, outputs: lstm({ units: 1, name: 'memory' }).apply(start, { mask: null }) });
  await expect(saveModel(hidden)).rejects.toMatchObject({ code: 'NOT_SERIALIZABLE', where: expect.stringContaining('look') });
  await expect(saveModel(unseen)).rejects.toThrowErrorMatchingInlineSnapshot(`
    [CellstateError: A Keras file has no words for the masks of a call. [NOT_SERIALIZABLE]
      expected: a tensor for each input, or for attention null for each
      received: null
      where: saveModel, functional, memory
      hint: permute({ dims: [1, 2] }) takes the mask off a sequence and changes nothing else.]
  `);
  hidden.dispose();
  unseen.dispose();
});

test('layers that a joined mask moves apart keep their weights in a file of ours', async () => {
  const [words, numbers] = [input({ shape: [3, 2], name: 'words' }), input({ shape: [3, 2], name: 'numbers' })];
  const left = dense({ units: 2, name: 'left' }).apply(masking().apply(words));
  const right = layerNormalization().apply(dense({ units: 2, name: 'right' }).apply(numbers));
  const joined = concatenate().apply([left, right]);
  const built = model({ inputs: [words, numbers], outputs: dense({ units: 1 }).apply(lstm({ units: 2 }).apply(joined)), seed: 5 });
  const again = await loadModel(await saveModel(built));
  const given = [words, numbers].map((_, i) => ndarray(Float32Array.from([1, 2, -1, 0.5, i, 3]), [1, 3, 2]));
  expect((await again.predict(given)).data).toEqual((await built.predict(given)).data);
  built.dispose();
  again.dispose();
});
