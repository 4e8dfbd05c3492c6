import { ndarray } from '@cellstate/core';
import { asymmetric, expectClose } from '@cellstate/testing';
import { expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Layer, Model } from '../../src/index.ts';
import {
  batchNormalization,
  bidirectional,
  dense,
  dropout,
  embedding,
  flatten,
  functional,
  gru,
  gruCell,
  input,
  lstm,
  lstmCell,
  masking,
  repeatVector,
  rnn,
  sequential,
  simpleRnn,
  timeDistributed,
} from '../../src/index.ts';
import { arrayOf, setKerasWeights, tensorOf } from '../recurrent/keras-setting.ts';

const close = { absolute: 1e-5, relative: 1e-5 };
const series = (lanes: number, steps: number, features = 2) =>
  ndarray(asymmetric([lanes, steps, features], 0.3, 0.71), [lanes, steps, features]);

const causal: [name: string, layers: () => Layer<unknown>[]][] = [
  ['lstm', () => [lstm({ units: 3, returnSequences: true, inputShape: [null, 2] })]],
  ['gru', () => [gru({ units: 3, returnSequences: true, inputShape: [null, 2] })]],
  ['gru, reset before', () => [gru({ units: 3, returnSequences: true, resetAfter: false, inputShape: [null, 2] })]],
  ['simpleRnn', () => [simpleRnn({ units: 3, returnSequences: true, inputShape: [null, 2] })]],
  [
    'rnn of stacked cells',
    () => [rnn({ cell: [lstmCell({ units: 2 }), gruCell({ units: 3 })], returnSequences: true, inputShape: [null, 2] })],
  ],
  [
    'stacked layers',
    () => [
      lstm({ units: 3, returnSequences: true, inputShape: [null, 2] }),
      batchNormalization(),
      dropout({ rate: 0.5 }),
      gru({ units: 2, returnSequences: true }),
      timeDistributed({ layer: dense({ units: 2 }) }),
      dense({ units: 1, activation: 'tanh' }),
    ],
  ],
];

describe('whole sequence = chunks = step by step', () => {
  test.each(causal)('%s', (_, layers) => {
    const made = sequential(layers());
    setKerasWeights(made);
    const x = series(3, 6);
    const whole = arrayOf(() => made.call(tensorOf(x)).outputs as tf.Tensor);

    const steps = made.stream({ lanes: 3 });
    for (let t = 0; t < 6; t++) {
      const output = steps.push(x.slice([null, [t, t + 1]]).reshape([3, 2]));
      expect(output.shape).toEqual([3, made.outputs[0].shape[2]]);
      expectClose(output.data, whole.slice([null, [t, t + 1]]).data, close);
    }
    steps.dispose();

    const chunks = made.stream({ lanes: 3 });
    expectClose(chunks.push(x.slice([null, [0, 2]])), whole.slice([null, [0, 2]]), close);
    expectClose(chunks.push(x.slice([null, [2, 6]])), whole.slice([null, [2, 6]]), close);
    chunks.dispose();

    tf.tidy(() => {
      const at = (start: number, end: number) => tensorOf(x.slice([null, [start, end]]));
      const first = made.call(at(0, 4));
      const second = made.call(at(4, 6), { state: first.state });
      expectClose(first.outputs as tf.Tensor, whole.slice([null, [0, 4]]), close);
      expectClose(second.outputs as tf.Tensor, whole.slice([null, [4, 6]]), close);
    });
    made.dispose();
  });

  test.each([
    ['lstm', () => lstm({ units: 3, returnSequences: true })],
    ['lstm, last', () => lstm({ units: 3 })],
    ['lstm, zeros at masked steps', () => lstm({ units: 3, returnSequences: true, zeroOutputForMask: true })],
    ['stacked cells', () => rnn({ cell: [lstmCell({ units: 2 }), gruCell({ units: 3 })], returnSequences: true })],
  ])('masked steps, wherever a chunk begins: %s', (_, layer) => {
    const made = sequential([masking({ inputShape: [null, 2] }), layer() as Layer]);
    setKerasWeights(made);
    const masked = [
      [0, 1, 0, 0, 1, 0],
      [1, 1, 1, 0, 0, 0],
    ];
    const x = series(2, 6);
    for (const [lane, steps] of masked.entries()) {
      for (const [t, real] of steps.entries()) if (real === 0) x.data.fill(0, (lane * 6 + t) * 2, (lane * 6 + t + 1) * 2);
    }
    for (const cut of [1, 2, 3, 4]) {
      const stream = made.stream({ lanes: 2 });
      for (let start = 0; start < 6; start += cut) {
        const end = Math.min(6, start + cut);
        const chunk = stream.push(x.slice([null, [start, end]]));
        const whole = arrayOf(() => made.call(tensorOf(x.slice([null, [0, end]]))).outputs as tf.Tensor);
        expectClose(chunk, whole.shape.length === 3 ? whole.slice([null, [start, end]]) : whole, close);
      }
      stream.dispose();
    }
    made.dispose();
  });

  test('any cut of any length', () => {
    const made = sequential([lstm({ units: 2, returnSequences: true, inputShape: [null, 2] }), dense({ units: 1 })]);
    setKerasWeights(made);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 }), (lengths) => {
        const steps = lengths.reduce((a, b) => a + b);
        const x = series(1, steps);
        const whole = arrayOf(() => made.call(tensorOf(x)).outputs as tf.Tensor).data;
        const stream = made.stream();
        const parts: number[] = [];
        let start = 0;
        for (const length of lengths) {
          parts.push(...stream.push(x.slice([null, [start, start + length]])).data);
          start += length;
        }
        stream.dispose();
        expectClose(parts, whole, close);
      }),
      { numRuns: 20 },
    );
    made.dispose();
  });
});

