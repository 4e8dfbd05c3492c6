import { ndarray } from '@cellstate/core';
import { expectClose } from '@cellstate/testing';
import { expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import type { SymbolicTensor } from '../../src/index.ts';
import {
  add,
  concatenate,
  defineLayer,
  dense,
  embedding,
  flatten,
  functional,
  input,
  lambda,
  lstm,
  model,
  repeatVector,
  sequential,
  timeDistributed,
} from '../../src/index.ts';
import { arrayOf, setKerasWeights } from '../recurrent/keras-setting.ts';

function autoencoder() {
  const x = input({ shape: [5, 2] });
  const encoder = functional({ inputs: x, outputs: lstm({ units: 3 }).apply(x), name: 'encoder' });
  const code = input({ shape: [3] });
  const decoded = lstm({ units: 2, returnSequences: true }).apply(repeatVector({ n: 5 }).apply(code));
  const decoder = functional({ inputs: code, outputs: decoded, name: 'decoder' });
  const whole = functional({ inputs: x, outputs: decoder.apply(encoder.apply(x)), name: 'autoencoder' });
  return { encoder, decoder, whole };
}

describe('a model as a layer', () => {
  test('shares its parameters, which count once', () => {
    const { encoder, decoder, whole } = autoencoder();
    expect(whole.parameters.map(({ path }) => path)).toEqual([
      'encoder/lstm/lstm_cell/kernel',
      'encoder/lstm/lstm_cell/recurrent_kernel',
      'encoder/lstm/lstm_cell/bias',
      'decoder/lstm/lstm_cell/kernel',
      'decoder/lstm/lstm_cell/recurrent_kernel',
      'decoder/lstm/lstm_cell/bias',
    ]);
    expect(whole.countParams()).toBe(encoder.countParams() + decoder.countParams());
    expect(whole.parameters.slice(0, 3).map(({ variable }) => variable)).toEqual(encoder.parameters.map(({ variable }) => variable));
    expect(whole.recurrentCalls.map(({ path }) => path)).toEqual(['encoder/lstm#0', 'decoder/lstm#0']);
    for (const m of [whole, encoder, decoder]) m.dispose();
  });

  test('gives what its parts give one after the other', () => {
    const { encoder, decoder, whole } = autoencoder();
    setKerasWeights(whole);
    tf.tidy(() => {
      const x = tf.sin(tf.reshape(tf.range(0, 20), [2, 5, 2]));
      const result = whole.call(x);
      const parts = decoder.call(encoder.call(x).outputs as tf.Tensor).outputs as tf.Tensor;
      expectClose(result.outputs as tf.Tensor, parts);
      expect(Object.keys(result.state)).toEqual(['encoder/lstm#0', 'decoder/lstm#0']);
      expectClose(result.state['encoder/lstm#0'][0], encoder.call(x).outputs as tf.Tensor);
    });
    for (const m of [whole, encoder, decoder]) m.dispose();
  });

  test('its parameters live until the last model that holds them is disposed', () => {
    expectNoLeak(() => {
      const { encoder, decoder, whole } = autoencoder();
      encoder.dispose();
      decoder.dispose();
      tf.tidy(() => {
        expect((whole.call(tf.ones([1, 5, 2])).outputs as tf.Tensor).shape).toEqual([1, 5, 2]);
      });
      whole.dispose();
    });
  });

  test('called twice, it has a state for each call', () => {
    const a = input({ shape: [3, 1], name: 'a' });
    const b = input({ shape: [4, 1], name: 'b' });
    const x = input({ shape: [null, 1] });
    const encoder = model({ inputs: x, outputs: lstm({ units: 2 }).apply(x), name: 'encoder' });
    const both = model({ inputs: { a, b }, outputs: concatenate().apply([encoder.apply(a), encoder.apply(b)]) });
    expect(both.recurrentCalls.map(({ path }) => path)).toEqual(['encoder/lstm#0', 'encoder/lstm#1']);
    expect(both.parameters).toHaveLength(3);
    tf.tidy(() => {
      const given = { a: tf.ones([2, 3, 1]), b: tf.mul(tf.ones([2, 4, 1]), 2) };
      const { outputs, state } = both.call(given);
      expect(Object.keys(state)).toEqual(['encoder/lstm#0', 'encoder/lstm#1']);
      expectClose(
        outputs as tf.Tensor,
        tf.concat([encoder.call(given.a).outputs as tf.Tensor, encoder.call(given.b).outputs as tf.Tensor], 1),
      );
      const again = both.call(given, { state: { 'encoder/lstm#1': state['encoder/lstm#1'] } });
      expectClose(tf.slice(again.outputs as tf.Tensor, [0, 0], [2, 2]), tf.slice(outputs as tf.Tensor, [0, 0], [2, 2]));
      expect((again.outputs as tf.Tensor).arraySync()).not.toEqual((outputs as tf.Tensor).arraySync());
    });
    both.dispose();
    encoder.dispose();
  });

  test('a layer applied twice is shared', () => {
    const shared = dense({ units: 2, name: 'shared' });
    const x = input({ shape: [2] });
    const m = model({ inputs: x, outputs: shared.apply(shared.apply(x)) });
    expect(m.countParams()).toBe(6);
    m.setWeights([
      ndarray([
        [1, 2],
        [3, 4],
      ]),
      ndarray([1, -1]),
    ]);
    tf.tidy(() => expectClose(m.call(tf.tensor2d([[1, 0]])).outputs as tf.Tensor, [6, 7]));
    m.dispose();
  });

  test('a layer of an earlier model keeps its values and, within the new one, gets a name of its own', () => {
    const layer = dense({ units: 1 });
    const other = dense({ units: 1 });
    const x = input({ shape: [1] });
    const first = model({ inputs: x, outputs: layer.apply(x), seed: 1 });
    const second = model({ inputs: x, outputs: other.apply(x), seed: 2 });
    const values = first.getWeights()[0].toNested();
    const joint = model({ inputs: x, outputs: other.apply(layer.apply(x)), seed: 3 });
    expect(joint.getWeights()[0].toNested()).toEqual(values);
    expect(joint.parameters.map(({ path }) => path)).toEqual(['dense/kernel', 'dense/bias', 'dense_1/kernel', 'dense_1/bias']);
    for (const m of [joint, first, second]) m.dispose();
  });
});

describe('inputs and outputs', () => {
  test('by name, with types', async () => {
    const tokens = input({ shape: [3], dtype: 'int32' });
    const flags = input({ shape: [2], dtype: 'bool' });
    const words = flatten().apply(embedding({ inputDim: 4, outputDim: 1, embeddingsInitializer: 'ones' }).apply(tokens));
    const switched = lambda({ function: (x) => tf.cast(x as tf.Tensor, 'float32'), outputShape: [2] }).apply(flags) as SymbolicTensor;
    const m = model({ inputs: { tokens, flags }, outputs: { words, switched } });
    expect(m.inputs).toEqual([
      { name: 'tokens', shape: [null, 3], dtype: 'int32' },
      { name: 'flags', shape: [null, 2], dtype: 'bool' },
    ]);
    const { words: w, switched: s } = await m.predict({ tokens: [[1, 2, 3]], flags: [[true, false]] });
    expect(w.toNested()).toEqual([[1, 1, 1]]);
    expect(s.toNested()).toEqual([[1, 0]]);
    m.dispose();
  });

  test('in order', async () => {
    const a = input({ shape: [2] });
    const b = input({ shape: [2] });
    const m = model({ inputs: [a, b], outputs: [add().apply([a, b]), a] });
    expect(m.inputs.map(({ name }) => name)).toEqual(['input_layer', 'input_layer_1']);
    const [sum, first] = await m.predict([[[1, 2]], ndarray([[10, 20]])]);
    expect(sum.toNested()).toEqual([[11, 22]]);
    expect(first.toNested()).toEqual([[1, 2]]);
    m.dispose();
  });

  test('what comes out is never what went in', () => {
    const x = input({ shape: [2] });
    const m = model({ inputs: x, outputs: [x, x] });
    expectNoLeak(() => {
      const given = tf.ones([1, 2]);
      const { outputs } = m.call(given);
      const [a, b] = outputs as tf.Tensor[];
      expect(new Set([a.id, b.id, given.id]).size).toBe(3);
      tf.dispose([a, b, given]);
    });
    m.dispose();
  });

  test('predict goes batch by batch', async () => {
    const sizes: number[] = [];
    const spy = defineLayer(
      {
        className: 'Spy',
        config: () => ({}),
        outputs: (inputs) => inputs,
        call: ([x]) => {
          sizes.push(x.shape[0] as number);
          return { outputs: [tf.mul(x, 2)] };
        },
      },
      { inputShape: [1] },
    );
    const m = sequential([spy]);
    const x = ndarray(
      Float32Array.from({ length: 70 }, (_, i) => i),
      [70, 1],
    );
    await expectNoLeak(async () => {
      const y = await m.predict(x);
      expect(Array.from(y.data)).toEqual(Array.from(x.data, (value) => 2 * value));
      const tensor = tf.tensor2d(x.data as Float32Array, [70, 1]);
      expect((await m.predict(tensor, { batchSize: 64 })).data).toEqual(y.data);
      tensor.dispose();
    });
    expect(sizes).toEqual([32, 32, 6, 64, 6]);
  });

  test('predict takes a row of the state for each row', async () => {
    const m = sequential([lstm({ units: 2, stateful: true, inputShape: [null, 1] })]);
    setKerasWeights(m);
    const x = ndarray(
      Float32Array.from({ length: 6 }, (_, i) => i / 6),
      [3, 2, 1],
    );
    const state = {
      'lstm#0': [
        tf.tensor2d([
          [0.1, 0.2],
          [0.3, 0.4],
          [0.5, 0.6],
        ]),
        tf.tensor2d([
          [0.6, 0.5],
          [0.4, 0.3],
          [0.2, 0.1],
        ]),
      ],
    };
    const whole = await m.predict(x, { state });
    expectClose(await m.predict(x, { state, batchSize: 2 }), whole);
    expectClose(
      arrayOf(() => m.call(tf.tensor3d(x.data as Float32Array, [3, 2, 1]), { state }).outputs as tf.Tensor),
      whole,
    );
    tf.dispose(state);
    m.dispose();
  });
});

describe('graphs that are none', () => {
  const x = input({ shape: [2], name: 'x' });

  test('are refused', () => {
    const stranger = input({ shape: [2], name: 'stranger' });
    const y = dense({ units: 1 }).apply(x);
    expect(() => model({ inputs: stranger, outputs: y })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: An output depends on an input that the model does not have. [INVALID_GRAPH]
        expected: inputs with x
        received: stranger
        where: model, inputs]
    `);
    expect(() => model({ inputs: y, outputs: y })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: A model starts at inputs. [INVALID_GRAPH]
        expected: tensors made by input(…)
        received: an output of dense
        where: model, inputs
        hint: For a part of a graph, apply its layers again to an input of their own; their parameters are shared.]
    `);
    expect(() => model({ inputs: [x, x], outputs: y })).toThrow('given twice');
    expect(() => model({ inputs: [], outputs: y })).toThrow('NOT_SYMBOLIC');
    expect(() => model({ inputs: x, outputs: tf.ones([1]) as never })).toThrow('NOT_SYMBOLIC');
    expect(() => dense({ units: 1 }).apply([[1, 2]] as never)).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: A layer is applied to the symbolic tensors of a graph. [NOT_SYMBOLIC]
        expected: the result of input(…) or of another apply(…)
        received: Array
        where: dense
        hint: To compute with real values, put the layer in a model and use predict or call.]
    `);
    expect(() => dense({ units: 1 }).apply(x, { initialState: y })).toThrow('NO_STATE');
    expect(() => input({ shape: [0] })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: An input needs one shape of positive lengths. [INVALID_SHAPE]
        expected: shape: [steps, features] or batchShape: [batch, steps, features], null for any length
        received: [null, 0]
        where: input]
    `);
    expect(() => input({})).toThrow('INVALID_SHAPE');
    expect(() => input({ shape: [1], batchShape: [1, 1] })).toThrow('INVALID_SHAPE');
    expect(() => input({ shape: [1], dtype: 'float16' as never })).toThrow('UNKNOWN_DTYPE');
    expect(() =>
      lstm({ units: 2 }).apply(input({ shape: [3, 1] }), { initialState: [input({ shape: [3] })] }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The initial state does not fit the layer. [SHAPE_MISMATCH]
        expected: [null, 2], [null, 2]
        received: [null, 3]
        where: lstm, argument initialState]
    `);
    expect(() => lstm({ units: 2 }).apply(input({ shape: [3, 1] }), { initialState: 3 as never })).toThrow('NOT_SYMBOLIC');
    expect(() => lstm({ units: 2 }).apply(input({ shape: [3, 1] }), { mask: 3 as never })).toThrow('NOT_SYMBOLIC');
  });

  test('a layer is held to the input shape it declares', () => {
    expect(dense({ units: 1, inputShape: [2] }).apply(x).shape).toEqual([null, 1]);
    expect(() => dense({ units: 1, inputShape: [3] }).apply(x)).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The input is not what the layer declares. [SHAPE_MISMATCH]
        expected: [null, 3]
        received: [null, 2]
        where: dense
        hint: Only the first layer of a model needs inputShape.]
    `);
  });

  test('a model used as a layer wants as many inputs as it has', () => {
    const two = model({ inputs: [x, input({ shape: [2] })], outputs: x });
    expect(() => two.apply(x)).toThrow('SHAPE_MISMATCH');
    two.dispose();
  });
});

