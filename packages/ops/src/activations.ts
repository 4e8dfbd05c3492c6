import './register.ts';
import { CellstateError, nearest } from '@cellstate/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from './contract.ts';

/** What names an activation: Keras' name in either spelling, a function of your own, an `Activation`, or nothing for linear. */
export type ActivationIdentifier = string | ((x: Tensor) => Tensor) | Activation | null | undefined;

// Klambauer et al. (2017).
const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

/**
 * By Keras 3's names; each function's definition and constants are Keras 3's defaults. Where a function has a kink, its slope there is
 * the one Keras has on TensorFlow: 2 for celu at 0.
 */
const FUNCTIONS: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  celu: (x) => tf.add(tf.maximum(x, 0), tf.expm1(tf.minimum(x, 0))),
  elu: (x) => tf.elu(x),
  exponential: (x) => tf.exp(x),
  gelu: (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)),
  glu,
  hard_shrink: (x) => tf.mul(x, tf.cast(tf.greater(tf.abs(x), 0.5), 'float32')),
  hard_sigmoid: (x) => hardSigmoid(x),
  hard_silu: (x) => tf.mul(x, hardSigmoid(x)),
  hard_tanh: (x) => tf.clipByValue(x, -1, 1),
  leaky_relu: (x) => tf.leakyRelu(x, 0.2),
  linear: (x) => tf.clone(x),
  log_sigmoid: (x) => tf.neg(tf.softplus(tf.neg(x))),
  log_softmax: (x) => tf.logSoftmax(x),
  mish: (x) => tf.mul(x, tf.tanh(tf.softplus(x))),
  relu: (x) => tf.relu(x),
  relu6,
  selu: (x) => tf.mul(tf.where(tf.less(x, 0), tf.mul(tf.expm1(tf.minimum(x, 0)), SELU_ALPHA), x), SELU_SCALE),
  sigmoid: (x) => tf.sigmoid(x),
  silu: (x) => tf.mul(x, tf.sigmoid(x)),
  soft_shrink: (x) => tf.sub(x, tf.clipByValue(x, -0.5, 0.5)),
  softmax: (x) => tf.softmax(x),
  softplus: (x) => tf.softplus(x),
  softsign: (x) => tf.div(x, tf.add(tf.abs(x), 1)),
  sparse_plus: (x) => tf.add(tf.relu(tf.sub(x, 1)), tf.square(tf.mul(tf.add(tf.clipByValue(x, -1, 1), 1), 0.5))),
  sparse_sigmoid: (x) => tf.where(tf.greaterEqual(tf.abs(x), 1), tf.cast(tf.greater(x, 0), 'float32'), tf.mul(tf.add(x, 1), 0.5)),
  sparsemax,
  squareplus: (x) => tf.mul(tf.add(x, tf.sqrt(tf.add(tf.square(x), 4))), 0.5),
  tanh: (x) => tf.tanh(x),
  tanh_shrink: (x) => tf.sub(x, tf.tanh(x)),
};

const ALIASES: Readonly<Record<string, string>> = { hard_swish: 'hard_silu', swish: 'silu' };

const BY_PLAIN_NAME: ReadonlyMap<string, Activation> = new Map([
  ...Object.entries(FUNCTIONS).map(([name, apply]) => [plain(name), tidied(name, apply)] as const),
  ...Object.entries(ALIASES).map(([alias, name]) => [plain(alias), tidied(name, FUNCTIONS[name] as (x: Tensor) => Tensor)] as const),
]);

/** Every activation that has a name, in Keras' spelling. */
export const ACTIVATION_NAMES: readonly string[] = Object.keys(FUNCTIONS).concat(Object.keys(ALIASES)).sort();