test('lengths 5, 2 and 7 through one stateful model', async () => {
  const made = sequential([lstm({ units: 3, stateful: true, inputShape: [null, 2] }), dense({ units: 1 })]);
  setKerasWeights(made);
  for (const length of [5, 2, 7]) {
    const x = series(4, length);
    const batch = await made.predict(x, { state: 'zero' });
    const stream = made.stream({ lanes: 4 });
    expectClose(stream.push(x), batch, close);
    stream.dispose();
  }
  made.dispose();
});

describe('forms of a push', () => {
  const made = (): Model => {
    const m = sequential([lstm({ units: 2, returnSequences: true, batchInputShape: [7, 3, 2] }), dense({ units: 1 })]);
    setKerasWeights(m);
    return m;
  };

  test('what comes out has the rank of what went in; declared batch and steps do not bind', () => {
    const m = made();
    const stream = m.stream({ lanes: 1 });
    expect(stream.push([0.1, 0.2]).shape).toEqual([1]);
    expect(stream.push(Float32Array.of(0.1, 0.2)).shape).toEqual([1]);
    expect(stream.push([[0.1, 0.2]]).shape).toEqual([1, 1]);
    expect(stream.push([[[0.1, 0.2]]]).shape).toEqual([1, 1, 1]);
    expect(stream.push(ndarray(new Float32Array(10), [1, 5, 2])).shape).toEqual([1, 5, 1]);
    const tensor = tf.tensor2d([[0.1, 0.2]]);
    expect(stream.push(tensor).shape).toEqual([1, 1]);
    tensor.dispose();
    stream.dispose();
    m.dispose();
  });

  test('a model of the last step gives one row a lane', () => {
    const m = sequential([lstm({ units: 2, inputShape: [3, 2] }), dense({ units: 1 })]);
    const stream = m.stream({ lanes: 2 });
    expect(stream.push(series(2, 5)).shape).toEqual([2, 1]);
    expect(stream.push(series(2, 1).reshape([2, 2])).shape).toEqual([2, 1]);
    stream.dispose();
    m.dispose();
  });

  test('tokens', () => {
    const x = input({ shape: [null], dtype: 'int32' });
    const m = functional({
      inputs: x,
      outputs: lstm({ units: 2, returnSequences: true }).apply(embedding({ inputDim: 5, outputDim: 3 }).apply(x)),
    });
    setKerasWeights(m);
    const whole = arrayOf(() => m.call(tf.tensor2d([[1, 4, 2]], [1, 3], 'int32')).outputs as tf.Tensor).data;
    const stream = m.stream({ lanes: 1 });
    const steps = [1, 4, 2].flatMap((token) => Array.from(stream.push([token]).data));
    expectClose(steps, whole, close);
    stream.dispose();
    m.dispose();
  });

  test('several inputs and outputs', () => {
    const a = input({ shape: [null, 2], name: 'a' });
    const fixed = input({ shape: [3], name: 'fixed' });
    const [out, hidden] = gru({ units: 3, returnSequences: true, returnState: true }).apply(a, { initialState: fixed });
    const m = functional({ inputs: { a, fixed }, outputs: { out, hidden } });
    setKerasWeights(m);
    const h0 = ndarray(asymmetric([2, 3], 0.2, 0.9), [2, 3]);
    const x = series(2, 4);
    const whole = arrayOf(() => (m.call({ a: tensorOf(x), fixed: tensorOf(h0) }).outputs as Record<string, tf.Tensor>).out);
    const stream = m.stream({ lanes: 2 });
    const push = (t: number) => stream.push({ a: x.slice([null, [t, t + 1]]).reshape([2, 2]), fixed: h0 });
    expectClose(push(0).out.data, whole.slice([null, [0, 1]]).data, close);
    const second = push(1);
    expectClose(second.out.data, whole.slice([null, [1, 2]]).data, close);
    expectClose(second.hidden, second.out);
    stream.reset([1]);
    const third = push(2).out;
    expectClose(
      third.slice([[0, 1]]).data,
      whole.slice([
        [0, 1],
        [2, 3],
      ]).data,
      close,
    );
    stream.reset();
    stream.push({ a: x.slice([null, [2, 3]]).reshape([2, 2]), fixed: h0 });
    expect(third.slice([[1, 2]]).toNested()).not.toEqual(second.out.slice([[1, 2]]).toNested());
    stream.reset();
    const anew = stream.push({ a: x.slice([null, [2, 3]]).reshape([2, 2]), fixed: h0 }).out;
    expectClose(third.slice([[1, 2]]), anew.slice([[1, 2]]), close);
    stream.dispose();
    m.dispose();
  });
});

