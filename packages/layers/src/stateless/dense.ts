import { CellstateError } from '@cellstate/core';
import type { ActivationIdentifier } from '@cellstate/ops';
import { activation as findActivation } from '@cellstate/ops';
import * as tf from '@tensorflow/tfjs-core';
import { activated } from '../activated.ts';
import { getConstraint } from '../constraints.ts';
import type { ConstraintSpec, Layer, LayerOptions, RegularizerSpec } from '../contract.ts';
import { lastAxis } from '../graph/check-shapes.ts';
import { getInitializer, type InitializerSpec } from '../initializers/get-initializer.ts';
import { checkLayerOptions, configOf, defineLayer } from '../layer.ts';
import { getRegularizer } from '../regularizers.ts';
import { densePass } from './dense-pass.ts';
import { denseStep } from './dense-step.ts';

export interface DenseOptions extends LayerOptions {
  /** Length of the output's last axis. */
  readonly units: number;
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

const OPTIONS: readonly (keyof DenseOptions)[] = [
  'units',
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
 * A fully connected layer: `activation(x · kernel + bias)` over the last axis, `[…, features]` → `[…, units]`. Keras' Dense.
 *
 * Parameters: kernel `[features, units]`, bias `[units]`. Passes the mask on. The same weights serve every time step.
 *
 * @throws CellstateError `INVALID_UNITS`, `UNKNOWN_OPTION`; `SHAPE_MISMATCH` when the last axis has no fixed length.
 *
 * @example
 * ```ts
 * import { dense, sequential } from '@cellstate/layers';
 *
 * const m = sequential([dense({ units: 2, kernelInitializer: 'ones', inputShape: [3] })]);
 * (await m.predict([[1, 2, 3]])).toNested(); // → [[6, 6]]
 * ```
 */
export function dense(options: DenseOptions): Layer {
  checkLayerOptions(options, OPTIONS, 'dense');
  const { units, useBias = true } = options;
  checkUnits(units, 'dense');
  const activation = findActivation(options.activation, 'dense, activation');
  const kernelInitializer = getInitializer(options.kernelInitializer ?? 'glorotUniform', 'dense, kernelInitializer');
  const biasInitializer = getInitializer(options.biasInitializer ?? 'zeros', 'dense, biasInitializer');
  const kernelRegularizer = getRegularizer(options.kernelRegularizer, 'dense, kernelRegularizer');
  const biasRegularizer = getRegularizer(options.biasRegularizer, 'dense, biasRegularizer');
  const kernelConstraint = getConstraint(options.kernelConstraint, 'dense, kernelConstraint');
  const biasConstraint = getConstraint(options.biasConstraint, 'dense, biasConstraint');

  return defineLayer(
    {
      className: 'Dense',
      masking: 'pass',
      streaming: 'steps',
      config: () => ({
        units,
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
          shape: [lastAxis(inputs[0]), units],
          initializer: kernelInitializer,
          regularizer: kernelRegularizer,
          constraint: kernelConstraint,
        },
        ...(useBias
          ? [{ name: 'bias', shape: [units], initializer: biasInitializer, regularizer: biasRegularizer, constraint: biasConstraint }]
          : []),
      ],
      outputs: (inputs) => inputs.map((input) => ({ shape: [...input.shape.slice(0, -1), units], dtype: 'float32' })),
      arrayStep: (context) => denseStep({ units, useBias, activation: activation.name }, context),
      arrayPass: (context) => densePass({ units, useBias, activation: activation.name }, context),
      call: ([x], { parameter }) => {
        const input = x as tf.Tensor;
        const kernel = parameter('kernel');
        const features = kernel.shape[0] as number;
        const flat = input.rank === 2;
        const rows = (flat ? input : tf.reshape(input, [-1, features])) as tf.Tensor2D;
        const product = tf.matMul(rows, kernel as tf.Tensor2D);
        const sum = useBias ? tf.add(product, parameter('bias')) : product;
        const output = flat ? sum : tf.reshape(sum, [...input.shape.slice(0, -1), units]);
        return activated(activation, output);
      },
    },
    options,
  );
}

/** Throws `INVALID_UNITS` unless `units` is a positive integer. */
export function checkUnits(units: number, where: string): void {
  if (Number.isInteger(units) && units > 0) return;
  throw new CellstateError('INVALID_UNITS', 'The number of units must be a positive integer.', {
    expected: 'a positive integer',
    received: String(units),
    where: `${where}, units`,
  });
}
