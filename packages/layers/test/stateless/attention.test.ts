import '@cellstate/ops';
import { asymmetric, expectClose } from '@cellstate/testing';
import { asymmetricTensor, expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Layer } from '../../src/contract.ts';
import { additiveAttention } from '../../src/stateless/additive-attention.ts';
import { attention } from '../../src/stateless/attention.ts';
import type { Run } from '../run-layer.ts';
import { checkGradients, kerasM, kerasV, kerasX, runLayer, shapesAgree } from '../run-layer.ts';

const keras = { absolute: 1e-6, relative: 0 };

function values(layer: Layer<unknown>, inputs: () => tf.Tensor[], run: () => Run = () => ({})): number[][] {
  return expectNoLeak(() => {
    const collected: number[][] = [];
    tf.tidy(() => {
      for (const output of runLayer(layer, inputs(), run()).outputs) collected.push(Array.from(output.dataSync()));
    });
    return collected;
  });
}

const xv = () => [kerasX(), kerasV()];
const valueMask = () =>
  tf.tensor2d(
    [
      [1, 1, 0],
      [0, 1, 1],
    ],
    undefined,
    'bool',
  );

describe('attention', () => {
  it("gives Keras' numbers", () => {
    const expected = [
      0.19853209, 0.15461735, 0.23735557, 0.16736886, -0.00915965, -0.16969763, 0.06786947, -0.03803441, 0.21600832, 0.24942443, 0.12039471,
      0.14894384, -0.09520655, 0.05357373, 0.13732305, 0.20808601,
    ];
    expectClose(values(attention(), xv)[0], expected, keras);
    expectClose(values(attention(), () => [...xv(), kerasV()])[0], expected, keras);
  });

  it("gives Keras' numbers for the concat score with a scale", () => {
    const parameters = () => ({ parameters: { scale: tf.scalar(0.7), concat_score_weight: tf.scalar(1.3) } });
    const expected = [
      0.24856283, 0.19009984, 0.23575321, 0.1918214, 0.23371185, 0.178426, 0.24513283, 0.20191015, 0.19204412, 0.21819033, 0.21525624,
      0.2466051, 0.18993388, 0.22912031, 0.21244723, 0.22817518,
    ];
    expectClose(values(attention({ useScale: true, scoreMode: 'concat' }), xv, parameters)[0], expected, keras);
  });

  it("gives Keras' numbers under a causal mask", () => {
    const expected = [
      0.0, 0.78332692, 0.67114925, 0.53801793, -0.24232027, -0.62738252, -0.33157757, -0.06962776, 0.79366785, 0.96988982, 0.55654073,
      0.08276653, -0.68883801, -0.64771563, 0.30068865, 0.55555481,
    ];
    expectClose(values(attention({ useCausalMask: true }), () => [kerasX(), kerasX()])[0], expected, keras);
  });

  it("gives Keras' numbers under masks: masked values get no weight, masked queries give 0", () => {
    const expected = [
      0.32214004, 0.32621548, 0.33719832, 0.29779622, 0.0, 0.0, 0.32826751, 0.31465122, 0.0, 0.0, 0.35088116, 0.25205585, 0.35028976,
      0.2543771, 0.0, 0.0,
    ];
    expectClose(values(attention(), xv, () => ({ masks: [kerasM(), valueMask()] }))[0], expected, keras);
    tf.tidy(() => {
      const mask = kerasM();
      expect(runLayer(attention(), xv(), { masks: [mask, null] }).masks?.[0] === mask).toBe(true);
    });
  });

  it('is softmax(scale · query · keyᵀ) · value in float64, with a key of its own and its weights', () => {
    const [q, v, k] = [asymmetric([2, 3], 0.4), asymmetric([4, 2], 0.7), asymmetric([4, 3], 1.1)];
    const rows = [0, 1].map((i) => {
      const scores = [0, 1, 2, 3].map((j) => 1.7 * [0, 1, 2].reduce((sum, n) => sum + q[i * 3 + n] * k[j * 3 + n], 0));
      const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
      return scores.map((score) => Math.exp(score) / total);
    });
    const expected = rows.flatMap((weights) => [0, 1].map((f) => weights.reduce((sum, weight, j) => sum + weight * v[j * 2 + f], 0)));
    const inputs = () => [asymmetricTensor([1, 2, 3], 0.4), asymmetricTensor([1, 4, 2], 0.7), asymmetricTensor([1, 4, 3], 1.1)];
    const [output, weights] = values(attention({ useScale: true, returnAttentionScores: true }), inputs, () => ({
      parameters: { scale: tf.scalar(1.7) },
    }));
    expectClose(output, expected);
    expectClose(weights, rows.flat());
  });

  it('drops weights while training, by the seed', () => {
    const weights = (seed: number) =>
      values(attention({ dropout: 0.5, returnAttentionScores: true }), xv, () => ({ training: true, seed }))[1];
    const full = values(attention({ returnAttentionScores: true }), xv)[1];
    expect(weights(3)).toEqual(weights(3));
    expect(weights(3)).not.toEqual(weights(4));
    expectClose(
      weights(3).filter((weight) => weight !== 0),
      full.filter((_, i) => weights(3)[i] !== 0).map((weight) => 2 * weight),
    );
    expect(weights(3)).toContain(0);
    expect(values(attention({ dropout: 0.5 }), xv)).toEqual(values(attention(), xv));
    expect(values(attention({ dropout: 1 }), xv, () => ({ training: true }))[0].every((value) => value === 0)).toBe(true);
    expect(() => values(attention({ dropout: 0.5 }), xv, () => ({ training: true }))).toThrow(/SEED_MISSING/);
  });

  it('has gradients', () => {
    const inputs = () => [asymmetricTensor([1, 3, 2], 0.4), asymmetricTensor([1, 2, 2], 0.9)];
    checkGradients(attention({ useScale: true }), inputs);
    checkGradients(attention({ useScale: true, scoreMode: 'concat', returnAttentionScores: true }), inputs);
    checkGradients(attention({ useCausalMask: true }), inputs, () => ({ masks: [tf.tensor2d([[1, 0, 1]]), tf.tensor2d([[1, 0]])] }));
  });

  it('knows its shapes', () => {
    expect(shapesAgree(attention(), xv)).toBe(true);
    expect(shapesAgree(attention({ returnAttentionScores: true }), xv)).toBe(true);
    const specs = attention().definition.outputs([
      { shape: [null, null, 4], dtype: 'float32' },
      { shape: [null, 5, 4], dtype: 'float32' },
    ]);
    expect(specs).toEqual([{ shape: [null, null, 4], dtype: 'float32' }]);
  });

  it('refuses what it cannot do', () => {
    const outputs =
      (...shapes: number[][]) =>
      () =>
        attention().definition.outputs(shapes.map((shape) => ({ shape, dtype: 'float32' as const })));
    expect(outputs([1, 2, 3])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: Attention takes sequences. [SHAPE_MISMATCH]
        expected: [query, value] or [query, value, key], each [batch, time, features]
        received: [1, 2, 3]
        where: inputs]
    `);
    expect(outputs([1, 2], [1, 2])).toThrow(/takes sequences/);
    expect(outputs([1, 2, 3], [1, 4, 2])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: Query and key must have the same features. [SHAPE_MISMATCH]
        expected: equal last axes
        received: [1, 2, 3] and [1, 4, 2]
        where: inputs]
    `);
    expect(outputs([1, 2, 3], [1, 4, 3], [1, 5, 3])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: Value and key must have the same steps. [SHAPE_MISMATCH]
        expected: one key for each value
        received: [1, 4, 3] and [1, 5, 3]
        where: inputs]
    `);
    expect(() => attention({ scoreMode: 'cosine' as never })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: There is no such score. [INVALID_OPTION]
        expected: 'dot' or 'concat'
        received: cosine
        where: attention, scoreMode]
    `);
    expect(() => attention({ dropout: 2 })).toThrow(/attention, dropout/);
    expect(() => attention({ useCasualMask: true } as never)).toThrow(/Did you mean 'useCausalMask'/);
  });

  it('says its options and declares its parameters', () => {
    expect(attention({ useScale: true, seed: 3 }).getConfig()).toEqual({
      name: 'attention',
      trainable: true,
      useScale: true,
      scoreMode: 'dot',
      dropout: 0,
      seed: 3,
      useCausalMask: false,
      returnAttentionScores: false,
    });
    const names = (layer: Layer<unknown>) =>
      layer.definition.parameters?.([]).map(({ name, shape, initializer }) => [name, shape, initializer(shape, 1)[0]]);
    expect(names(attention({ useScale: true, scoreMode: 'concat' }))).toEqual([
      ['scale', [], 1],
      ['concat_score_weight', [], 1],
    ]);
    expect(names(attention())).toEqual([]);
  });
});