describe('lanes and snapshots', () => {
  const build = () => {
    const m = sequential([lstm({ units: 2, inputShape: [null, 2] })]);
    setKerasWeights(m);
    return m;
  };

  test('reset starts only the lanes it names', () => {
    const m = build();
    const x = series(2, 1).reshape([2, 2]);
    const stream = m.stream({ lanes: 2 });
    const fresh = stream.push(x);
    const second = stream.push(x);
    stream.reset();
    stream.push(x);
    stream.reset([1]);
    const mixed = stream.push(x);
    expectClose(mixed.slice([[0, 1]]), second.slice([[0, 1]]), close);
    expectClose(mixed.slice([[1, 2]]), fresh.slice([[1, 2]]), close);
    stream.dispose();
    m.dispose();
  });

  test('snapshot, restore and fork', async () => {
    const m = build();
    const x = series(2, 1).reshape([2, 2]);
    const stream = m.stream({ lanes: 2 });
    const start = stream.snapshot();
    const fresh = stream.push(x);
    const saved = stream.snapshot();
    expect(Object.keys(saved.state)).toEqual(['lstm#0']);
    const branch = stream.fork();
    const second = stream.push(x);
    expectClose(branch.push(x), second, close);
    branch.dispose();
    stream.restore(saved);
    expectClose(await stream.pushAsync(x), second, close);
    stream.restore(start);
    expectClose(stream.push(x), fresh, close);
    stream.dispose();
    m.dispose();
  });

  test('a push inside a tidy keeps the state', () => {
    const m = build();
    const x = series(1, 1).reshape([1, 2]);
    const plain = m.stream();
    plain.push(x);
    const expected = plain.push(x);
    plain.dispose();
    const stream = m.stream();
    tf.tidy(() => {
      stream.push(x);
    });
    tf.tidy(() => {
      expectClose(stream.push(x), expected, close);
    });
    stream.dispose();
    m.dispose();
  });

  test('a thousand pushes, forks and restores leave no tensor', async () => {
    const m = build();
    await expectNoLeak(async () => {
      const stream = m.stream({ lanes: 2 });
      const x = series(2, 1).reshape([2, 2]);
      for (let t = 0; t < 1000; t++) stream.push(x);
      const snapshot = stream.snapshot();
      const fork = stream.fork();
      await fork.pushAsync(x);
      fork.restore(snapshot);
      fork.reset([0]);
      fork.push(x);
      expect(() => fork.push([1, 2, 3])).toThrow('SHAPE_MISMATCH');
      fork.dispose();
      fork.dispose();
      stream.dispose();
    });
    m.dispose();
  });
});

