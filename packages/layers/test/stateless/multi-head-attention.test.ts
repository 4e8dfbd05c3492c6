import '@cellstate/ops';
import { asymmetric, expectClose } from '@cellstate/testing';
import { asymmetricTensor, expectGradientsMatch, expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Layer } from '../../src/contract.ts';
import { multiHeadAttention } from '../../src/stateless/multi-head-attention.ts';
import type { Run } from '../run-layer.ts';
import { kerasM, kerasV, kerasX, runLayer, specsOf } from '../run-layer.ts';

const keras = { absolute: 1e-6, relative: 0 };
const xv = () => [kerasX(), kerasV()];

interface Weight {
  readonly path: string;
  readonly shape: readonly number[];
}

/** Every parameter of the children, in Keras' order. */
function weightsOf(layer: Layer<unknown>, inputs: readonly tf.Tensor[]): Weight[] {
  return layer.children.flatMap((child) =>
    (child.part.definition.parameters?.(child.inputs?.(specsOf(inputs)) ?? []) ?? []).map(({ name, shape }) => ({
      path: `${child.name}/${name}`,
      shape,
    })),
  );
}

/** Runs the layer on these weights, which its children would otherwise get from a model. */
function attend(
  layer: Layer<unknown>,
  inputs: readonly tf.Tensor[],
  { weights, ...run }: Run & { weights?: readonly tf.Tensor[] } = {},
): readonly tf.Tensor[] {
  const paths = weightsOf(layer, inputs);
  const given = weights ?? paths.map(({ shape }, i) => tf.tensor(asymmetric(shape, 0.1 * (i + 1), 0.37 + 0.16 * i), [...shape]));
  for (const { part, name } of layer.children) {
    Object.assign(part, { parameter: (wanted: string) => given[paths.findIndex(({ path }) => path === `${name}/${wanted}`)] });
  }
  return runLayer(layer, inputs, run).outputs;
}

function values(layer: Layer<unknown>, inputs: () => readonly tf.Tensor[], run: () => Run = () => ({})): number[][] {
  return expectNoLeak(() => {
    const collected: number[][] = [];
    tf.tidy(() => {
      for (const output of attend(layer, inputs(), run())) collected.push(Array.from(output.dataSync()));
    });
    return collected;
  });
}

