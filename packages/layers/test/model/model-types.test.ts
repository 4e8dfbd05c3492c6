import type { NdArray } from '@cellstate/core';
import { expect, expectTypeOf, test } from 'vitest';
import { bidirectional, functional, gru, input, lstm, type Model, type SymbolicTensor, sequential } from '../../src/index.ts';

const x = input({ shape: [3, 2] });

test('returnState tells what apply gives', () => {
  expectTypeOf(lstm({ units: 2 }).apply(x)).toEqualTypeOf<SymbolicTensor>();
  const [out, hidden, cell] = lstm({ units: 2, returnState: true }).apply(x);
  expectTypeOf([out, hidden, cell]).toEqualTypeOf<SymbolicTensor[]>();
  expect([out, hidden, cell].map(({ shape }) => shape)).toEqual(Array(3).fill([null, 2]));
  expectTypeOf(gru({ units: 2, returnState: true }).apply(x)).toEqualTypeOf<readonly [out: SymbolicTensor, hidden: SymbolicTensor]>();
  expectTypeOf(bidirectional({ layer: lstm({ units: 2 }) }).apply(x)).toEqualTypeOf<SymbolicTensor>();
});

test('predict gives what outputs are', async () => {
  const one = functional({ inputs: x, outputs: x });
  const list = functional({ inputs: x, outputs: [x, x] });
  const record = functional({ inputs: { x }, outputs: { a: x, b: x } });
  expectTypeOf(one.predict).returns.resolves.toEqualTypeOf<NdArray>();
  expectTypeOf(list.predict).returns.resolves.toEqualTypeOf<[NdArray, NdArray]>();
  expectTypeOf(record.predict).returns.resolves.toHaveProperty('b').toEqualTypeOf<NdArray>();
  expectTypeOf(sequential([lstm({ units: 1, inputShape: [1, 1] })])).toEqualTypeOf<Model>();
  expect(
    (
      await one.predict([
        [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
      ])
    ).shape,
  ).toEqual([1, 3, 2]);
  expect(
    Object.keys(
      await record.predict({
        x: [
          [
            [1, 2],
            [3, 4],
            [5, 6],
          ],
        ],
      }),
    ),
  ).toEqual(['a', 'b']);
  expectTypeOf(one.apply(x)).toEqualTypeOf<SymbolicTensor>();
});