describe('what cannot be streamed', () => {
  function refused(made: () => Model<unknown>): string {
    const m = made();
    try {
      m.stream();
    } catch (error) {
      return (error as Error).message;
    } finally {
      m.dispose();
    }
    return 'not refused';
  }

  test('a bidirectional layer', () => {
    expect(
      refused(() =>
        sequential([bidirectional({ layer: lstm({ units: 2, returnSequences: true, inputShape: [null, 2] }) }), dense({ units: 1 })]),
      ),
    ).toMatchInlineSnapshot(`
      "The model cannot run step by step: bidirectional needs the whole sequence. [NOT_STREAMABLE]
        expected: layers that need no later step
        received: Bidirectional
        where: bidirectional
        hint: Use predict on whole sequences."
    `);
  });

  test('a layer that goes backwards', () => {
    expect(refused(() => sequential([lstm({ units: 2, goBackwards: true, inputShape: [null, 2] })]))).toContain(
      'lstm reads time backwards',
    );
  });

  test('a layer over the whole sequence', () => {
    expect(refused(() => sequential([flatten({ inputShape: [3, 2] }), dense({ units: 1 })]))).toContain('flatten needs the whole sequence');
    const m = sequential([lstm({ units: 2, inputShape: [3, 2] }), flatten(), dense({ units: 1 })]);
    m.stream().dispose();
    m.dispose();
  });

  test('an autoencoder, and an encoder that starts a decoder', () => {
    const autoencoder = () => {
      const x = input({ shape: [5, 2] });
      const encoder = functional({ inputs: x, outputs: lstm({ units: 3 }).apply(x), name: 'encoder' });
      return functional({ inputs: x, outputs: lstm({ units: 2 }).apply(repeatVector({ n: 5 }).apply(encoder.apply(x))) });
    };
    expect(refused(autoencoder)).toContain('repeat_vector needs the whole sequence');
    const sequenceToSequence = () => {
      const x = input({ shape: [null, 2] });
      const y = input({ shape: [null, 1] });
      const [, hidden, cell] = lstm({ units: 3, returnState: true, name: 'encoder' }).apply(x);
      return functional({ inputs: [x, y], outputs: lstm({ units: 3, name: 'decoder' }).apply(y, { initialState: [hidden, cell] }) });
    };
    expect(refused(sequenceToSequence)).toContain('decoder starts from what another layer makes of the whole sequence');
  });

  test('a nested model is looked into', () => {
    const inner = () => sequential([bidirectional({ layer: gru({ units: 2, inputShape: [null, 2] }) })], { name: 'inner' });
    expect(refused(() => sequential([inner(), dense({ units: 1 })]))).toContain('inner/bidirectional needs the whole sequence');
  });
});

describe('misuse', () => {
  const build = () => sequential([lstm({ units: 2, inputShape: [null, 2] })]);

  test('shapes, lanes and snapshots are checked', () => {
    const m = build();
    const stream = m.stream({ lanes: 2 });
    expect(() => stream.push([1, 2])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: A stream takes steps or chunks of its lanes. [SHAPE_MISMATCH]
        expected: [2, 2] or [2, null, 2]
        received: [2]
        where: sequential.stream, input_layer]
    `);
    expect(() => stream.push([[1, 2]])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The stream has another number of lanes. [SHAPE_MISMATCH]
        expected: 2 rows
        received: 1 rows
        where: sequential.stream, input_layer]
    `);
    expect(() => stream.push([[1], [2]])).toThrow('SHAPE_MISMATCH');
    expect(() => stream.reset([2])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The stream has no such lane. [INVALID_OPTION]
        expected: a list of lanes 0 to 1
        received: 2
        where: sequential.stream.reset]
    `);
    const other = m.stream({ lanes: 3 });
    expect(() => stream.restore(other.snapshot())).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The snapshot is not one of this stream. [STATE_MISMATCH]
        expected: 2 lanes of lstm#0, 2 starts
        received: 3 lanes of no state, 3 starts
        where: sequential.stream, restore]
    `);
    stream.dispose();
    expect(() => stream.push(series(2, 1))).toThrow('DISPOSED');
    expect(() => m.stream({ lanes: 0 })).toThrow('INVALID_OPTION');
    expect(() => m.stream({ batch: 2 } as never)).toThrow('UNKNOWN_OPTION');
    other.dispose();
    m.dispose();
  });
});
