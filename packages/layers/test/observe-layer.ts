import { variableGradients } from '@cellstate/ops';
import * as tf from '@tensorflow/tfjs-core';
import { input, type Layer, model, type SymbolicTensor } from '../src/index.ts';

interface Source {
  readonly shape: readonly number[];
  readonly dtype?: 'float32' | 'int32';
  /** One value for all. */
  readonly fill?: number;
}

/** Unrolled or not, the numbers are the same: that is all there is to see of it. */
const UNROLLED = /"unroll":true/;

/** A lambda layer has no config. */
function configOf(layer: Layer<unknown>): unknown {
  return layer.className === 'Lambda' ? null : layer.getConfig();
}

/** Distinct values, some below zero; small whole numbers for ids. */
function values({ shape, dtype = 'float32', fill }: Source, salt: number): tf.Tensor {
  if (fill !== undefined) return tf.fill([...shape], fill);
  const size = shape.reduce((product, length) => product * length, 1);
  const data = Array.from({ length: size }, (_, i) => (dtype === 'int32' ? (i + salt) % 3 : 0.7 * Math.sin(1.3 * i + salt) + 0.05 * salt));
  return tf.tensor(data, [...shape], dtype);
}

const text = (tensors: readonly (tf.Tensor | null | undefined)[]) =>
  tensors
    .map((tensor) => (tensor ? `${tensor.shape}: ${Array.from(tensor.dataSync(), (value) => value.toPrecision(5))}` : 'none'))
    .join('; ');

/**
 * All that can be seen of a layer on two rows of these inputs, but its config: initial weights, outputs in inference and training,
 * masks, updates, penalties, gradients, constraints, and what is carried or trained.
 */
export function observeLayer(layer: Layer<unknown>, sources: readonly Source[]): string {
  return tf.tidy(() => {
    const symbols = sources.map(({ shape, dtype }) => input({ shape, ...(dtype === undefined ? {} : { dtype }) }));
    const applied = layer.apply(symbols.length === 1 ? (symbols[0] as SymbolicTensor) : symbols) as SymbolicTensor;
    const made = model({ inputs: symbols, outputs: applied, seed: 3 });
    const initial = text(made.parameters.map(({ variable }) => variable));
    for (const [i, { variable }] of made.parameters.entries()) variable.assign(values({ shape: variable.shape }, i + 1));
    const inputs = sources.map((source, i) => values({ ...source, shape: [2, ...source.shape] }, i));
    // The last step of every row is masked.
    const mask = sources.map(({ shape }) =>
      shape.length < 2 && !sources.some(({ dtype }) => dtype === 'int32')
        ? null
        : tf.tensor2d(
            [0, 1].flatMap(() => stepMask(shape[0] as number)),
            [2, shape[0] as number],
            'bool',
          ),
    );
    const call = (training: boolean) => made.call(inputs, { mask, training, seed: 5 });
    const rest = call(false);
    const outputs = Object.values(rest.outputs instanceof tf.Tensor ? [rest.outputs] : rest.outputs) as tf.Tensor[];
    const trained = call(true);
    const trainedOutputs = Object.values(trained.outputs instanceof tf.Tensor ? [trained.outputs] : trained.outputs) as tf.Tensor[];
    const trainable = made.parameters.filter((parameter) => parameter.trainable);
    const gradients =
      trainable.length === 0 ? {} : gradientsOf(made, { inputs, mask, variables: trainable.map(({ variable }) => variable) });
    const observed = {
      initial,
      outputs: text(outputs),
      trained: text(trainedOutputs),
      masks: text(rest.masks),
      updates: text(trained.updates.map(({ value }) => value)),
      penalties: text([
        ...rest.penalties,
        ...made.parameters.map(({ regularizer, variable }) => (regularizer ? regularizer(variable) : null)),
      ]),
      constraints: text(made.parameters.map(({ constraint, variable }) => (constraint ? constraint(tf.mul(variable, 9)) : null))),
      gradients: text(trainable.map(({ variable }) => gradients[variable.name])),
      trainable: made.parameters.map((parameter) => parameter.trainable),
      stateful: made.statefulCalls,
      told: [layer.name, layer.trainable, UNROLLED.test(JSON.stringify(configOf(layer)))],
    };
    made.dispose();
    return JSON.stringify(observed);
  });
}

function stepMask(steps: number): number[] {
  return Array.from({ length: steps }, (_, t) => (t < steps - 1 ? 1 : 0));
}

function gradientsOf(
  made: ReturnType<typeof model>,
  { inputs, mask, variables }: { inputs: tf.Tensor[]; mask: (tf.Tensor | null)[]; variables: tf.Variable[] },
): Readonly<Record<string, tf.Tensor>> {
  const { grads } = variableGradients(() => {
    const { outputs } = made.call(inputs, { mask, training: false });
    const list = Object.values(outputs instanceof tf.Tensor ? [outputs] : outputs) as tf.Tensor[];
    return tf.addN(list.map((output, i) => tf.sum(tf.mul(output, values({ shape: output.shape }, i + 2))))) as tf.Scalar;
  }, variables);
  return grads;
}
