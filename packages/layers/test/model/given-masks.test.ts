import { expectClose } from '@cellstate/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import type { GivenMask, SymbolicTensor } from '../../src/index.ts';
import { add, attention, globalAveragePooling1d, input, lstm, masking, model, simpleRnn } from '../../src/index.ts';

/** Two real steps and one that masking takes away. */
const ROW = [1, 2, 0];

/** Attention over `ROW` by its equation, to those values only that are seen; queries that are not seen give 0. */
function attended(seenQueries: readonly boolean[], seenValues: readonly boolean[]): number[] {
  return ROW.map((query, i) => {
    if (seenQueries[i] === false) return 0;
    const weights = ROW.map((key, j) => (seenValues[j] === false ? 0 : Math.exp(query * key)));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return weights.reduce((total, weight, j) => total + (weight / sum) * (ROW[j] as number), 0);
  });
}

/** What a model gives for `ROW`, and whether its output carries a mask. */
function run(build: (masked: SymbolicTensor, plain: SymbolicTensor) => SymbolicTensor): { values: number[]; masked: boolean } {
  const x = input({ shape: [3, 1] });
  const m = model({ inputs: x, outputs: build(masking({ maskValue: 0 }).apply(x), x) });
  const result = tf.tidy(() => {
    const { outputs, masks } = m.call(tf.tensor3d([ROW.map((value) => [value])]));
    return { values: Array.from((outputs as tf.Tensor).dataSync()), masked: masks[0] !== null };
  });
  m.dispose();
  return result;
}

const REAL = [true, true, false];
const ALL = [true, true, true];

describe('masks given to apply', () => {
  test.each<{ name: string; mask: readonly GivenMask[] | null | undefined; queries: boolean[]; values: boolean[] }>([
    { name: 'none: those of the inputs', mask: undefined, queries: REAL, values: REAL },
    { name: 'null: no mask at all', mask: null, queries: ALL, values: ALL },
    { name: 'null for each input', mask: [null, null], queries: ALL, values: ALL },
    { name: 'null for the query', mask: [null], queries: ALL, values: REAL },
    { name: 'null for the value', mask: [undefined, null], queries: REAL, values: ALL },
  ])('$name', ({ mask, queries, values }) => {
    const result = run((x) => attention().apply([x, x], mask === undefined ? {} : { mask }));
    expectClose(result.values, attended(queries, values), { absolute: 1e-6 });
    expect(result.masked).toBe(queries === REAL);
  });

  test('a tensor of the graph for the second input', () => {
    const x = input({ shape: [3, 1] });
    const seen = input({ shape: [3], dtype: 'bool' });
    const m = model({ inputs: [x, seen], outputs: attention().apply([x, x], { mask: [null, seen] }) });
    const values = tf.tidy(() => {
      const { outputs } = m.call([tf.tensor3d([ROW.map((value) => [value])]), tf.tensor2d([[0, 1, 1]], [1, 3], 'bool')]);
      return Array.from((outputs as tf.Tensor).dataSync());
    });
    expectClose(values, attended(ALL, [false, true, true]), { absolute: 1e-6 });
    m.dispose();
  });

  test('null hides the mask from a recurrent layer, from a merge and from what follows', () => {
    const step = simpleRnn({ units: 1, kernelInitializer: 'ones', recurrentInitializer: 'ones' });
    const [one, two] = [Math.tanh(1), Math.tanh(2 + Math.tanh(1))];
    expectClose(run((x) => step.apply(x)).values, [two], { absolute: 1e-6 });
    expectClose(run((x) => step.apply(x, { mask: null })).values, [Math.tanh(two)], { absolute: 1e-6 });
    expectClose(run((x) => globalAveragePooling1d().apply(add().apply([x, x]))).values, [3], { absolute: 1e-6 });
    expectClose(run((x) => globalAveragePooling1d().apply(add().apply([x, x], { mask: null }))).values, [2], { absolute: 1e-6 });
    const sequences = simpleRnn({ units: 1, kernelInitializer: 'ones', recurrentInitializer: 'ones', returnSequences: true });
    const unmasked = run((x) => sequences.apply(x, { mask: null }));
    expectClose(unmasked.values, [one, two, Math.tanh(two)], { absolute: 1e-6 });
    expect(unmasked.masked).toBe(false);
  });

  test('are in the configuration', () => {
    const x = input({ shape: [3, 1], name: 'x' });
    const seen = input({ shape: [3], dtype: 'bool', name: 'seen' });
    const m = model({ inputs: [x, seen], outputs: attention().apply([x, x, x], { mask: [null, undefined, seen] }) });
    const { layers } = m.getConfig() as unknown as { layers: { name: string; inboundNodes: { masks: unknown }[] }[] };
    expect(layers.find(({ name }) => name === 'attention')?.inboundNodes[0]?.masks).toEqual([null, 'own', ['seen', 0, 0]]);
    m.dispose();
  });

  test('more than there are inputs, and numbers, are refused', () => {
    const x = input({ shape: [3, 1] });
    expect(() => lstm({ units: 2 }).apply(x, { mask: [null, null] })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: There are more masks than inputs. [INVALID_OPTION]
        expected: at most 1, one for each input
        received: 2
        where: lstm, argument mask]
    `);
    expect(() => attention().apply([x, x], { mask: [null, 1 as never] })).toThrow('NOT_SYMBOLIC');
  });
});
