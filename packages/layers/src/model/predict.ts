import { CellstateError, checkOptions, concat, type NdArray } from '@cellstate/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Port, State } from '../contract.ts';
import { callModel, checkPort, checkState, outputList } from './call-model.ts';
import { fromValues, type Given, packArrays, readInputs, rowsTensor } from './convert-arrays.ts';
import type { Model, ModelInputs, Predicted, PredictOptions } from './model.ts';

/** Keras' default. */
const BATCH_SIZE = 32;

/** Runs a model over arrays, batch by batch, each row from the state that `options.state` says. */
export async function predict<Output>(model: Model<Output>, x: ModelInputs, options: PredictOptions = {}): Promise<Predicted<Output>> {
  const where = `${model.name}.predict`;
  checkOptions(options, ['batchSize', 'state'], where);
  const { state, batchSize = model.batchSize ?? BATCH_SIZE } = options;
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new CellstateError('INVALID_OPTION', 'The batch size must be a positive integer.', {
      expected: 'a positive integer',
      received: String(batchSize),
      where: `${where}, batchSize`,
    });
  }
  refuseLostState(model, state);
  const inputs = readInputs(x, model.inputs, where);
  const rows = countRows(model, inputs);
  if (state !== 'zero') checkState(model, state, rows);
  const batches: (readonly NdArray[])[] = [];
  for (let start = 0; start < rows; start += batchSize) {
    const range = [start, Math.min(start + batchSize, rows)] as const;
    const outputs = tf.tidy(() => {
      const tensors = inputs.map((input, i) => rowsTensor(input, range, (model.inputs[i] as Port).dtype));
      return [
        ...outputList(callModel(model, tensors, state === undefined || state === 'zero' ? {} : { state: stateRows(state, range) }).outputs),
      ];
    });
    try {
      batches.push(await Promise.all(outputs.map(async (output) => fromValues(await output.data(), output.shape))));
    } finally {
      tf.dispose(outputs);
    }
  }
  const joined = model.outputs.map((_, index) => concat(batches.map((batch) => batch[index] as NdArray)));
  return packArrays<Output>(model.definition, joined);
}

function refuseLostState(model: Model<unknown>, state: PredictOptions['state']): void {
  if (state !== undefined || model.statefulCalls.length === 0) return;
  throw new CellstateError('STATE_NOT_CARRIED', 'A stateful model was asked to predict, and predict carries no state from call to call.', {
    expected: "{ state: 'zero' } or { state: where each row starts }",
    received: 'no state',
    where: `${model.name}.predict, for ${model.statefulCalls.join(', ')}`,
    hint: 'To carry state from call to call use model.stream({ lanes }) or trainer.predict(x).',
  });
}

function countRows(model: Model<unknown>, inputs: readonly Given[]): number {
  const rows = inputs[0]?.shape[0] ?? 0;
  for (const [index, input] of inputs.entries()) {
    const port = model.inputs[index] as Port;
    // The number of rows is that of all batches here; each batch is checked when it runs.
    checkPort(input.shape, { ...port, shape: [null, ...port.shape.slice(1)] }, { where: `${model.name}.predict`, free: false });
    if (input.shape[0] !== rows || rows === 0) {
      throw new CellstateError('SHAPE_MISMATCH', rows === 0 ? 'There is no row to predict.' : 'Inputs must have the same number of rows.', {
        expected: rows === 0 ? 'at least one row' : String(rows),
        received: String(input.shape[0]),
        where: `${model.name}.predict, ${port.name}`,
      });
    }
  }
  return rows;
}

function stateRows(state: State, [start, end]: readonly [number, number]): State {
  const rows = Object.entries(state).map(([path, tensors]) => [path, tensors.map((tensor) => tf.slice(tensor, start, end - start))]);
  return Object.fromEntries(rows);
}
