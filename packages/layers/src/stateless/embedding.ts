import { CellstateError, describe } from '@cellstate/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { getConstraint } from '../constraints.ts';
import type { ConstraintSpec, Layer, LayerOptions, RegularizerSpec } from '../contract.ts';
import { getInitializer, type InitializerSpec } from '../initializers/get-initializer.ts';
import { checkLayerOptions, configOf, defineLayer } from '../layer.ts';
import { getRegularizer } from '../regularizers.ts';
import { checkPositiveInteger } from './check-positive-integer.ts';

export interface EmbeddingOptions extends LayerOptions {
  /** How many ids there are: 0 to inputDim − 1. */
  readonly inputDim: number;
  /** Length of each id's vector. */
  readonly outputDim: number;
  /** Default randomUniform within ±0.05. */
  readonly embeddingsInitializer?: InitializerSpec;
  readonly embeddingsRegularizer?: RegularizerSpec;
  readonly embeddingsConstraint?: ConstraintSpec;
  /** Id 0 marks padding, whose steps the layers after it skip. Needs `[batch, time]`. Default false. */
  readonly maskZero?: boolean;
}

const OPTIONS: readonly (keyof EmbeddingOptions)[] = [
  'inputDim',
  'outputDim',
  'embeddingsInitializer',
  'embeddingsRegularizer',
  'embeddingsConstraint',
  'maskZero',
];

/**
 * Looks up a vector for each id: int32 `[batch, time]` → `[batch, time, outputDim]`. Keras' Embedding.
 *
 * Other types are cut to int32. Parameters: embeddings `[inputDim, outputDim]`.
 *
 * @throws CellstateError `INVALID_OPTION` unless both dimensions are positive integers; `SHAPE_MISMATCH` when `maskZero` meets
 * an input that is not `[batch, time]`.
 *
 * @example
 * ```ts
 * import { embedding, sequential } from '@cellstate/layers';
 *
 * const m = sequential([embedding({ inputDim: 10, outputDim: 1, embeddingsInitializer: 'ones', inputShape: [2] })]);
 * (await m.predict([[3, 0]])).toNested(); // → [[[1], [1]]]
 * ```
 */
export function embedding(options: EmbeddingOptions): Layer {
  checkLayerOptions(options, OPTIONS, 'embedding');
  const { inputDim, outputDim, maskZero = false } = options;
  checkPositiveInteger(inputDim, 'embedding, inputDim');
  checkPositiveInteger(outputDim, 'embedding, outputDim');
  const initializer = getInitializer(options.embeddingsInitializer ?? 'randomUniform', 'embedding, embeddingsInitializer');
  const regularizer = getRegularizer(options.embeddingsRegularizer, 'embedding, embeddingsRegularizer');
  const constraint = getConstraint(options.embeddingsConstraint, 'embedding, embeddingsConstraint');
  return defineLayer(
    {
      className: 'Embedding',
      streaming: 'steps',
      inputDtype: 'int32',
      config: () => ({
        inputDim,
        outputDim,
        embeddingsInitializer: configOf(initializer),
        embeddingsRegularizer: configOf(regularizer),
        embeddingsConstraint: configOf(constraint),
        maskZero,
      }),
      parameters: () => [{ name: 'embeddings', shape: [inputDim, outputDim], initializer, regularizer, constraint }],
      outputs(inputs) {
        for (const { shape } of inputs) {
          if (maskZero && shape.length !== 2) {
            throw new CellstateError('SHAPE_MISMATCH', 'A mask needs one id for each step.', {
              expected: '[batch, time] with maskZero: true',
              received: describe(shape),
              where: 'input',
            });
          }
        }
        return inputs.map(({ shape }) => ({ shape: [...shape, outputDim], dtype: 'float32' }));
      },
      call([x], { parameter }) {
        const ids = tf.cast(x as Tensor, 'int32');
        const outputs = [tf.gather(parameter('embeddings'), ids)];
        return maskZero ? { outputs, masks: [tf.notEqual(ids, 0)] } : { outputs };
      },
    },
    options,
  );
}
