import { CellstateError, checkOptions, describe } from '@cellstate/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { checkBoolean } from '../check-option-types.ts';
import type { CallOptions, CallResult, Masks, Port, State, Tensors } from '../contract.ts';
import { packOutputs } from '../graph/apply-layer.ts';
import { runGraph } from '../graph/run-graph.ts';
import { newPass, runLayer } from '../graph/run-layer.ts';
import { tidyResult } from '../graph/tidy-result.ts';
import type { Model } from './model.ts';

/**
 * One pass. `free`, as a stream has it: declared batch and step counts do not bind, and where state is carried the pass goes on where
 * an earlier one stopped.
 */
export function callModel(
  model: Model<unknown>,
  inputs: Tensors,
  { free = false, ...options }: CallOptions & { readonly free?: boolean } = {},
): CallResult {
  checkOptions(options, ['state', 'mask', 'training', 'seed', 'logits'], `${model.name}.call`);
  checkBoolean(options.training, 'training', `${model.name}.call`);
  checkBoolean(options.logits, 'logits', `${model.name}.call`);
  checkAlive(model);
  const { definition } = model;
  const given = inOrder(inputs, model.inputs, `${model.name}, inputs`) as readonly Tensor[];
  checkInputs(model, given, free);
  const masks = options.mask === undefined || options.mask === null ? given.map(() => null) : maskList(model, options.mask);
  checkState(model, options.state, given[0]?.shape[0] as number);
  return tidyResult(() => {
    const pass = newPass({ ...options, resumes: free });
    const tensors = given.map((tensor, i) => cast(tensor, (model.inputs[i] as Port).dtype));
    const result = runGraph(definition.graph, {
      inputs: tensors,
      masks,
      names: definition.names,
      run: (layer, layerInputs, runOptions) =>
        runLayer(layer, layerInputs, { ...runOptions, pass, prefix: '', trainable: model.trainable }),
    });
    const own = ownership([...given, ...masks, ...Object.values(options.state ?? {}).flat()]);
    const updates = [...pass.updates].map(([variable, value]) => ({ variable, value: own(value) }));
    const logitsOf = (output: Tensor) => {
      const logits = pass.logits?.get(output);
      return logits === undefined ? null : own(logits);
    };
    return {
      ...(pass.logits === null ? {} : { logits: result.outputs.map(logitsOf) }),
      outputs: packOutputs(definition, result.outputs.map(own)) as Tensors,
      state: Object.fromEntries(Object.entries(pass.nextState).map(([path, state]) => [path, state.map(own)])),
      masks: result.masks.map((mask) => (mask === null ? null : own(mask))),
      penalties: pass.penalties,
      updates,
    };
  });
}

/** Throws `DISPOSED` for a model that has been. */
export function checkAlive(model: Model<unknown>): void {
  if (!model.disposed) return;
  throw new CellstateError('DISPOSED', 'The model has been disposed.', {
    expected: 'a model in use',
    received: model.name,
    where: model.name,
  });
}

/** The outputs of a pass in order. */
export function outputList(outputs: Tensors): readonly Tensor[] {
  return outputs instanceof tf.Tensor ? [outputs] : Object.values(outputs);
}

/** One value for each port, of a single value, a list, or a record by name. */
export function inOrder<T>(values: T | readonly T[] | Readonly<Record<string, T>>, ports: readonly Port[], where: string): readonly T[] {
  if (values instanceof tf.Tensor || values === null) return checkCount([values as T], ports, where);
  if (Array.isArray(values)) return checkCount(values as readonly T[], ports, where);
  if (typeof values !== 'object') {
    throw new CellstateError('INPUT_MISMATCH', 'There is no input.', {
      expected: ports.map(({ name }) => name).join(', '),
      received: String(values),
      where,
    });
  }
  const record = values as Readonly<Record<string, T>>;
  const unknown = Object.keys(record).find((name) => !ports.some((port) => port.name === name));
  const missing = ports.find(({ name }) => record[name] === undefined);
  if (unknown !== undefined || missing !== undefined) {
    throw new CellstateError('INPUT_MISMATCH', 'The names are not those of the model.', {
      expected: ports.map(({ name }) => name).join(', '),
      received: Object.keys(record).join(', ') || 'none',
      where,
    });
  }
  return ports.map(({ name }) => record[name] as T);
}

/**
 * Throws `SHAPE_MISMATCH` unless a shape is the port's, `null` being any length. Without `free`, a batch size that is pinned must
 * be met (`BATCH_SIZE_MISMATCH`), and so must a number of steps.
 */
