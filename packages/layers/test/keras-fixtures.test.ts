import { useBackend } from '@cellstate/backends';
import { ndarray } from '@cellstate/core';
import {
  compare,
  describedArray,
  drawn,
  drawnWeights,
  flatNumbers,
  kerasFixtures,
  kerasModel,
  type LayerFixture,
  type Numbers,
} from '@cellstate/testing';
import { expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as layers from '../src/index.ts';

const fixtures = kerasFixtures();
const { seed } = fixtures;
const TOLERANCE = { absolute: 1e-5, relative: 1e-5 };

type Model = layers.Model<unknown>;
interface Values {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}
interface Pass {
  readonly outputs: readonly Values[];
  /** By source; undefined for one that the loss does not depend on. */
  readonly gradients: readonly (Values | undefined)[];
  readonly penalty: Values;
  /** Of the stateful calls. */
  readonly state: Readonly<Record<string, readonly Values[]>>;
  readonly updates: ReadonlyMap<tf.Variable, Values>;
}

/** The model of a fixture, with the weights Keras had. */
function build(fixture: LayerFixture): Model {
  const model = kerasModel<Model>(fixture, layers);
  const drawnOnes = drawnWeights(model.parameters, { seed, name: fixture.name });
  model.setWeights(drawnOnes.map(({ data, shape }) => ndarray(data, shape)));
  return model;
}

/** Frees a model, and the models inside it, which hold their own parameters too. */
function dispose(model: Model): void {
  for (const layer of model.layers) if ('dispose' in layer) dispose(layer as Model);
  model.dispose();
}

/** The inputs of one call. */
function inputsOf(fixture: LayerFixture, call: number): tf.Tensor[] {
  return Object.entries(fixture.inputs).map(([name, description]) => {
    const { data, shape } = describedArray(description, { seed, key: `${fixture.name}/input ${name} ${call}` });
    return tf.tensor(data, [...shape], description.dtype ?? 'float32');
  });
}

/** One call, and the gradients of Σ output · cotangent + penalties by `sources`. */
function pass(model: Model, fixture: LayerFixture, { state, sources, inputs }: PassOptions): Pass {
  const masks = Object.keys(fixture.inputs).map((name) => (fixture.mask?.[name] ? tf.tensor2d(fixture.mask[name] as number[][]) : null));
  let found: Omit<Pass, 'gradients'> | undefined;
  const loss = () => {
    const result = model.call(inputs, { state: mapValues(state, tensorOf), mask: masks, training: fixture.training ?? false });
    const outputs: tf.Tensor[] = result.outputs instanceof tf.Tensor ? [result.outputs] : Object.values(result.outputs);
    const terms = outputs.map((output, i) => {
      const data = drawn({ seed, key: `${fixture.name}/cotangent ${i}`, shape: output.shape });
      return tf.sum(tf.mul(output, tensorOf({ data, shape: output.shape })));
    });
    const onWeights = model.parameters.flatMap(({ regularizer, variable }) => (regularizer ? [regularizer(variable)] : []));
    const penalty = [...result.penalties, ...onWeights].reduce((sum: tf.Tensor, one) => tf.add(sum, one), tf.scalar(0));
    const carried = Object.fromEntries(model.statefulCalls.map((place) => [place, result.state[place]]));
    found = {
      outputs: outputs.map(valuesOf),
      penalty: valuesOf(penalty),
      state: mapValues(carried, valuesOf),
      updates: new Map(result.updates.map(({ variable, value }) => [variable, valuesOf(value)])),
    };
    return tf.add(tf.addN(terms), penalty) as tf.Scalar;
  };
  const { grads } = tf.engine().gradients(loss, [...sources], undefined, true);
  return { ...(found as Omit<Pass, 'gradients'>), gradients: grads.map((gradient) => gradient && valuesOf(gradient)) };
}

function valuesOf(tensor: tf.Tensor): Values {
  return { data: tensor.dataSync().slice(), shape: tensor.shape };
}

function tensorOf({ data, shape }: Values): tf.Tensor {
  return tf.tensor(data as Float32Array, [...shape]);
}

function mapValues<A, B>(state: Readonly<Record<string, readonly A[]>>, change: (value: A) => B): Record<string, B[]> {
  return Object.fromEntries(Object.entries(state).map(([place, values]) => [place, values.map(change)]));
}

interface PassOptions {
  readonly state: Pass['state'];
  readonly sources: readonly tf.Tensor[];
  readonly inputs: readonly tf.Tensor[];
}

function agree(received: readonly (Values | undefined)[], expected: readonly Numbers[], what: string): void {
  expect(received.length, `number of ${what}s`).toBe(expected.length);
  for (const [i, nested] of expected.entries()) {
    const wanted = flatNumbers(nested);
    // What the loss does not depend on has no gradient here, and zeros in Keras.
    const { close, report } = compare(received[i] ?? { ...wanted, data: wanted.data.map(() => 0) }, wanted, TOLERANCE);
    if (!close) expect.fail(`${what} ${i}: ${report}`);
  }
}

describe.each(['fused', 'reference'])('on the %s path', (path) => {
  beforeAll(async () => void (await useBackend('cpu', { fused: path === 'fused' })));
  afterAll(async () => void (await useBackend('cpu')));

  test('is what the recurrent layers with a kernel take', () => {
    const taken = fixtures.layers.flatMap((fixture) => {
      const model = build(fixture);
      const paths = model.layers.flatMap(({ className, definition }) =>
        definition.recurrence === undefined ? [] : [`${className}: ${definition.recurrence.path()}`],
      );
      dispose(model);
      return paths;
    });
    const withKernel = ['GRU: fused', 'LSTM: fused', 'RNN: fused', 'SimpleRNN: fused'];
    const without = ['GRU: reference', 'LSTM: reference', 'RNN: reference', 'SimpleRNN: reference'];
    expect([...new Set(taken)].sort()).toEqual([...(path === 'fused' ? withKernel : []), ...without].sort());
  });

  test.each(fixtures.layers.map((fixture) => [fixture.name, fixture] as const))(`%s is as in Keras ${fixtures.keras}`, (_name, fixture) => {
    expectNoLeak(() => {
      const model = build(fixture);
      const { keras, calls = 1 } = fixture;
      expect(model.parameters.map(({ variable }) => variable.shape)).toEqual(keras.weights);
      tf.tidy(() => {
        let state: Pass['state'] = {};
        for (let call = 0; call < calls; call++) {
          const inputs = inputsOf(fixture, call);
          const variables = model.parameters.filter(({ trainable }) => trainable).map(({ variable }) => variable);
          const sources = [...variables, ...inputs.filter(({ dtype }) => dtype === 'float32')];
          const found = pass(model, fixture, { state, inputs, sources });
          agree(found.outputs, keras.outputs[call], `call ${call}, output`);
          state = found.state;
          if (call < calls - 1) continue;
          agree(found.gradients, [...keras.gradients, ...keras.inputGradients], 'gradient');
          if (keras.penalty !== undefined) agree([found.penalty], [keras.penalty], 'penalty');
          if (keras.state !== undefined) agree(Object.values(state).flat(), keras.state, 'state');
          if (keras.after !== undefined) {
            const moving = model.parameters.filter(({ trainable }) => !trainable);
            agree(
              moving.map(({ variable }) => found.updates.get(variable)),
              keras.after,
              'statistic',
            );
          }
        }
      });
      dispose(model);
    });
  });
});

test.each(fixtures.layers.filter(({ keras }) => keras.initial !== undefined))('$name: initial weights are as in Keras', (fixture) => {
  const model = kerasModel<Model>(fixture, layers);
  agree(
    model.parameters.map(({ variable }) => valuesOf(variable)),
    fixture.keras.initial as readonly Numbers[],
    'weight',
  );
  model.dispose();
});
