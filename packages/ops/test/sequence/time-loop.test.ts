import { expectClose } from '@cellstate/testing';
import { expectGradientsMatch, expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Step, type TimeLoopOptions, timeLoop } from '../../src/index.ts';

/** Output: the running sum; states: the sum, and a count of steps of another shape. */
const runningSum: Step = (x, [sum, count]) => {
  const next = tf.add(sum as tf.Tensor, x);
  return { output: tf.mul(next, 10), state: [next, tf.add(count as tf.Tensor, 1)] };
};

const x = [
  [[1], [2], [3]],
  [[4], [5], [6]],
];

function run(options: Partial<Omit<TimeLoopOptions, 'mask'>> & { readonly mask?: number[][] } = {}) {
  return expectNoLeak(() =>
    tf.tidy(() => {
      const { mask, ...rest } = options;
      const { outputs, last, state } = timeLoop(runningSum, tf.tensor3d(x), {
        state: [tf.tensor2d([[100], [200]]), tf.zeros([2])],
        ...(mask === undefined ? {} : { mask: tf.tensor2d(mask, [2, 3], 'bool') }),
        ...rest,
      });
      const [sum, count] = state as [tf.Tensor, tf.Tensor];
      return {
        outputs: (outputs.arraySync() as number[][][]).map((row) => row.flat()),
        last: (last.arraySync() as number[][]).flat(),
        sum: (sum.arraySync() as number[][]).flat(),
        count: count.arraySync(),
      };
    }),
  );
}

const mask = [
  [0, 1, 0],
  [1, 0, 1],
];

describe('timeLoop', () => {
  test('goes through time, states of any shape', () => {
    expect(run()).toEqual({
      outputs: [
        [1010, 1030, 1060],
        [2040, 2090, 2150],
      ],
      last: [1060, 2150],
      sum: [106, 215],
      count: [3, 3],
    });
  });

  test('backwards, outputs in the order computed', () => {
    expect(run({ goBackwards: true }).outputs).toEqual([
      [1030, 1050, 1060],
      [2060, 2110, 2150],
    ]);
  });

  test('a masked step copies every state through and repeats the output, zeros before the first real step', () => {
    expect(run({ mask })).toEqual({
      outputs: [
        [0, 1020, 1020],
        [2040, 2040, 2100],
      ],
      last: [1020, 2100],
      sum: [102, 210],
      count: [1, 2],
    });
  });

  test('or gives zeros', () => {
    const { outputs, last, sum } = run({ mask, zeroOutputForMask: true });
    expect(outputs).toEqual([
      [0, 1020, 0],
      [2040, 0, 2100],
    ]);
    expect(last).toEqual([0, 2100]);
    expect(sum).toEqual([102, 210]);
  });

  test('the mask is reversed with the input', () => {
    expect(
      run({
        mask: [
          [0, 1, 1],
          [1, 1, 0],
        ],
        goBackwards: true,
      }).outputs,
    ).toEqual([
      [1030, 1050, 1050],
      [0, 2050, 2090],
    ]);
  });

  test.each([
    { goBackwards: false, masked: false, length: 3 },
    { goBackwards: true, masked: false, length: 3 },
    { goBackwards: true, masked: true, length: 3 },
    { goBackwards: false, masked: true, length: 1 },
  ])('gradients flow to every step: %o', ({ goBackwards, masked, length }) => {
    const input = tf.tensor3d(x.map((row) => row.slice(0, length)));
    const state = tf.tensor2d([[0.3], [0.4]]);
    const given = masked ? { mask: tf.tensor2d(mask.map((row) => row.slice(0, length))) } : {};
    const product: Step = (step, [before]) => {
      const next = tf.mul(tf.add(step, 0.5), before as tf.Tensor);
      return { output: next, state: [next] };
    };
    expectGradientsMatch(
      (a, b) => {
        const { outputs, last, state: after } = timeLoop(product, a as tf.Tensor, { state: [b as tf.Tensor], goBackwards, ...given });
        return [outputs, last, ...after];
      },
      [input, state],
    );
    tf.dispose([input, state, given]);
  });

  test('a step may return the very tensors it was given', () => {
    const [held, kept] = tf.tidy(() => {
      const state = tf.tensor2d([[7], [8]]);
      const { last, state: after } = timeLoop((_, [same]) => ({ output: same as tf.Tensor, state: [same as tf.Tensor] }), tf.tensor3d(x), {
        state: [state],
      });
      state.dispose();
      return [last.arraySync(), after[0]?.arraySync()];
    }) as unknown as [number[][], number[][]];
    expectClose(held, [[7], [8]]);
    expectClose(kept, [[7], [8]]);
  });

  test('a sequence cut anywhere gives the states of the whole, masked or not', () => {
    const steps = fc.array(fc.record({ value: fc.integer({ min: -9, max: 9 }), real: fc.boolean() }), { minLength: 2, maxLength: 7 });
    fc.assert(
      fc.property(steps, fc.nat(), (sequence, where) => {
        const cut = 1 + (where % (sequence.length - 1));
        const over = (part: typeof sequence, state: readonly tf.Tensor[]) =>
          timeLoop(runningSum, tf.tensor3d([part.map(({ value }) => [value])]), {
            state,
            mask: tf.tensor2d([part.map(({ real }) => (real ? 1 : 0))]),
          }).state;
        expectNoLeak(() =>
          tf.tidy(() => {
            const start = [tf.zeros([1, 1]), tf.zeros([1])];
            const read = (state: readonly tf.Tensor[]) => state.map((tensor) => tensor.arraySync());
            expect(read(over(sequence.slice(cut), over(sequence.slice(0, cut), start)))).toEqual(read(over(sequence, start)));
          }),
        );
      }),
    );
  });

  test('no time step is an error', () => {
    const before = tf.memory().numTensors;
    const empty = tf.zeros([2, 0, 1]);
    expect(() => timeLoop(runningSum, empty, { state: [] })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: A sequence needs a batch, at least one time step, and features. [SHAPE_MISMATCH]
        expected: [batch, time, features]
        received: [2, 0, 1]
        where: timeLoop]
    `);
    empty.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
