import { CellstateError } from '@cellstate/core';
import type { ActivationIdentifier } from '@cellstate/ops';
import { activation as findActivation } from '@cellstate/ops';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { activated } from '../activated.ts';
import { getConstraint } from '../constraints.ts';
import type { ConstraintSpec, Layer, LayerOptions, RegularizerSpec } from '../contract.ts';
import { checkRank, lastAxis } from '../graph/check-shapes.ts';
import { getInitializer, type InitializerSpec } from '../initializers/get-initializer.ts';
import { checkLayerOptions, configOf, defineLayer } from '../layer.ts';
import { getRegularizer } from '../regularizers.ts';
import { axisOrder, type DataFormatOptions } from './axis-order.ts';
import { checkPadding } from './check-padding.ts';
import { checkPositiveInteger } from './check-positive-integer.ts';
import { type Padding, windowCount, windowTaps } from './time-windows.ts';

export interface Conv1dOptions extends LayerOptions, DataFormatOptions {
  /** Length of the output's last axis. */
  readonly filters: number;
  /** Steps that a filter spans. */
  readonly kernelSize: number;
  /** Steps from one window to the next. Default 1. */
  readonly strides?: number;
  /** Default 'valid': whole windows only. 'same' keeps the number of steps; 'causal' does too and sees no later step. */
  readonly padding?: Padding;
  /** Steps from one tap of the filter to the next. Default 1. Not with strides above 1. */
  readonly dilationRate?: number;
  /** Splits features and filters into so many groups that do not see each other. Default 1. */
  readonly groups?: number;
  /** Default linear. */
  readonly activation?: ActivationIdentifier;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default glorotUniform. */
  readonly kernelInitializer?: InitializerSpec;
  /** Default zeros. */
  readonly biasInitializer?: InitializerSpec;
  readonly kernelRegularizer?: RegularizerSpec;
  readonly biasRegularizer?: RegularizerSpec;
  readonly kernelConstraint?: ConstraintSpec;
  readonly biasConstraint?: ConstraintSpec;
}

const OPTIONS: readonly (keyof Conv1dOptions)[] = [
  'filters',
  'kernelSize',
  'strides',
  'padding',
  'dataFormat',
  'dilationRate',
  'groups',
  'activation',
  'useBias',
  'kernelInitializer',
  'biasInitializer',
  'kernelRegularizer',
  'biasRegularizer',
  'kernelConstraint',
  'biasConstraint',
];

/**
 * Slides filters over time: `[batch, time, features]` → `[batch, windows, filters]`. Keras' Conv1D (a cross-correlation:
 * the kernel is not reversed).
 *
 * Parameters: kernel `[kernelSize, features / groups, filters]`, bias `[filters]`. Windows are gathered by slices and multiplied
 * in one matrix product, so that every option has a gradient on every engine. Drops the mask. With `dataFormat: 'channelsFirst'`:
 * `[batch, features, time]` → `[batch, filters, windows]`.
 *
 * @throws CellstateError `INVALID_OPTION` for sizes that are not positive integers, an unknown padding, strides with dilation, or
 * groups that do not divide the filters; `SHAPE_MISMATCH` for an input of another rank, too short, or whose features the groups
 * do not divide.
 *
 * @example
 * ```ts
 * import { conv1d, sequential } from '@cellstate/layers';
 *
 * const m = sequential([conv1d({ filters: 1, kernelSize: 2, padding: 'causal', kernelInitializer: 'ones', inputShape: [3, 1] })]);
 * (await m.predict([[[1], [2], [3]]])).toNested(); // → [[[1], [3], [5]]]
 * ```
 */