export function checkPort(shape: readonly number[], port: Port, options: { readonly where: string; readonly free: boolean }): void {
  const { where, free } = options;
  const declared = port.shape;
  const bound = (axis: number) => axis > 1 || (axis === 1 && (!free || declared.length === 2));
  if (shape.length !== declared.length || declared.some((length, axis) => bound(axis) && length !== null && length !== shape[axis])) {
    throw new CellstateError('SHAPE_MISMATCH', 'An input has the wrong shape.', {
      expected: describe(declared),
      received: describe(shape),
      where: `${where}, ${port.name}`,
      ...(shape.length === declared.length - 1 ? { hint: 'The first axis is the batch: one sample is a batch of one, [sample].' } : {}),
    });
  }
  if (!free && declared[0] !== null && declared[0] !== shape[0]) {
    throw new CellstateError('BATCH_SIZE_MISMATCH', 'The model is declared for another number of rows.', {
      expected: `${declared[0]} rows, as batchInputShape says`,
      received: `${shape[0]} rows`,
      where: `${where}, ${port.name}`,
      hint: 'Give batches of that size, or declare null instead.',
    });
  }
}

function checkInputs(model: Model<unknown>, given: readonly Tensor[], free: boolean): void {
  for (const [index, tensor] of given.entries()) {
    if (!(tensor instanceof tf.Tensor)) {
      throw new CellstateError('INPUT_MISMATCH', 'A call takes tensors.', {
        expected: 'tensors',
        received: Array.isArray(tensor) ? 'arrays' : typeof tensor,
        where: model.name,
        hint: 'For arrays use predict.',
      });
    }
    checkPort(tensor.shape, model.inputs[index] as Port, { where: model.name, free });
    if (tensor.shape[0] !== given[0]?.shape[0]) {
      throw new CellstateError('SHAPE_MISMATCH', 'Inputs must have the same number of rows.', {
        expected: String(given[0]?.shape[0]),
        received: String(tensor.shape[0]),
        where: `${model.name}, ${model.inputs[index]?.name}`,
      });
    }
  }
}

function maskList(model: Model<unknown>, masks: Masks): readonly (Tensor | null)[] {
  return inOrder<Tensor | null>(masks as Tensor, model.inputs, `${model.name}, mask`);
}

/** Throws `STATE_MISMATCH` unless every entry of a state is one of the model's, for so many rows. */
export function checkState(model: Model<unknown>, state: State | undefined, rows: number): void {
  if (state === undefined) return;
  if (state === null || typeof state !== 'object') {
    throw new CellstateError('STATE_MISMATCH', 'A state is a record of tensors by call path.', {
      expected: model.recurrentCalls.map(({ path }) => path).join(', ') || 'no state',
      received: String(state),
      where: `${model.name}, state`,
    });
  }
  const calls = model.recurrentCalls;
  for (const [path, tensors] of Object.entries(state)) {
    const call = calls.find((candidate) => candidate.path === path);
    const wanted = call?.stateShapes.map((shape) => [rows, ...shape]);
    const fits = wanted?.length === tensors.length && wanted.every((shape, i) => describe(shape) === describe(tensors[i]?.shape ?? []));
    if (fits) continue;
    throw new CellstateError(
      'STATE_MISMATCH',
      call === undefined ? 'The model has no such recurrent call.' : 'A state has the wrong shape.',
      {
        expected:
          wanted === undefined ? calls.map((candidate) => candidate.path).join(', ') || 'no state' : wanted.map(describe).join(', '),
        received: wanted === undefined ? path : tensors.map(({ shape }) => describe(shape)).join(', '),
        where: `${model.name}, state ${path}`,
      },
    );
  }
}

function checkCount<T>(values: readonly T[], ports: readonly Port[], where: string): readonly T[] {
  if (values.length === ports.length) return values;
  throw new CellstateError('INPUT_MISMATCH', 'The number of arrays is not that of the model.', {
    expected: `${ports.length}: ${ports.map(({ name }) => name).join(', ')}`,
    received: String(values.length),
    where,
  });
}

function cast(tensor: Tensor, dtype: Port['dtype']): Tensor {
  return tensor.dtype === dtype ? tensor : tf.cast(tensor, dtype);
}

/** Hands each tensor out once: one that the caller passed in, or that was handed out before, is copied. */
function ownership(given: readonly (Tensor | null)[]): (tensor: Tensor) => Tensor {
  const taken = new Set<Tensor | null>(given);
  return (tensor) => {
    const fresh = taken.has(tensor) || tensor instanceof tf.Variable ? tf.clone(tensor) : tensor;
    taken.add(fresh);
    return fresh;
  };
}