describe('additiveAttention', () => {
  it("gives Keras' numbers", () => {
    const expected = [
      0.15320835, 0.0632197, 0.15520781, 0.06866632, 0.14690499, 0.05724186, 0.15725955, 0.07332671, 0.09904347, 0.16124222, 0.1069314,
      0.17046463, 0.10200395, 0.16664465, 0.10257693, 0.16344763,
    ];
    expectClose(values(additiveAttention(), xv)[0], expected, keras);
  });

  it('sums the features without a scale', () => {
    const weighted = values(additiveAttention(), xv, () => ({ parameters: { scale: tf.ones([2]) } }));
    expectClose(values(additiveAttention({ useScale: false }), xv)[0], weighted[0]);
  });

  it('has gradients', () => {
    const inputs = () => [asymmetricTensor([1, 3, 2], 0.4), asymmetricTensor([1, 2, 2], 0.9)];
    checkGradients(additiveAttention({ returnAttentionScores: true }), inputs);
  });

  it('knows its shapes, parameters and options', () => {
    expect(shapesAgree(additiveAttention({ returnAttentionScores: true }), xv)).toBe(true);
    const specs = additiveAttention().definition.parameters?.([{ shape: [null, 3, 5], dtype: 'float32' }]);
    expect(specs?.map(({ name, shape }) => [name, shape])).toEqual([['scale', [5]]]);
    expect(additiveAttention({ dropout: 0.1 }).getConfig()).toEqual({
      name: 'additive_attention',
      trainable: true,
      useScale: true,
      dropout: 0.1,
      seed: null,
      useCausalMask: false,
      returnAttentionScores: false,
    });
    expect(() => additiveAttention({ scoreMode: 'dot' } as never)).toThrow(/UNKNOWN_OPTION/);
    expect(() => additiveAttention({ dropout: -1 })).toThrow(/additiveAttention, dropout/);
  });
});
