import { CellstateError, checkOptions } from '@cellstate/core';
import { checkSeed } from '../check-option-types.ts';
import type { Layer, Shape, SymbolicTensor } from '../contract.ts';
import { applyLayer, isSymbolic } from '../graph/apply-layer.ts';
import { traceGraph } from '../graph/graph.ts';
import { input } from '../graph/input.ts';
import { createModel } from './create-model.ts';
import type { Model, ModelDefinition } from './model.ts';

export interface SequentialOptions {
  /** Default sequential, or sequential_1 … as a layer of another model. */
  readonly name?: string;
  /** The seed of the parameters' initial values. Default 0. */
  readonly seed?: number;
}

/**
 * Makes a model of layers in a row. The first one says the shape of the input by `inputShape` or `batchInputShape`; or an
 * `input(…)` or a model comes first.
 *
 * @throws CellstateError `INPUT_SHAPE_MISSING`, `NOT_A_LAYER`, `INVALID_GRAPH` when a layer in the row has several outputs or occurs twice,
 * `DUPLICATE_NAME`, `UNKNOWN_OPTION`; what a layer throws for shapes it cannot take.
 *
 * @example
 * ```ts
 * import { dense, lstm, sequential } from '@cellstate/layers';
 *
 * const m = sequential([lstm({ units: 4, inputShape: [3, 1] }), dense({ units: 1 })]);
 * m.countParams(); // → 101
 * ```
 */
export function sequential(layers: readonly (Layer<unknown> | SymbolicTensor)[], options: SequentialOptions = {}): Model {
  checkOptions(options, ['name', 'seed'], 'sequential');
  checkSeed(options.seed, 'sequential');
  const [first, ...rest] = Array.isArray(layers) ? layers : [];
  for (const [place, layer] of (Array.isArray(layers) ? layers : []).entries()) checkLayer(layer, place);
  const start = firstInput(first);
  const row = (isSymbolic(first) ? rest : layers) as readonly Layer<unknown>[];
  let last: SymbolicTensor = start;
  for (const layer of row) {
    if (row.indexOf(layer) !== row.lastIndexOf(layer)) throw notInARow(layer, 'the same layer twice');
    const next = applyLayer(layer, last);
    if (!isSymbolic(next)) throw notInARow(layer, 'several outputs');
    last = next;
  }
  return createModel<SymbolicTensor>({
    className: 'Sequential',
    graph: traceGraph([start], [last]),
    name: options.name,
    seed: options.seed ?? 0,
    inputNames: undefined,
    outputStructure: 'one',
    listed: row,
    config: (names) => ({
      batchInputShape: start.shape,
      inputDtype: start.dtype,
      inputName: names.get(start.node.layer) as string,
      layers: row.map((layer) => ({ className: layer.className, config: { ...layer.getConfig(), name: names.get(layer) as string } })),
    }),
  });
}

function firstInput(first: Layer<unknown> | SymbolicTensor | undefined): SymbolicTensor {
  if (first !== undefined && isSymbolic(first)) return first;
  const shape = first === undefined ? undefined : batchShape(first);
  if (first === undefined || shape === undefined) {
    throw new CellstateError('INPUT_SHAPE_MISSING', 'The first layer must say the shape of the input.', {
      expected: 'inputShape: [steps, features] or batchInputShape: [batch, steps, features], null for any length',
      received: first === undefined ? 'no layer' : 'neither',
      where: first?.name ?? 'sequential',
    });
  }
  return input({ batchShape: shape, dtype: first.definition.inputDtype ?? modelInput(first)?.dtype ?? 'float32' });
}

function batchShape(first: Layer<unknown>): Shape | undefined {
  const { inputShape, batchInputShape } = first.options;
  if (inputShape !== undefined && batchInputShape !== undefined) {
    throw new CellstateError('INVALID_SHAPE', 'A layer says the shape of its input twice.', {
      expected: 'inputShape or batchInputShape',
      received: 'both',
      where: first.name,
    });
  }
  return batchInputShape ?? (inputShape === undefined ? modelInput(first)?.shape : [null, ...inputShape]);
}

/** The input of a model that comes first in the row. */
function modelInput(first: Layer<unknown>): SymbolicTensor | undefined {
  return (first.definition as Partial<ModelDefinition>).graph?.inputs[0];
}

function checkLayer(layer: unknown, place: number): void {
  if (
    isSymbolic(layer)
      ? place === 0
      : typeof (layer as Partial<Layer<unknown>> | undefined)?.apply === 'function' && 'definition' in (layer as object)
  )
    return;
  throw new CellstateError('NOT_A_LAYER', 'A sequential model is a list of layers.', {
    expected: place === 0 ? 'a layer or input(…)' : 'a layer',
    received: isSymbolic(layer) ? 'a symbolic tensor' : typeof layer,
    where: `sequential, layer ${place}`,
    ...(typeof layer === 'function' ? { hint: 'Call the factory: dense({ units: 1 }).' } : {}),
  });
}

function notInARow(layer: Layer<unknown>, received: string): CellstateError {
  return new CellstateError('INVALID_GRAPH', 'A sequential model is a row of layers with one output each.', {
    expected: 'each layer once, one output',
    received,
    where: layer.name,
    hint: 'For other graphs use input(…), apply(…) and model({ inputs, outputs }).',
  });
}