describe('multiHeadAttention', () => {
  it("gives Keras' output and scores", () => {
    const [output, scores] = values(multiHeadAttention({ numHeads: 2, keyDim: 3, returnAttentionScores: true }), xv);
    expectClose(
      output,
      [
        0.48011968, 0.39796078, 0.47923422, 0.39265144, 0.47780746, 0.39454073, 0.47934914, 0.39910105, 0.47088999, 0.38731045, 0.47056478,
        0.3866604, 0.47115359, 0.38957998, 0.47119758, 0.3888804,
      ],
      keras,
    );
    expectClose(
      scores,
      [
        0.2994099, 0.35434306, 0.34624705, 0.29510248, 0.36573273, 0.33916479, 0.34089473, 0.34007835, 0.31902692, 0.32413408, 0.34077659,
        0.33508933, 0.33674103, 0.34418651, 0.31907246, 0.38783395, 0.35108238, 0.26108366, 0.36902162, 0.34165409, 0.28932431, 0.32632428,
        0.33765915, 0.33601657, 0.29272529, 0.31200004, 0.3952747, 0.30399224, 0.33181921, 0.36418855, 0.329427, 0.3403748, 0.33019823,
        0.3067928, 0.31734523, 0.37586197, 0.29581901, 0.36318132, 0.34099963, 0.29092839, 0.38086787, 0.32820374, 0.32554883, 0.33947659,
        0.33497459, 0.31439584, 0.34093556, 0.34466857,
      ],
      keras,
    );
  });

  it("gives Keras' output under a causal mask", () => {
    const expected = [
      0.42880583, 0.33716506, 0.43575022, 0.32817781, 0.47156569, 0.37936276, 0.48057312, 0.40659302, 0.40563267, 0.28082734, 0.45803282,
      0.33992082, 0.48552677, 0.40807208, 0.47658017, 0.38907054,
    ];
    expectClose(
      values(multiHeadAttention({ numHeads: 2, keyDim: 3, useCausalMask: true }), () => [kerasX(), kerasX()])[0],
      expected,
      keras,
    );
  });

  it('gives masked values and keys no weight, and masked queries none at all, as Keras does where scores are returned', () => {
    const layer = multiHeadAttention({ numHeads: 2, keyDim: 3, returnAttentionScores: true });
    const three = () => [kerasX(), kerasV(), kerasV()];
    const masks = () => [
      kerasM(),
      tf.tensor2d([
        [1, 1, 0],
        [1, 1, 1],
      ]),
      tf.tensor2d([
        [1, 1, 1],
        [0, 1, 1],
      ]),
    ];
    const free = values(layer, three)[1];
    const masked = values(layer, three, () => ({ masks: masks() }))[1];
    const real = {
      query: [
        [1, 1, 0, 1],
        [0, 1, 1, 0],
      ],
      value: [
        [1, 1, 0],
        [0, 1, 1],
      ],
    };
    for (let row = 0; row < masked.length / 3; row++) {
      const [sample, query] = [Math.floor(row / 8), row % 4];
      const visible = real.value[sample].map((one) => one * real.query[sample][query]);
      const kept = [0, 1, 2].map((j) => visible[j] * free[row * 3 + j]);
      const total = kept.reduce((sum, weight) => sum + weight, 0);
      expectClose(masked.slice(row * 3, row * 3 + 3), total === 0 ? [0, 0, 0] : kept.map((weight) => weight / total));
    }
    tf.tidy(() => {
      const mask = kerasM();
      attend(layer, three());
      const result = runLayer(layer, three(), { masks: [mask, null, null] });
      expect(result.masks?.[0] === mask).toBe(true);
      expect(result.masks?.[1]).toBeNull();
    });
  });

  it('has its parameters in the order of Keras', () => {
    const layer = multiHeadAttention({ numHeads: 2, keyDim: 3, valueDim: 4, outputShape: [5, 6] });
    tf.tidy(() => {
      const inputs = [tf.ones([1, 4, 7]), tf.ones([1, 3, 8]), tf.ones([1, 3, 9])];
      expect(weightsOf(layer, inputs).map(({ path, shape }) => [path, shape])).toEqual([
        ['query/kernel', [7, 2, 3]],
        ['query/bias', [2, 3]],
        ['key/kernel', [9, 2, 3]],
        ['key/bias', [2, 3]],
        ['value/kernel', [8, 2, 4]],
        ['value/bias', [2, 4]],
        ['attention_output/kernel', [2, 4, 5, 6]],
        ['attention_output/bias', [5, 6]],
      ]);
      const shapes = attend(layer, inputs).map(({ shape }) => shape);
      expect(shapes).toEqual(layer.definition.outputs(specsOf(inputs)).map(({ shape }) => shape));
      expect(shapes).toEqual([[1, 4, 5, 6]]);
    });
    expect(layer.children.map(({ role }) => role)).toEqual(['query_dense', 'key_dense', 'value_dense', 'output_dense']);
  });

  it('drops weights while training, by the seed', () => {
    const layer = multiHeadAttention({ numHeads: 2, keyDim: 3, dropout: 0.5 });
    const output = (seed: number) => values(layer, xv, () => ({ training: true, seed }))[0];
    expect(output(1)).toEqual(output(1));
    expect(output(1)).not.toEqual(output(2));
    expect(() => values(layer, xv, () => ({ training: true }))).toThrow(/SEED_MISSING/);
  });

  it.each([
    { numHeads: 2, keyDim: 2, useCausalMask: true, returnAttentionScores: true },
    { numHeads: 2, keyDim: 1, valueDim: 3, outputShape: 2, useBias: false },
    { numHeads: 2, keyDim: 2, valueDim: 1, slidingWindow: 2, useGate: true },
  ])('has gradients for %o', (options) => {
    const layer = multiHeadAttention(options);
    tf.tidy(() => {
      const inputs = [asymmetricTensor([1, 3, 2], 0.4), asymmetricTensor([1, 2, 2], 0.9)];
      const weights = weightsOf(layer, inputs).map(({ shape }, i) =>
        asymmetricTensor([...shape] as [number], 0.1 * (i + 1), 0.37 + 0.16 * i),
      );
      expectGradientsMatch((...all) => attend(layer, all.slice(0, 2), { weights: all.slice(2) }), [...inputs, ...weights]);
    });
  });

  it('refuses what it cannot do', () => {
    expect(() => multiHeadAttention({ numHeads: 0, keyDim: 2 })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The option must be a positive integer. [INVALID_OPTION]
        expected: a positive integer
        received: 0
        where: multiHeadAttention, numHeads]
    `);
    expect(() => multiHeadAttention({ numHeads: 1, keyDim: 2, outputShape: [0] })).toThrow(/multiHeadAttention, outputShape/);
    expect(() => multiHeadAttention({ numHeads: 1, keyDim: 2, dropout: 2 })).toThrow(/INVALID_RATE/);
    expect(() => multiHeadAttention({ numHeads: 1, keyDim: 2, flashAttention: true } as never)).toThrow(/UNKNOWN_OPTION/);
    expect(() => multiHeadAttention({ numHeads: 1, keyDim: 2 }).definition.outputs([{ shape: [1, 2, 3], dtype: 'float32' }])).toThrow(
      /takes sequences/,
    );
  });

  it('says every option in effect', () => {
    expect(multiHeadAttention({ numHeads: 2, keyDim: 3, outputShape: 4 }).getConfig()).toEqual({
      name: 'multi_head_attention',
      trainable: true,
      numHeads: 2,
      keyDim: 3,
      valueDim: 3,
      dropout: 0,
      useBias: true,
      outputShape: [4],
      kernelInitializer: { name: 'glorotUniform', seed: null },
      biasInitializer: { name: 'zeros' },
      kernelRegularizer: null,
      biasRegularizer: null,
      kernelConstraint: null,
      biasConstraint: null,
      attentionAxes: null,
      slidingWindow: null,
      useGate: false,
      seed: null,
      useCausalMask: false,
      returnAttentionScores: false,
    });
  });
});
