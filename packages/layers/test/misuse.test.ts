import { ndarray } from '@cellstate/core';
import { expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import {
  type ApplyOptions,
  attention,
  bidirectional,
  dense,
  input,
  type Layer,
  type LstmOptions,
  lstm,
  model,
  type State,
  type StreamSnapshot,
  sequential,
} from '../src/index.ts';

/** What JavaScript lets through and TypeScript does not. */
const anything = (value: unknown) => value as never;
const small = (options: Partial<LstmOptions> = {}) =>
  sequential([lstm({ units: 2, inputShape: [null, 1], ...options }), dense({ units: 1 })]);

describe('options', () => {
  test('a layer that needs some says so', () => {
    expect(() => lstm(anything(undefined))).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The layer cannot do without options. [INVALID_OPTIONS]
        expected: { units: …, … }
        received: none
        where: lstm]
    `);
    for (const make of [dense, bidirectional]) expect(() => make(anything(undefined))).toThrow('INVALID_OPTIONS');
    expect(attention().className).toBe('Attention');
  });

  test('a shape is a list', () => {
    expect(() => lstm({ units: 1, inputShape: anything(3) })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: A shape is a list of lengths. [INVALID_SHAPE]
        expected: [steps, features], null for any length
        received: 3
        where: lstm, inputShape]
    `);
    expect(() => dense({ units: 1, batchInputShape: anything('3') })).toThrow('INVALID_SHAPE');
  });

  test('a model needs some', () => expect(() => model(anything(undefined))).toThrow('NOT_SYMBOLIC'));

  test('apply ignores none', () => {
    const x = input({ shape: [2, 1] });
    const options = { initial_state: [input({ shape: [1] })] } as ApplyOptions;
    expect(() => lstm({ units: 1 }).apply(x, options)).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: Unknown option 'initial_state'. [UNKNOWN_OPTION]
        expected: one of initialState, mask
        received: initial_state
        where: lstm.apply
        hint: Did you mean 'initialState'?]
    `);
  });

  test('a sequential model is made of layers', () => {
    const first = () => lstm({ units: 1, inputShape: [2, 1] });
    expect(() => sequential([first(), anything(dense)])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: A sequential model is a list of layers. [NOT_A_LAYER]
        expected: a layer
        received: function
        where: sequential, layer 1
        hint: Call the factory: dense({ units: 1 }).]
    `);
    for (const wrong of [undefined, null, {}, { units: 3 }, input({ shape: [1] })]) {
      expect(() => sequential([first(), anything(wrong)])).toThrow('NOT_A_LAYER');
    }
  });
});

