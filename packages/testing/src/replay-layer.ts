import * as tf from '@tensorflow/tfjs-core';
import { drawn } from './drawn.ts';
import { describedArray, drawnWeights, flatNumbers, type LayerFixture, type Numbers } from './keras-fixtures.ts';
import { kerasModel, type Layers } from './keras-model.ts';
import { mismatch } from './mismatch.ts';
import { isPlainPass, type ReplayedPass, replayArrayPass } from './replay-array-pass.ts';

interface Values {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

interface ReplayedParameter {
  readonly path: string;
  readonly trainable: boolean;
  readonly variable: tf.Variable;
  readonly regularizer?: ((value: tf.Tensor) => tf.Scalar) | undefined;
  readonly constraint?: ((value: tf.Tensor) => tf.Tensor) | undefined;
}

/** A model of `@cellstate/layers`, as far as this file goes; it cannot be imported here. */
interface ReplayedModel {
  readonly parameters: readonly ReplayedParameter[];
  readonly statefulCalls: readonly string[];
  readonly layers: readonly object[];
  setWeights(weights: readonly tf.Tensor[]): void;
  // biome-ignore lint/suspicious/noExplicitAny: structural, so that no type of layers is repeated.
  call(inputs: readonly tf.Tensor[], options: object): any;
  /** The pass on plain arrays, where there is one. */
  arrayPass(
    shapes: readonly (readonly number[])[],
    options: { readonly training: boolean; readonly inputGradients: boolean },
  ): ReplayedPass | null;
  dispose(): void;
}

interface Pass {
  readonly outputs: readonly Values[];
  readonly masks: readonly (Values | null)[];
  /** By source; undefined for one that the loss does not depend on. */
  readonly gradients: readonly (Values | undefined)[];
  readonly penalty: Values;
  /** Of the stateful calls. */
  readonly state: State;
  readonly updates: ReadonlyMap<tf.Variable, Values>;
}

type State = Readonly<Record<string, readonly Values[]>>;

export interface ReplayOptions {
  /** The exports of `@cellstate/layers`. */
  readonly layers: object;
  /** The seed of the fixtures. */
  readonly seed: number;
  /** What counts as the largest number of an array where all are smaller. Default 1. */
  readonly floor?: number;
}

const TOLERANCE = 1e-5;

/**
 * Runs a configuration on the current engine and says where it differs from what Keras gave: nothing, when it does not. Outputs, masks,
 * states, penalties, constrained weights, statistics, and the gradients of every weight and every input of floats are compared, each
 * array by its largest difference.
 */
export function replayLayer(fixture: LayerFixture, { layers, seed, floor = 1 }: ReplayOptions): readonly string[] {
  const model = kerasModel<ReplayedModel>(fixture, layers as Layers<ReplayedModel>);
  try {
    const { keras } = fixture;
    const shapes = JSON.stringify(model.parameters.map(({ variable }) => variable.shape));
    if (shapes !== JSON.stringify(keras.weights)) return [`weights: expected ${JSON.stringify(keras.weights)}, received ${shapes}`];
    const compare = comparison(floor);
    return [...initialWeights(model, fixture, compare), ...tf.tidy(() => calls(model, fixture, { seed, compare }))];
  } finally {
    dispose(model);
  }
}

/** Builds a configuration and calls it once, which throws when it is refused. */
export function tryLayer(fixture: Omit<LayerFixture, 'keras'>, { layers, seed }: ReplayOptions): void {
  const model = kerasModel<ReplayedModel>(fixture, layers as Layers<ReplayedModel>);
  try {
    tf.tidy(() => void onePass(model, fixture, { state: {}, inputs: inputsOf(fixture, 0, seed), sources: [], seed }));
  } finally {
    dispose(model);
  }
}

function initialWeights(model: ReplayedModel, { keras }: LayerFixture, { against }: Comparison): readonly string[] {
  return (keras.initial ?? []).flatMap((values, i) =>
    values === null ? [] : against(valuesOf(model.parameters[i]?.variable as tf.Tensor), values, `initial weight ${i}`),
  );
}

function calls(
  model: ReplayedModel,
  fixture: LayerFixture,
  { seed, compare }: { readonly seed: number; readonly compare: Comparison },
): string[] {
  const { all, against } = compare;
  const weights = drawnWeights(model.parameters, { seed, name: fixture.name });
  model.setWeights(weights.map(tensorOf));
  const { keras, calls: count = 1 } = fixture;
  const found: string[] = [];
  let state: State = {};
  for (let call = 0; call < count; call++) {
    const inputs = inputsOf(fixture, call, seed);
    const trained = model.parameters.filter(({ trainable }) => trainable).map(({ variable }) => variable);
    const floats = inputs.filter(({ dtype }) => dtype === 'float32');
    const { training = false } = fixture;
    const asked = call === count - 1 && isPlainPass(fixture);
    const plain = asked
      ? model.arrayPass(
          inputs.map(({ shape }) => shape),
          { training, inputGradients: true },
        )
      : null;
    if (plain !== null) {
      const results = replayArrayPass(plain, fixture, { inputs, state, trained, seed });
      found.push(...all(results.outputs, keras.outputs[call] as readonly Numbers[], 'on arrays, output'));
      found.push(...all(results.gradients, keras.gradients, 'on arrays, gradient of weight'));
      found.push(...all(results.inputGradients, keras.inputGradients, 'on arrays, gradient of input'));
    }
    const pass = onePass(model, fixture, { state, inputs, sources: [...trained, ...floats], seed });
    found.push(...all(pass.outputs, keras.outputs[call] as readonly Numbers[], `call ${call}, output`));
    state = pass.state;
    if (call < count - 1) {
      for (const [variable, value] of pass.updates) variable.assign(tensorOf(value));
      continue;
    }
    found.push(...all(pass.gradients.slice(0, trained.length), keras.gradients, 'gradient of weight'));
    found.push(...all(pass.gradients.slice(trained.length), keras.inputGradients, 'gradient of input'));
    found.push(...maskMismatches(pass.masks, keras.masks, compare));
    if (keras.penalty !== undefined) found.push(...against(pass.penalty, keras.penalty, 'penalty'));
    if (keras.state !== undefined) found.push(...all(Object.values(state).flat(), keras.state, 'state'));
    const still = model.parameters.filter(({ trainable }) => !trainable).map(({ variable }) => variable);
    if (keras.after !== undefined) {
      found.push(...all(still.map((variable) => pass.updates.get(variable) ?? valuesOf(variable)), keras.after, 'statistic')); // biome-ignore format: one line
    }
  }
  return [...found, ...constrained(model, keras.constrained, compare)];
}

function constrained(model: ReplayedModel, expected: LayerFixture['keras']['constrained'], { against }: Comparison): readonly string[] {
  return (expected ?? []).flatMap((values, i) => {
    const { constraint, variable } = model.parameters[i] as ReplayedParameter;
    if (values === null) return constraint === undefined || constraint === null ? [] : [`constraint ${i}: expected none`];
    if (constraint === undefined || constraint === null) return [`constraint ${i}: received none`];
    return against(valuesOf(constraint(variable)), values, `constrained weight ${i}`);
  });
}

function maskMismatches(received: Pass['masks'], expected: LayerFixture['keras']['masks'], { against }: Comparison): readonly string[] {
  const wanted = expected ?? received.map(() => null);
  return wanted.flatMap((mask, i) => {
    const given = received[i] ?? null;
    if (mask === null || given === null) {
      return mask === given ? [] : [`mask ${i}: expected ${JSON.stringify(mask)}, received ${given && `[${given.data}]`}`];
    }
    return against(given, mask, `mask ${i}`);
  });
}

/** One call, and the gradients of Σ output · cotangent + penalties by `sources`. */
function onePass(model: ReplayedModel, fixture: Omit<LayerFixture, 'keras'>, options: PassOptions): Pass {
  const { state, sources, inputs, seed } = options;
  const masks = Object.keys(fixture.inputs).map((name) => (fixture.mask?.[name] ? tf.tensor2d(fixture.mask[name] as number[][]) : null));
  const { training = false } = fixture;
  let found: Omit<Pass, 'gradients'> | undefined;
  const loss = () => {
    const own = fixture.seed === undefined ? {} : { seed: fixture.seed };
    const result = model.call(inputs, { state: mapValues(state, tensorOf), mask: masks, training, ...own });
    const outputs: tf.Tensor[] = result.outputs instanceof tf.Tensor ? [result.outputs] : Object.values(result.outputs);
    const terms = outputs.map((output, i) => {
      const data = drawn({ seed, key: `${fixture.name}/cotangent ${i}`, shape: output.shape });
      return tf.sum(tf.mul(output, tensorOf({ data, shape: output.shape })));
    });
    const onWeights = model.parameters.flatMap(({ regularizer, variable, trainable }) =>
      regularizer && trainable ? [regularizer(variable)] : [],
    );
    const penalty = [...result.penalties, ...onWeights].reduce((sum: tf.Tensor, one) => tf.add(sum, one), tf.scalar(0));
    const carried = Object.fromEntries(model.statefulCalls.map((place) => [place, result.state[place] as readonly tf.Tensor[]]));
    found = {
      outputs: outputs.map(valuesOf),
      masks: result.masks.map((mask: tf.Tensor | null) => mask && valuesOf(mask)),
      penalty: valuesOf(penalty),
      state: mapValues(carried, valuesOf),
      updates: new Map(
        result.updates.map(({ variable, value }: { variable: tf.Variable; value: tf.Tensor }) => [variable, valuesOf(value)]),
      ),
    };
    return tf.add(tf.addN(terms), penalty) as tf.Scalar;
  };
  const { grads } =
    sources.length === 0 ? { grads: [loss()].slice(1) as tf.Tensor[] } : tf.engine().gradients(loss, [...sources], undefined, true);
  return { ...(found as Omit<Pass, 'gradients'>), gradients: grads.map((gradient) => gradient && valuesOf(gradient)) };
}

interface PassOptions {
  readonly state: State;
  readonly sources: readonly tf.Tensor[];
  readonly inputs: readonly tf.Tensor[];
  readonly seed: number;
}

function inputsOf(fixture: Omit<LayerFixture, 'keras'>, call: number, seed: number): tf.Tensor[] {
  return Object.entries(fixture.inputs).map(([name, description]) => {
    const { data, shape } = describedArray(description, { seed, key: `${fixture.name}/input ${name} ${call}` });
    return tf.tensor(data, [...shape], description.dtype ?? 'float32');
  });
}

interface Comparison {
  all(received: readonly (Values | undefined)[], expected: readonly Numbers[], what: string): readonly string[];
  against(received: Values | undefined, expected: Numbers, what: string): readonly string[];
}

function comparison(floor: number): Comparison {
  const against: Comparison['against'] = (received, expected, what) => {
    const wanted = flatNumbers(expected);
    // What the loss does not depend on has no gradient here, and zeros in Keras.
    const report = mismatch(received ?? { ...wanted, data: wanted.data.map(() => 0) }, wanted, TOLERANCE, floor);
    return report === undefined ? [] : [`${what}: ${report}`];
  };
  const all: Comparison['all'] = (received, expected, what) => {
    if (received.length !== expected.length) return [`${what}: expected ${expected.length} arrays, received ${received.length}`];
    return expected.flatMap((values, i) => against(received[i], values, `${what} ${i}`));
  };
  return { all, against };
}

/** Frees a model, and the models inside it, which hold their own parameters too. */
function dispose(model: ReplayedModel): void {
  for (const layer of model.layers) if ('dispose' in layer) dispose(layer as ReplayedModel);
  model.dispose();
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
