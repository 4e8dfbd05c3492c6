import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CellstateError } from '@cellstate/core';
import { bidirectional, dense, embedding, gru, input, lambda, lstm, masking, model, sequential } from '@cellstate/layers';
import * as tf from '@tensorflow/tfjs-core';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadModel, loadWeights, saveModel, saveWeights } from '../src/index.ts';
import { changed, type Members, reconfigured } from './keras-archive.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cellstate-keras-'));
afterAll(() => rmSync(folder, { recursive: true }));

const row = () => sequential([lstm({ units: 2, name: 'memory', inputShape: [3, 2] }), dense({ units: 1, name: 'out' })]);
let file: Uint8Array;
beforeAll(async () => {
  file = await saveModel(row());
});

/** The error of a file, after making sure that reading it left no tensor behind. */
async function refusal(bytes: Uint8Array | string | Blob, options = {}): Promise<CellstateError> {
  const before = tf.memory().numTensors;
  const error = await loadModel(bytes, options).then(
    () => expect.fail('it was loaded'),
    (thrown: unknown) => thrown,
  );
  expect(tf.memory().numTensors).toBe(before);
  return error as CellstateError;
}

const without = (name: string) => (members: Members) => Object.fromEntries(Object.entries(members).filter(([member]) => member !== name));
const layer = (config: { config: { layers: object[] } }, index: number) =>
  config.config.layers[index] as { [key: string]: never } & { config: object };

describe('a layer', () => {
  test('that is not known throws, with the nearest name', async () => {
    const error = await refusal(reconfigured(file, (config) => Object.assign(layer(config, 1), { class_name: 'LSTMM' })));
    expect(error.message).toMatchInlineSnapshot(`
      "There is no such layer. [UNKNOWN_LAYER]
        expected: one of LSTM, GRU, SimpleRNN, RNN, Bidirectional, TimeDistributed, RepeatVector, Masking, Embedding, Dense, Activation, Dropout, SpatialDropout1D, GaussianNoise, BatchNormalization, LayerNormalization, Conv1D, MaxPooling1D, AveragePooling1D, GlobalMaxPooling1D, GlobalAveragePooling1D, Flatten, Reshape, Permute, Concatenate, Add, Subtract, Multiply, Average, Maximum, Minimum, Dot, Attention, AdditiveAttention, MultiHeadAttention
        received: LSTMM
        where: the bytes given, config.json, sequential, memory
        hint: Pass a factory for it: customLayers: { 'LSTMM': (config) => … }. The nearest known name is LSTM."
    `);
  });

  test.each([
    ['an option we lack', { rms_scaling: true }, 'UNSUPPORTED_OPTION'],
    ['another type', { dtype: 'float16' }, 'UNSUPPORTED_DTYPE'],
    ['an activation of the user', { activation: { class_name: 'LeakyReLU', config: {} } }, 'UNKNOWN_ACTIVATION'],
    ['a lambda for an activation', { activation: { class_name: '__lambda__', config: { value: 'x' } } }, 'PYTHON_CODE'],
    ['a value of the wrong kind', { units: 'four' }, 'INVALID_UNITS'],
    [
      'a regularizer of the user',
      { kernel_regularizer: { class_name: 'Mine', config: {}, registered_name: 'a>Mine' } },
      'UNSUPPORTED_OBJECT',
    ],
  ])('with %s throws, telling its name', async (_, options, code) => {
    const error = await refusal(reconfigured(file, (config) => Object.assign(layer(config, 2).config, options)));
    expect(error).toMatchObject({ code });
    expect(error.message).toMatch(/out|dense/);
  });

  test('of Python code is never run, and can be given by customLayers', async () => {
    const lambdaFile = reconfigured(file, (config) => {
      config.config.layers.push({
        module: 'keras.layers',
        class_name: 'Lambda',
        config: { name: 'half', function: { class_name: '__lambda__' } },
      });
    });
    expect(await refusal(lambdaFile)).toMatchObject({ code: 'PYTHON_CODE' });
    const customLayers = {
      Lambda: ({ name }: { name?: unknown }) => lambda({ name: String(name), function: (x) => tf.mul(x as tf.Tensor, 0.5) }),
    };
    const [whole, halved] = [await loadModel(file), await loadModel(lambdaFile, { customLayers })];
    const x = [
      [
        [1, 2],
        [3, -1],
        [0, 2],
      ],
    ];
    expect((await halved.predict(x)).at(0, 0)).toBe((await whole.predict(x)).at(0, 0) / 2);
    const wrong = { Lambda: () => dense({ units: 1, name: 'other' }) };
    expect(await refusal(lambdaFile, { customLayers: wrong })).toMatchObject({ code: 'INVALID_LAYER' });
  });

  test('with more parameters than the file has bytes throws before memory is taken', async () => {
    const error = await refusal(reconfigured(file, (config) => Object.assign(layer(config, 1).config, { units: 100_000 })));
    expect(error).toMatchObject({ code: 'WEIGHTS_MISMATCH' });
  });

  test('whose weights have another shape, or are not there, throws with their place', async () => {
    const other = await saveModel(sequential([lstm({ units: 2, inputShape: [3, 3] }), dense({ units: 1 })]));
    const mixed = changed(file, (members) => {
      let weights: Uint8Array | undefined;
      changed(other, (theirs) => {
        weights = theirs['model.weights.h5'];
        return theirs;
      });
      return { ...members, 'model.weights.h5': weights as Uint8Array };
    });
    expect(await refusal(mixed)).toMatchObject({ code: 'WEIGHTS_MISMATCH', expected: '[2, 8]', received: '[3, 8]' });
    const target = sequential([gru({ units: 2, inputShape: [3, 2] }), dense({ units: 1 })]);
    const before = target.getWeights().map(({ data }) => [...data]);
    await expect(loadWeights(target, file)).rejects.toMatchObject({ code: 'WEIGHTS_MISMATCH' });
    expect(target.getWeights().map(({ data }) => [...data])).toEqual(before);
  });
});

