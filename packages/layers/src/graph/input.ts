import { CellstateError, checkOptions, describe } from '@cellstate/core';
import type { DataType, GraphNode, Shape, SymbolicTensor } from '../contract.ts';
import { defineLayer } from '../layer.ts';

export interface InputOptions {
  /** The shape of one sample, without the batch: `[steps, features]`, null for any length. */
  readonly shape?: Shape;
  /** Pins the number of rows of a batch. Default null: any. */
  readonly batchSize?: number | null;
  /** The shape with the batch in front; instead of `shape` and `batchSize`. */
  readonly batchShape?: Shape;
  /** Default float32. int32 for tokens (embedding), bool for flags. */
  readonly dtype?: DataType;
  /** Default input_layer, input_layer_1, … within the model. */
  readonly name?: string;
}

/**
 * Starts a graph: a symbolic tensor of this shape, to which layers are applied.
 *
 * @throws CellstateError `INVALID_SHAPE` when no shape, both shapes, or a length that is neither a positive integer nor null is
 * given; `UNKNOWN_DTYPE`; `UNKNOWN_OPTION`.
 *
 * @example
 * ```ts
 * import { input, lstm } from '@cellstate/layers';
 *
 * const x = input({ shape: [null, 2] });
 * x.shape; // → [null, null, 2]
 * lstm({ units: 8 }).apply(x).shape; // → [null, 8]
 * ```
 */
export function input(options: InputOptions): SymbolicTensor {
  checkOptions(options, ['shape', 'batchSize', 'batchShape', 'dtype', 'name'], 'input');
  const { batchSize = null, dtype = 'float32', name } = options ?? {};
  const shape = wholeShape(options ?? {}, batchSize);
  if (!['float32', 'int32', 'bool'].includes(dtype)) {
    throw new CellstateError('UNKNOWN_DTYPE', 'An input has a type that is not known.', {
      expected: 'float32, int32 or bool',
      received: String(dtype),
      where: 'input, dtype',
    });
  }
  const layer = defineLayer(
    {
      className: 'InputLayer',
      config: () => ({ batchShape: shape, dtype }),
      outputs: () => [{ shape, dtype }],
      call: (inputs) => ({ outputs: inputs }),
      masking: 'pass',
      streaming: 'steps',
    },
    name === undefined ? {} : { name },
  );
  const node: { -readonly [K in keyof GraphNode]: GraphNode[K] } = { layer, inputs: [], initialState: null, masks: [], outputs: [] };
  const tensor: SymbolicTensor = { shape, dtype, node, index: 0 };
  node.outputs = [tensor];
  return tensor;
}

function wholeShape({ shape, batchShape, batchSize: given }: InputOptions, batchSize: number | null): Shape {
  const whole = batchShape ?? (shape === undefined ? undefined : [batchSize, ...shape]);
  const both = batchShape !== undefined && (shape !== undefined || given !== undefined);
  const sound =
    Array.isArray(whole) && whole.length > 0 && whole.every((length) => length === null || (Number.isInteger(length) && length > 0));
  if (!both && sound) return [...(whole as Shape)];
  throw new CellstateError('INVALID_SHAPE', 'An input needs one shape of positive lengths.', {
    expected: 'shape: [steps, features] or batchShape: [batch, steps, features], null for any length',
    received: both ? 'batchShape beside shape or batchSize' : Array.isArray(whole) ? describe(whole as Shape) : String(whole),
    where: 'input',
  });
}
