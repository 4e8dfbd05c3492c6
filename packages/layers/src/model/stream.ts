import { CellstateError, checkOptions, type NdArray } from '@cellstate/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { tidyResult } from '../graph/tidy-result.ts';
import { inputTimings, outputTimings } from './causality.ts';
import { fromValues, packArrays, readInputs, toTensor } from './convert-arrays.ts';
import type { Model, ModelInputs, Stream, StreamOptions } from './model.ts';
import { checkSnapshot, formOf, type Setting, surplusAxes, wholeInputs, without } from './stream-form.ts';
import { advanceState, type Carried } from './stream-state.ts';

/** Runs a model step by step; see `Stream`. */
export function createStream<Output>(model: Model<Output>, options: StreamOptions = {}): Stream<Output> {
  checkOptions(options, ['lanes'], `${model.name}.stream`);
  const { lanes = 1 } = options;
  if (!Number.isInteger(lanes) || lanes < 1) {
    throw new CellstateError('INVALID_OPTION', 'The number of lanes must be a positive integer.', {
      expected: 'a positive integer',
      received: String(lanes),
      where: `${model.name}.stream, lanes`,
    });
  }
  const timings = inputTimings(model.definition);
  const outputs = outputTimings(model.definition, timings);
  return open(model, { lanes, inputs: timings, outputs }, { state: {}, starts: Array(lanes).fill(true) });
}

function open<Output>(model: Model<Output>, setting: Setting, begin: Carried): Stream<Output> {
  const { lanes } = setting;
  const where = `${model.name}.stream`;
  let carried: Carried | null = begin;

  function current(): Carried {
    if (carried !== null) return carried;
    throw new CellstateError('DISPOSED', 'The stream has been disposed.', {
      expected: 'a stream in use',
      received: 'a disposed one',
      where,
    });
  }

  function replace(next: Carried): void {
    for (const tensor of Object.values(next.state).flat()) tf.keep(tensor);
    tf.dispose(Object.values(current().state).flat());
    carried = next;
  }

  function advance(x: ModelInputs): { readonly tensors: readonly Tensor[]; readonly squeeze: readonly (readonly number[])[] } {
    const before = current();
    const given = readInputs(x, model.inputs, where);
    const form = formOf(model, given, setting);
    const { outputs, state } = tidyResult(() => advanceState(model, wholeInputs(model, given, { form, setting }), before));
    replace({ state, starts: Array(lanes).fill(false) });
    return { tensors: outputs, squeeze: surplusAxes(form, setting) };
  }

  const pack = (arrays: readonly NdArray[]) => packArrays<Output>(model.definition, arrays);

  return {
    lanes,
    push(x) {
      if (tf.getBackend() === 'webgpu') {
        throw new CellstateError('SYNC_READ_UNSUPPORTED', 'This engine cannot read results at once.', {
          expected: 'an engine that reads synchronously',
          received: tf.getBackend(),
          where: `${where}.push`,
          hint: 'Use await stream.pushAsync(x).',
        });
      }
      const { tensors, squeeze } = advance(x);
      const arrays = tensors.map((tensor, i) => fromValues(tensor.dataSync(), without(tensor.shape, squeeze[i] as number[])));
      tf.dispose([...tensors]);
      return pack(arrays);
    },
    async pushAsync(x) {
      const { tensors, squeeze } = advance(x);
      try {
        const arrays = tensors.map(async (tensor, i) => fromValues(await tensor.data(), without(tensor.shape, squeeze[i] as number[])));
        return pack(await Promise.all(arrays));
      } finally {
        tf.dispose([...tensors]);
      }
    },
    reset(which) {
      const { state, starts } = current();
      const chosen = which ?? starts.map((_, lane) => lane);
      const wrong = Array.isArray(chosen) ? chosen.find((lane) => !Number.isInteger(lane) || lane < 0 || lane >= lanes) : chosen;
      if (wrong !== undefined) {
        throw new CellstateError('INVALID_OPTION', 'The stream has no such lane.', {
          expected: `a list of lanes 0 to ${lanes - 1}`,
          received: String(wrong),
          where: `${where}.reset`,
        });
      }
      carried = { state, starts: starts.map((start, lane) => start || chosen.includes(lane)) };
    },
    snapshot() {
      const { state, starts } = current();
      const arrays = Object.entries(state).map(([path, tensors]) => [
        path,
        tensors.map((tensor) => fromValues(tensor.dataSync().slice(), tensor.shape)),
      ]);
      return { lanes, starts, state: Object.fromEntries(arrays) };
    },
    restore(snapshot) {
      current();
      checkSnapshot(model, snapshot, lanes);
      const state = Object.entries(snapshot.state).map(([path, arrays]) => [
        path,
        arrays.map(({ data, shape }) => toTensor(data, shape, 'float32')),
      ]);
      replace({ state: Object.fromEntries(state), starts: snapshot.starts });
    },
    fork() {
      const { state, starts } = current();
      const copy = Object.entries(state).map(([path, tensors]) => [path, tensors.map((tensor) => tf.keep(tf.clone(tensor)))]);
      return open(model, setting, { state: Object.fromEntries(copy), starts });
    },
    dispose() {
      if (carried !== null) tf.dispose(Object.values(carried.state).flat());
      carried = null;
    },
  };
}