describe('shared layers', () => {
  test('take inputs of one shape', () => {
    const shared = dense({ units: 2, name: 'shared' });
    const [three, four] = [input({ shape: [3] }), input({ shape: [4] })];
    expect(() => model({ inputs: [three, four], outputs: [shared.apply(three), shared.apply(four)] })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The layer has parameters for inputs of another shape. [SHAPE_MISMATCH]
        expected: inputs for which kernel is [3, 2]
        received: inputs for which it is [4, 2]
        where: shared
        hint: A layer that is applied twice shares its parameters; make a second layer.]
    `);
    expectNoLeak(() => {
      const first = model({ inputs: three, outputs: shared.apply(three) });
      expect(() => model({ inputs: four, outputs: shared.apply(four) })).toThrow('SHAPE_MISMATCH');
      expect(first.countParams()).toBe(8);
      first.dispose();
    });
  });

  test('so do models', () => {
    expectNoLeak(() => {
      const encoder = small();
      expect(encoder.apply(input({ shape: [7, 1] })).shape).toEqual([null, 1]);
      expect(() => encoder.apply(input({ shape: [7, 2] }))).toThrowErrorMatchingInlineSnapshot(`
        [CellstateError: The input is not what the model declares. [SHAPE_MISMATCH]
          expected: [null, null, 1]
          received: [null, 7, 2]
          where: sequential, input_layer]
      `);
      expect(() => encoder.apply(input({ shape: [7] }))).toThrow('SHAPE_MISMATCH');
      encoder.dispose();
    });
  });

  test('an encoder outlives one of its two models', async () => {
    const encoder: Layer = lstm({ units: 2, name: 'encoder' });
    const x = input({ shape: [2, 1] });
    await expectNoLeak(async () => {
      const code = encoder.apply(x);
      const [a, b] = [dense({ units: 1 }), dense({ units: 1 })].map((head) => model({ inputs: x, outputs: head.apply(code) }));
      a.dispose();
      expect((await b.predict([[[1], [2]]])).shape).toEqual([1, 1]);
      await expect(a.predict([[[1], [2]]])).rejects.toThrow('DISPOSED');
      b.dispose();
    });
  });
});

test('an initializer that throws leaves nothing behind', () => {
  const broken = () => {
    throw new Error('broken');
  };
  expectNoLeak(() => {
    const layers = [lstm({ units: 2, inputShape: [2, 1] }), dense({ units: 1, biasInitializer: broken })];
    expect(() => sequential(layers)).toThrow('broken');
    expect(layers[0].parameters).toEqual([]);
  });
});

test('a disposed model says so', () => {
  const made = small();
  expect(made.disposed).toBe(false);
  made.dispose();
  made.dispose();
  expect(made.disposed).toBe(true);
  expect(() => made.getWeights()).toThrowErrorMatchingInlineSnapshot(`
    [CellstateError: The model has been disposed. [DISPOSED]
      expected: a model in use
      received: sequential
      where: sequential]
  `);
  expect(() => made.setWeights([])).toThrow('DISPOSED');
  expect(() => made.parameters).toThrow('DISPOSED');
  expect(() => made.stream().push([1])).toThrow('DISPOSED');
});

describe('predict', () => {
  const x = [
    [[1], [2]],
    [[3], [4]],
  ];

  test('takes no nothing', async () => {
    const made = small();
    await expect(made.predict(anything(undefined))).rejects.toThrow('INPUT_MISMATCH');
    expect(() => made.stream().push(anything(undefined))).toThrow('INPUT_MISMATCH');
    made.dispose();
  });

  test('takes a state with a row for each row', async () => {
    const made = small({ stateful: true });
    await expectNoLeak(async () => {
      const three = made.initialState(3);
      await expect(made.predict(x, { state: three })).rejects.toThrowErrorMatchingInlineSnapshot(`
        [CellstateError: A state has the wrong shape. [STATE_MISMATCH]
          expected: [2, 2], [2, 2]
          received: [3, 2], [3, 2]
          where: sequential, state lstm#0]
      `);
      tf.dispose(Object.values(three).flat());
      for (const state of [null, 'none']) {
        await expect(made.predict(x, { state: state as unknown as State })).rejects.toThrow('STATE_MISMATCH');
      }
      await expect(made.predict(x, { state: { 'lstm#0': [] } })).rejects.toThrow('STATE_MISMATCH');
    });
    made.dispose();
  });
});

describe('streams', () => {
  const pushed = () => {
    const made = small();
    const stream = made.stream();
    stream.push([1]);
    return { made, stream, snapshot: stream.snapshot() };
  };

  test('restore only what is theirs', () => {
    expectNoLeak(() => {
      const { made, stream, snapshot } = pushed();
      const [[path, [hidden, cell]]] = Object.entries(snapshot.state);
      const after = stream.fork();
      const wrong: unknown[] = [
        null,
        {},
        { ...snapshot, lanes: 2 },
        { ...snapshot, starts: [] },
        { ...snapshot, state: { [path]: [hidden] } },
        { ...snapshot, state: { ...snapshot.state, other: [cell] } },
        { ...snapshot, state: { [path]: [{ shape: hidden.shape, data: new Float32Array(1) }, cell] } },
      ];
      for (const one of wrong) expect(() => stream.restore(one as StreamSnapshot)).toThrow('STATE_MISMATCH');
      expect(() => stream.restore({ ...snapshot, starts: [] })).toThrowErrorMatchingInlineSnapshot(`
        [CellstateError: The snapshot is not one of this stream. [STATE_MISMATCH]
          expected: 1 lanes of lstm#0, 1 starts
          received: 1 lanes of lstm#0, 0 starts
          where: sequential.stream, restore]
      `);
      expect(stream.push([2]).toNested()).toEqual(after.push([2]).toNested());
      stream.dispose();
      after.dispose();
      expect(() => stream.restore(snapshot)).toThrow('DISPOSED');
      made.dispose();
    });
  });

  test('a snapshot survives JSON', () => {
    const { made, stream, snapshot } = pushed();
    const expected = stream.push([2]).toNested();
    stream.restore(JSON.parse(JSON.stringify(snapshot)) as StreamSnapshot);
    expect(stream.push([2]).toNested()).toEqual(expected);
    stream.dispose();
    made.dispose();
  });

  test('a push that fails changes nothing', () => {
    const { made, stream } = pushed();
    const fork = stream.fork();
    expectNoLeak(() => {
      expect(() => stream.push([1, 2])).toThrow('SHAPE_MISMATCH');
      expect(() => stream.push(ndarray(new Float32Array(0), [1, 0, 1]))).toThrow('SHAPE_MISMATCH');
    });
    expect(stream.push([2]).toNested()).toEqual(fork.push([2]).toNested());
    expect(() => stream.reset(anything(0))).toThrow('INVALID_OPTION');
    for (const one of [stream, fork]) one.dispose();
    made.dispose();
  });
});
