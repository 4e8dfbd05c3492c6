import { input, type Layer, type Model, type SymbolicTensor, sequential, type TensorSpec } from '@cellstate/layers';
import { invalidConfig, isObject, type Json, type JsonObject, listAt, own } from './json.ts';
import { type InputFacts, readInput, readShape } from './read-input.ts';
import type { Reading } from './reading.ts';
import { sound } from './sound.ts';

/** A row of layers from its configuration. */
export function readSequential(config: JsonObject, reading: Reading, where: string): Model<unknown> {
  const objects = listAt(config, 'layers', where);
  const [first] = objects;
  const startsWithInput = isObject(first) && own(first, 'class_name') === 'InputLayer';
  const row = (startsWithInput ? objects.slice(1) : objects).map((object) =>
    reading.readLayer(object, { ...reading, within: true }, { where }),
  );
  const start = sound(where, () => readStart(config, { first, startsWithInput, row, where }));
  let specs: readonly TensorSpec[] = [start];
  for (const layer of row) {
    reading.budget.take(layer, specs);
    specs = sound(where, () => layer.definition.outputs(specs));
  }
  const name = own(config, 'name');
  const built = sound(where, () => sequential([start, ...row], typeof name === 'string' ? { name } : {}));
  reading.models.push(built as Model<unknown>);
  reading.order.set(built, row);
  if (own(config, 'trainable') === false) built.trainable = false;
  return built as Model<unknown>;
}

interface Start {
  readonly first: Json | undefined;
  readonly startsWithInput: boolean;
  readonly row: readonly Layer<unknown>[];
  readonly where: string;
}

function readStart(config: JsonObject, { first, startsWithInput, row, where }: Start): SymbolicTensor {
  if (startsWithInput) {
    const name = own((first as JsonObject).config as JsonObject, 'name');
    return input({ ...readInput(first as JsonObject, where), ...(typeof name === 'string' ? { name } : {}) });
  }
  const [layer] = row;
  const dtype = layer?.definition.inputDtype ?? 'float32';
  const facts = batchInput(first, where) ?? shapeOnly(own(config, 'build_input_shape'), where) ?? innerInput(layer);
  if (facts !== undefined) return input({ batchShape: facts.batchShape, dtype });
  throw invalidConfig(where, { expected: 'the shape of the input: a model that was built before it was saved', received: null });
}

/** Keras before 2.4 says it in the first layer, or in the layer that one wraps. */
function batchInput(object: Json | undefined, where: string): Pick<InputFacts, 'batchShape'> | undefined {
  for (let current = object, depth = 0; isObject(current) && depth < 8; depth++) {
    const config = own(current, 'config');
    if (!isObject(config)) return undefined;
    const shape = own(config, 'batch_input_shape');
    if (shape !== undefined) return { batchShape: readShape(shape, where) };
    const layers = own(config, 'layers');
    current = own(config, 'layer') ?? (Array.isArray(layers) ? layers[0] : undefined);
  }
  return undefined;
}

function shapeOnly(value: Json | undefined, where: string): Pick<InputFacts, 'batchShape'> | undefined {
  return value === undefined || value === null ? undefined : { batchShape: readShape(value, where) };
}

function innerInput(layer: Layer<unknown> | undefined): Pick<InputFacts, 'batchShape'> | undefined {
  const inputs = (layer as Partial<Model<unknown>> | undefined)?.inputs;
  return inputs?.[0] === undefined ? undefined : { batchShape: inputs[0].shape };
}