export function conv1d(options: Conv1dOptions): Layer {
  checkLayerOptions(options, OPTIONS, 'conv1d');
  const { filters, kernelSize, strides = 1, padding = 'valid', dilationRate = 1, groups = 1, useBias = true } = options;
  for (const [name, value] of Object.entries({ filters, kernelSize, strides, dilationRate, groups })) {
    checkPositiveInteger(value, `conv1d, ${name}`);
  }
  checkPadding(padding, ['valid', 'same', 'causal'], 'conv1d, padding');
  const order = axisOrder(options.dataFormat, 'conv1d');
  if (strides > 1 && dilationRate > 1)
    throw contradiction('strides or dilationRate equal to 1', `strides ${strides}, dilationRate ${dilationRate}`);
  if (filters % groups !== 0) throw contradiction('filters divisible by groups', `filters ${filters}, groups ${groups}`);
  const activation = findActivation(options.activation, 'conv1d, activation');
  const kernelInitializer = getInitializer(options.kernelInitializer ?? 'glorotUniform', 'conv1d, kernelInitializer');
  const biasInitializer = getInitializer(options.biasInitializer ?? 'zeros', 'conv1d, biasInitializer');
  const kernelRegularizer = getRegularizer(options.kernelRegularizer, 'conv1d, kernelRegularizer');
  const biasRegularizer = getRegularizer(options.biasRegularizer, 'conv1d, biasRegularizer');
  const kernelConstraint = getConstraint(options.kernelConstraint, 'conv1d, kernelConstraint');
  const biasConstraint = getConstraint(options.biasConstraint, 'conv1d, biasConstraint');
  const windows = { size: kernelSize, stride: strides, dilation: dilationRate, padding };

  return defineLayer(
    {
      className: 'Conv1D',
      config: () => ({
        filters,
        kernelSize,
        strides,
        padding,
        dataFormat: order.name,
        dilationRate,
        groups,
        activation: activation.name,
        useBias,
        kernelInitializer: configOf(kernelInitializer),
        biasInitializer: configOf(biasInitializer),
        kernelRegularizer: configOf(kernelRegularizer),
        biasRegularizer: configOf(biasRegularizer),
        kernelConstraint: configOf(kernelConstraint),
        biasConstraint: configOf(biasConstraint),
      }),
      parameters: (inputs) => [
        {
          name: 'kernel',
          shape: [kernelSize, lastAxis(order.swapSpec(inputs[0])) / groups, filters],
          initializer: kernelInitializer,
          regularizer: kernelRegularizer,
          constraint: kernelConstraint,
        },
        ...(useBias
          ? [{ name: 'bias', shape: [filters], initializer: biasInitializer, regularizer: biasRegularizer, constraint: biasConstraint }]
          : []),
      ],
      outputs(inputs) {
        const shape = order.swapShape(checkRank(inputs, 3, order.axes).shape);
        const features = lastAxis(order.swapSpec(inputs[0]));
        if (features % groups !== 0) {
          throw new CellstateError('SHAPE_MISMATCH', 'The groups must divide the features.', {
            expected: `features divisible by ${groups}`,
            received: String(features),
            where: 'input',
          });
        }
        return [{ shape: order.swapShape([shape[0] ?? null, windowCount(shape[1] ?? null, windows), filters]), dtype: 'float32' }];
      },
      call([x], { parameter }) {
        const taps = windowTaps(order.swap(x as Tensor), windows, 0);
        const product = convolve(taps, parameter('kernel'), groups);
        const sum = useBias ? tf.add(product, parameter('bias')) : product;
        return activated(activation, order.swap(sum));
      },
    },
    options,
  );
}

function convolve(taps: readonly Tensor[], kernel: Tensor, groups: number): Tensor {
  const [batch, steps] = (taps[0] as Tensor).shape as [number, number, number];
  const [size, features, filters] = kernel.shape as [number, number, number];
  const share = filters / groups;
  const products = Array.from({ length: groups }, (_, group) => {
    const seen = groups === 1 ? taps : taps.map((tap) => tf.slice(tap, [0, 0, group * features], [batch, steps, features]));
    const rows = tf.reshape(tf.concat([...seen], 2), [batch * steps, size * features]) as Tensor2D;
    const part = groups === 1 ? kernel : tf.slice(kernel, [0, 0, group * share], [size, features, share]);
    return tf.matMul(rows, tf.reshape(part, [size * features, share]) as Tensor2D);
  });
  return tf.reshape(groups === 1 ? (products[0] as Tensor) : tf.concat(products, 1), [batch, steps, filters]);
}

function contradiction(expected: string, received: string): CellstateError {
  return new CellstateError('INVALID_OPTION', 'These options do not go together.', { expected, received, where: 'conv1d' });
}