describe('calls that do not fit', () => {
  test('are refused', async () => {
    const a = input({ shape: [2], name: 'a' });
    const b = input({ shape: [3, 2], name: 'b' });
    const m = model({ inputs: { a, b }, outputs: concatenate().apply([a, lstm({ units: 2 }).apply(b)]) });
    const fits = { a: tf.ones([2, 2]), b: tf.ones([2, 3, 2]) };
    const state = { 'lstm#0': [tf.ones([1, 2]), tf.ones([1, 2])] };
    expect(() => m.call({ a: fits.a } as never)).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The names are not those of the model. [INPUT_MISMATCH]
        expected: a, b
        received: a
        where: functional, inputs]
    `);
    expect(() => m.call([fits.a])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The number of arrays is not that of the model. [INPUT_MISMATCH]
        expected: 2: a, b
        received: 1
        where: functional, inputs]
    `);
    expect(() => m.call([fits.a, fits.a])).toThrow('SHAPE_MISMATCH');
    expect(() => m.call([[1], [2]] as never)).toThrow('For arrays use predict');
    expect(() => m.call({ a: tf.ones([3, 2]), b: fits.b })).toThrow('same number of rows');
    expect(() => m.call(fits, { state })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: A state has the wrong shape. [STATE_MISMATCH]
        expected: [2, 2], [2, 2]
        received: [1, 2], [1, 2]
        where: functional, state lstm#0]
    `);
    expect(() => m.call(fits, { state: { lstm: state['lstm#0'] } })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The model has no such recurrent call. [STATE_MISMATCH]
        expected: lstm#0
        received: lstm
        where: functional, state lstm]
    `);
    expect(() => m.call(fits, { states: state } as never)).toThrow('UNKNOWN_OPTION');
    expect(() => m.initialState(0)).toThrow('INVALID_OPTION');
    await expect(m.predict({ a: [[1, 2]], b: 'text' as never })).rejects.toThrow('INPUT_MISMATCH');
    await expect(
      m.predict({
        a: [[1, 2]],
        b: [
          [
            [1, 2],
            [3, 4],
            [5, 6],
          ],
          [
            [1, 2],
            [3, 4],
            [5, 6],
          ],
        ],
      }),
    ).rejects.toThrow('same number of rows');
    await expect(m.predict(fits, { batchSize: 0 })).rejects.toThrow('INVALID_OPTION');
    tf.dispose([fits, state]);
    m.dispose();
  });

  test('a forgotten batch axis is told', async () => {
    const m = sequential([dense({ units: 1, inputShape: [3, 2] })]);
    await expect(
      m.predict([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
    ).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: An input has the wrong shape. [SHAPE_MISMATCH]
        expected: [null, 3, 2]
        received: [3, 2]
        where: sequential.predict, input_layer
        hint: The first axis is the batch: one sample is a batch of one, [sample].]
    `);
    await expect(m.predict(ndarray(new Float32Array(0), [0, 3, 2]))).rejects.toThrow('There is no row');
    m.dispose();
  });

  test('a pinned batch binds', async () => {
    const m = sequential([lstm({ units: 1, batchInputShape: [2, 3, 1] })]);
    await expect(m.predict(ndarray(new Float32Array(9), [3, 3, 1]))).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The model is declared for another number of rows. [BATCH_SIZE_MISMATCH]
        expected: 2 rows, as batchInputShape says
        received: 1 rows
        where: sequential, input_layer
        hint: Give batches of that size, or declare null instead.]
    `);
    expect((await m.predict(ndarray(new Float32Array(12), [4, 3, 1]))).shape).toEqual([4, 1]);
    m.dispose();
  });
});