describe('an archive', () => {
  test.each([
    ['cut short', (bytes: Uint8Array) => bytes.slice(0, 500), 'CORRUPT_FILE'],
    ['empty', () => new Uint8Array(0), 'UNSUPPORTED_FILE'],
    ['of another format', () => new TextEncoder().encode('{"format": "layers-model"}'), 'UNSUPPORTED_FILE'],
    ['without weights', (bytes: Uint8Array) => changed(bytes, without('model.weights.h5')), 'MISSING_MEMBER'],
    ['without a configuration', (bytes: Uint8Array) => changed(bytes, without('config.json')), 'MISSING_MEMBER'],
    ['with a path out of it', (bytes: Uint8Array) => changed(bytes, (m) => ({ ...m, '../evil.txt': new Uint8Array(1) })), 'UNSAFE_PATH'],
    ['with an absolute path', (bytes: Uint8Array) => changed(bytes, (m) => ({ ...m, '/evil.txt': new Uint8Array(1) })), 'UNSAFE_PATH'],
    ['with no JSON', (bytes: Uint8Array) => changed(bytes, (m) => ({ ...m, 'config.json': new Uint8Array([123]) })), 'CORRUPT_FILE'],
    ['with no HDF5', (bytes: Uint8Array) => changed(bytes, (m) => ({ ...m, 'model.weights.h5': new Uint8Array(99) })), 'CORRUPT_FILE'],
  ])('%s throws', async (_, damage, code) => {
    expect(await refusal(damage(file))).toMatchObject({ code });
  });

  test('of HDF5 that was cut off throws, even where nothing that is needed is gone', async () => {
    const whole = readFileSync(path.join(import.meta.dirname, 'fixtures/keras-3.15.1/row.h5'));
    expect(await refusal(new Uint8Array(whole.subarray(0, whole.length - 8)))).toMatchObject({ code: 'CORRUPT_FILE' });
  });

  test('with a wrong checksum throws', async () => {
    const bytes = file.slice();
    bytes.set([(bytes[bytes.length - 400] as number) ^ 1], bytes.indexOf(0x7b, 60) + 40);
    expect(await refusal(bytes)).toMatchObject({ code: 'CORRUPT_FILE' });
  });

  test('that would unpack to far more than it holds throws before it does', async () => {
    const bomb = zipSync({ 'config.json': new Uint8Array(2), 'model.weights.h5': new Uint8Array(64 * 2 ** 20) }, { level: 9 });
    expect(bomb.length).toBeLessThan(2 ** 17);
    expect(await refusal(bomb)).toMatchObject({ code: 'FILE_TOO_LARGE' });
    expect(await refusal(file, { maxBytes: 1000 })).toMatchObject({ code: 'FILE_TOO_LARGE' });
    expect(await refusal(new Blob([new Uint8Array(file)]), { maxBytes: 1000 })).toMatchObject({ code: 'FILE_TOO_LARGE' });
  });

  test('that lies about the size of a member throws', async () => {
    const packed = zipSync({ 'config.json': new Uint8Array(2), 'model.weights.h5': new Uint8Array(2 ** 16) }, { level: 9 });
    const view = new DataView(packed.buffer);
    const directory = view.getUint32(packed.length - 6, true);
    view.setUint32(directory + 46 + 'config.json'.length + 24, 100, true);
    expect(await refusal(packed)).toMatchObject({ code: 'CORRUPT_FILE' });
  });
});