/**
 * Finds an activation by its Keras name, or wraps a function as one.
 *
 * `hard_sigmoid` is Keras 3's, `relu6(x + 3) / 6`; `gelu` is exact; `leaky_relu` has slope 0.2. Softmax-like functions
 * and `glu` act on the last axis. The result keeps its input's shape, except `glu`, which halves the last axis.
 *
 * @param identifier a Keras name (`'hard_sigmoid'`) or its camelCase spelling (`'hardSigmoid'`); a function of one
 * tensor, whose name becomes `custom`; an `Activation`, returned as it is; null or undefined for `linear`.
 * @param where the layer and option, for the message.
 * @returns the activation under Keras' own name (`'swish'` gives `silu`).
 * @throws CellstateError `UNKNOWN_ACTIVATION` for a name that is none, with the nearest one as hint.
 *
 * @example
 * ```ts
 * import { activation } from '@cellstate/ops';
 *
 * activation('hardSigmoid').name; // → 'hard_sigmoid'
 * activation(null).name; // → 'linear'
 * ```
 */
export function activation(identifier: ActivationIdentifier, where = 'activation'): Activation {
  if (identifier === null || identifier === undefined) return named('linear') as Activation;
  if (typeof identifier === 'function') return { name: 'custom', apply: identifier };
  if (typeof identifier === 'object' && typeof identifier.apply === 'function') return identifier;
  const found = named(String(identifier));
  if (found !== undefined) return found;
  const near = nearest(String(identifier), ACTIVATION_NAMES);
  throw new CellstateError('UNKNOWN_ACTIVATION', `There is no activation '${String(identifier)}'.`, {
    expected: `a function or one of ${ACTIVATION_NAMES.join(', ')}`,
    received: String(identifier),
    where,
    hint: hintFor(String(identifier), near),
  });
}

function hintFor(name: string, near: string | undefined): string {
  if (plain(name) === 'threshold')
    return "Keras' threshold needs two numbers: pass a function, (x) => tf.where(tf.greater(x, value), x, otherwise).";
  return near === undefined ? 'Pass a function of one tensor for an activation of your own.' : `Did you mean '${near}'?`;
}

function named(name: string): Activation | undefined {
  return BY_PLAIN_NAME.get(plain(name));
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll('_', '');
}

function tidied(name: string, apply: (x: Tensor) => Tensor): Activation {
  return { name, apply: (x) => tf.tidy(() => apply(x)) };
}

function hardSigmoid(x: Tensor): Tensor {
  return tf.div(relu6(tf.add(x, 3)), 6);
}

/** Flat at 6 itself, where TensorFlow.js has slope 1. */
function relu6(x: Tensor): Tensor {
  const clipped = tf.customGrad((given, save) => {
    (save as tf.GradSaveFunc)([given as Tensor]);
    const within = (at: Tensor) => tf.cast(tf.logicalAnd(tf.greater(at, 0), tf.less(at, 6)), 'float32');
    return { value: tf.relu6(given as Tensor), gradFunc: (dy: Tensor, saved: Tensor[]) => tf.mul(dy, within(saved[0] as Tensor)) };
  });
  return clipped(x);
}

function glu(x: Tensor): Tensor {
  const width = x.shape.at(-1) ?? 0;
  if (width % 2 !== 0 || x.rank === 0) {
    throw new CellstateError('SHAPE_MISMATCH', 'A gated linear unit splits the last axis in two.', {
      expected: 'an even last axis',
      received: `[${x.shape.join(', ')}]`,
      where: 'activation glu',
    });
  }
  const [value, gate] = tf.split(x, 2, -1) as [Tensor, Tensor];
  return tf.mul(value, tf.sigmoid(gate));
}

/**
 * As Keras 3 computes it: its threshold is (Σ of the partial sums in the support − 1) / their number, and not (the last of them − 1) / their
 * number, which would project each row onto the probability simplex (Martins and Astudillo, 2016).
 */
function sparsemax(x: Tensor): Tensor {
  const width = x.shape.at(-1) as number;
  const sorted = tf.topk(x, width).values;
  const sums = tf.cumsum(sorted, x.rank - 1);
  const inSupport = tf.cast(tf.greater(tf.sub(sorted, tf.div(tf.sub(sums, 1), tf.range(1, width + 1))), 0), 'float32');
  const threshold = tf.div(tf.sub(tf.sum(tf.mul(sums, inSupport), -1, true), 1), tf.sum(inSupport, -1, true));
  return tf.maximum(tf.sub(x, threshold), 0);
}
