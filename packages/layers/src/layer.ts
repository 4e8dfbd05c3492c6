import { CellstateError, checkOptions, size } from '@cellstate/core';
import { checkOptionTypes } from './check-option-types.ts';
import type { Config, Layer, LayerDefinition, LayerOptions, Part, SymbolicTensor } from './contract.ts';
import { applyLayer } from './graph/apply-layer.ts';
import { createPart } from './graph/part.ts';
import { parametersOf, readWeights, writeWeights } from './model/weights.ts';
import { getRegularizer } from './regularizers.ts';

/** The keys of `LayerOptions`. */
const LAYER_OPTIONS = ['name', 'trainable', 'inputShape', 'batchInputShape', 'activityRegularizer'] as const;

/**
 * Makes a layer of its definition. Every layer of this package is made so, and yours can be.
 *
 * @param definition what the layer computes; see `LayerDefinition`.
 * @param options the options every layer takes, as the user gave them; keys beyond those of `LayerOptions` are not read here.
 *
 * @example
 * ```ts
 * import { defineLayer, sequential } from '@cellstate/layers';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * const doubling = defineLayer({
 *   className: 'Doubling',
 *   config: () => ({}),
 *   outputs: (inputs) => inputs,
 *   call: ([x]) => ({ outputs: [tf.mul(x as tf.Tensor, 2)] }),
 *   masking: 'pass',
 *   streaming: 'steps',
 * }, { inputShape: [3] });
 * (await sequential([doubling]).predict([[1, 2, 3]])).toNested(); // → [[2, 4, 6]]
 * ```
 */
export function defineLayer<Output = SymbolicTensor>(definition: LayerDefinition, options: LayerOptions = {}): Layer<Output> {
  const part = createPart(definition, options);
  const activityRegularizer = getRegularizer(options.activityRegularizer, `${options.name ?? definition.className}, activityRegularizer`);
  const own: Omit<Layer<Output>, Exclude<keyof Part, 'getConfig'>> = {
    options,
    activityRegularizer,
    get parameters() {
      return parametersOf(part, part.name);
    },
    getWeights: () => readWeights(layer.parameters),
    setWeights: (weights) => writeWeights(layer.parameters, weights, part.name),
    countParams: () => layer.parameters.reduce((sum, { variable }) => sum + size(variable.shape), 0),
    getConfig: () => ({
      name: part.name,
      trainable: part.trainable,
      ...definition.config(),
      ...(activityRegularizer === null ? {} : { activityRegularizer: configOf(activityRegularizer) }),
    }),
    apply: (inputs, applyOptions) => applyLayer(layer, inputs, applyOptions) as Output,
  };
  const layer = Object.defineProperties(part, Object.getOwnPropertyDescriptors(own)) as unknown as Layer<Output>;
  return layer;
}

/**
 * Throws `UNKNOWN_OPTION` unless every key is one of the layer's own or of `LayerOptions`, `INVALID_OPTIONS` where there are none,
 * `INVALID_OPTION` for what must be a boolean or a seed and is not, `INVALID_SHAPE` for an input shape that is no list.
 *
 * @param where the layer's factory: `dense`.
 */
export function checkLayerOptions(options: LayerOptions | undefined, own: readonly string[], where: string): void {
  if (options === undefined) {
    throw new CellstateError('INVALID_OPTIONS', 'The layer cannot do without options.', {
      expected: `{ ${own[0]}: …, … }`,
      received: 'none',
      where,
    });
  }
  checkOptions(options, [...own, ...LAYER_OPTIONS], where);
  checkOptionTypes(options, where);
  for (const option of ['inputShape', 'batchInputShape'] as const) {
    const shape: unknown = options[option];
    if (shape === undefined || Array.isArray(shape)) continue;
    throw new CellstateError('INVALID_SHAPE', 'A shape is a list of lengths.', {
      expected: option === 'inputShape' ? '[steps, features], null for any length' : '[batch, steps, features], null for any length',
      received: String(shape),
      where: `${where}, ${option}`,
    });
  }
}

/** The configuration of an initializer, regularizer, constraint or nothing, for `config()`. */
export function configOf(value: { getConfig?(): object } | null): Config | null {
  if (value === null) return null;
  return (value.getConfig?.() ?? { name: 'custom' }) as Config;
}

/** The input shape that a layer inside another one was given, for the outer one to take over. */
export function inputShapeOf({ options }: Layer<unknown>): LayerOptions {
  const { inputShape, batchInputShape } = options;
  return { ...(inputShape === undefined ? {} : { inputShape }), ...(batchInputShape === undefined ? {} : { batchInputShape }) };
}