describe('a path', () => {
  test('holds the whole file or the one before, and nothing else is left in its folder', async () => {
    const place = path.join(folder, 'model.keras');
    writeFileSync(place, 'before');
    const bytes = await saveModel(row(), place);
    expect(new Uint8Array(readFileSync(place))).toEqual(bytes);
    const weights = path.join(folder, 'model.weights.h5');
    await saveWeights(row(), weights);
    expect(readdirSync(folder).sort()).toEqual(['model.keras', 'model.weights.h5']);
    expect((await loadModel(place)).countParams()).toBe(43);
  });

  test.each([
    [() => loadModel(path.join(folder, 'none.keras')), 'FILE_NOT_FOUND'],
    [() => saveModel(row(), path.join(folder, 'no-folder', 'model.keras')), 'FILE_NOT_WRITTEN'],
    [() => saveModel(row(), 'model.h5'), 'INVALID_FILE'],
    [() => saveWeights(row(), 'model.h5'), 'INVALID_FILE'],
    [() => loadModel(7 as never), 'INVALID_FILE'],
    [() => loadModel(file, { maxBytes: -1 }), 'INVALID_OPTION'],
    [() => loadModel(file, { safeMode: false } as never), 'UNKNOWN_OPTION'],
    [() => saveModel(dense({ units: 1 }) as never), 'INVALID_MODEL'],
  ])('or argument that cannot be meant throws %#', async (run, code) => {
    await expect(run()).rejects.toMatchObject({ code });
  });
});

describe('what a file of Keras cannot hold', () => {
  test.each([
    ['a lambda layer', sequential([lambda({ function: (x) => x as tf.Tensor, inputShape: [2] })])],
    ['an activation of your own', sequential([dense({ units: 1, activation: (x) => x, inputShape: [2] })])],
    ['an initializer of your own', sequential([dense({ units: 1, kernelInitializer: () => new Float32Array(2), inputShape: [2] })])],
  ])('throws: %s', async (_, built) => {
    await expect(saveModel(built)).rejects.toMatchObject({ code: 'NOT_SERIALIZABLE' });
    expect((await saveWeights(built)).length).toBeGreaterThan(0);
  });
});

describe('a mask', () => {
  test('joined beside a layer named concatenate is written under another name, which Keras needs', async () => {
    const { concatenate } = await import('@cellstate/layers');
    const x = input({ shape: [3, 2] });
    const joined = concatenate({ name: 'concatenate' }).apply([masking().apply(x), x]);
    const written = await loadModel(await saveModel(model({ inputs: x, outputs: lstm({ units: 2 }).apply(joined) })));
    expect(written.layers.map(({ name }) => name)).toContain('concatenate_layer');
    const plain = concatenate({ name: 'concatenate' }).apply([x, x]);
    const kept = await loadModel(await saveModel(model({ inputs: x, outputs: lstm({ units: 2 }).apply(plain) })));
    expect(kept.layers.map(({ name }) => name)).toContain('concatenate');
  });

  test('that operations make for another tensor throws', async () => {
    const ids = input({ shape: [3], dtype: 'int32', name: 'ids' });
    const built = model({
      inputs: ids,
      outputs: bidirectional({ layer: lstm({ units: 2 }), name: 'both' }).apply(
        embedding({ inputDim: 4, outputDim: 2, name: 'words' }).apply(ids),
      ),
    });
    const tensor = (name: string) => ({
      class_name: '__keras_tensor__',
      config: { shape: [null, 3], dtype: 'bool', keras_history: [name, 0, 0] },
    });
    const masked = reconfigured(await saveModel(built), ({ config }) => {
      config.layers.push({
        module: 'keras.src.ops.numpy',
        class_name: 'NotEqual',
        config: { name: 'ne' },
        name: 'ne',
        inbound_nodes: [{ args: [tensor('ids'), 0], kwargs: {} }],
      });
      config.layers.find(({ name }: { name: string }) => name === 'both').inbound_nodes[0].kwargs.mask = tensor('ne');
    });
    expect(await refusal(masked)).toMatchObject({ code: 'UNSUPPORTED_OPTION' });
    const value = reconfigured(masked, ({ config }) => {
      config.layers.find(({ name }: { name: string }) => name === 'both').inbound_nodes[0].args = [tensor('ne')];
    });
    expect(await refusal(value)).toMatchObject({ code: 'UNKNOWN_LAYER' });
  });
});

describe('words that early versions of Keras 3 refuse', () => {
  test('are left out where they say nothing', async () => {
    const { multiHeadAttention } = await import('@cellstate/layers');
    const x = input({ shape: [3, 2] });
    const written = async (seed: number | null) => {
      const attended = multiHeadAttention({ numHeads: 1, keyDim: 2, seed, name: 'look' }).apply([x, x]);
      let options: object = {};
      reconfigured(await saveModel(model({ inputs: x, outputs: attended })), ({ config }) => {
        options = config.layers.find(({ name }: { name: string }) => name === 'look').config;
      });
      return options;
    };
    expect(await written(null)).not.toHaveProperty('seed');
    expect(await written(4)).toHaveProperty('seed', 4);
  });
});