test('the configuration names every call of the graph', () => {
  const x = input({ shape: [4, 2], name: 'x' });
  const shared = timeDistributed({ layer: dense({ units: 2, name: 'inside' }), name: 'shared' });
  const [out, hidden, cell] = lstm({ units: 2, returnState: true, returnSequences: true, name: 'first' }).apply(shared.apply(x));
  const last = lstm({ units: 2, name: 'second' }).apply(shared.apply(out), { initialState: [hidden, cell] });
  const m = model({ inputs: x, outputs: [last], name: 'net' });
  const config = m.getConfig() as {
    name: string;
    layers: { name: string; className: string; inboundNodes: unknown[] }[];
    inputLayers: unknown;
    outputLayers: unknown;
  };
  expect(config.name).toBe('net');
  expect(config.layers.map(({ name, className }) => `${name}: ${className}`)).toEqual([
    'x: InputLayer',
    'shared: TimeDistributed',
    'first: LSTM',
    'second: LSTM',
  ]);
  expect(config.layers[3].inboundNodes).toEqual([
    {
      inputs: [['shared', 1, 0]],
      initialState: [
        ['first', 0, 1],
        ['first', 0, 2],
      ],
      masks: [],
      outputs: [{ shape: [null, 2], dtype: 'float32' }],
    },
  ]);
  expect(config.layers[1].inboundNodes).toEqual([
    { inputs: [['x', 0, 0]], initialState: null, masks: [], outputs: [{ shape: [null, 4, 2], dtype: 'float32' }] },
    { inputs: [['first', 0, 0]], initialState: null, masks: [], outputs: [{ shape: [null, 4, 2], dtype: 'float32' }] },
  ]);
  expect([config.inputLayers, config.outputLayers]).toEqual([
    ['x', 0, 0],
    ['second', 0, 0],
  ]);
  expect(JSON.parse(JSON.stringify(config))).toEqual(config);
  m.dispose();
});
