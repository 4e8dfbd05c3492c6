import { CellstateError, checkOptions, type NdArray } from '@cellstate/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { tidyResult } from '../graph/tidy-result.ts';
import { checkAlive } from './call-model.ts';
import { inputTimings, outputTimings } from './causality.ts';
import { fromValues, type Given, packArrays, readInputs, toTensor } from './convert-arrays.ts';
import type { Model, ModelInputs, Predicted, Stream, StreamOptions } from './model.ts';
import { checkSnapshot, type Form, formOf, type Setting, surplusAxes, wholeInputs, wholeShape, without } from './stream-form.ts';
import { streamMemory } from './stream-memory.ts';
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
  const memory = streamMemory(model, { setting, begin });
  let disposed = false;

  function checkOpen(): void {
    if (!disposed) return;
    throw new CellstateError('DISPOSED', 'The stream has been disposed.', {
      expected: 'a stream in use',
      received: 'a disposed one',
      where,
    });
  }

  function read(x: ModelInputs): { readonly given: readonly Given[]; readonly form: Form } {
    checkOpen();
    checkAlive(model);
    const given = readInputs(x, model.inputs, where);
    return { given, form: formOf(model, given, setting) };
  }

  /** A step on plain arrays; null for a chunk, and where the engine has no such steps for this model. */
  function step(given: readonly Given[], form: Form): Predicted<Output> | null {
    const plan = form === 'chunk' ? null : memory.plan();
    if (plan === null) return null;
    for (const [i, value] of given.entries()) {
      wholeShape(model, value.shape, { index: i, form, setting });
      (plan.inputs[i] as Float32Array).set(value instanceof tf.Tensor ? value.dataSync() : value.data);
    }
    plan.run();
    memory.ran();
    return pack(
      plan.outputs.map((values) => fromValues(values.slice(), form === 'bare' ? [values.length] : [lanes, values.length / lanes])),
    );
  }

  function advance(given: readonly Given[], form: Form): readonly Tensor[] {
    const before = memory.tensors();
    const { outputs, state } = tidyResult(() => advanceState(model, wholeInputs(model, given, { form, setting }), before));
    memory.replace({ state, starts: Array(lanes).fill(false) });
    return outputs;
  }

  const pack = (arrays: readonly NdArray[]) => packArrays<Output>(model.definition, arrays);

  return {
    lanes,
    push(x) {
      const { given, form } = read(x);
      const done = step(given, form);
      if (done !== null) return done;
      if (tf.getBackend() === 'webgpu') {
        throw new CellstateError('SYNC_READ_UNSUPPORTED', 'This engine cannot read results at once.', {
          expected: 'an engine that reads synchronously',
          received: tf.getBackend(),
          where: `${where}.push`,
          hint: 'Use await stream.pushAsync(x).',
        });
      }
      const tensors = advance(given, form);
      const squeeze = surplusAxes(form, setting);
      const arrays = tensors.map((tensor, i) => fromValues(tensor.dataSync(), without(tensor.shape, squeeze[i] as number[])));
      tf.dispose([...tensors]);
      return pack(arrays);
    },
    async pushAsync(x) {
      const { given, form } = read(x);
      const done = step(given, form);
      if (done !== null) return done;
      const tensors = advance(given, form);
      const squeeze = surplusAxes(form, setting);
      try {
        const arrays = tensors.map(async (tensor, i) => fromValues(await tensor.data(), without(tensor.shape, squeeze[i] as number[])));
        return pack(await Promise.all(arrays));
      } finally {
        tf.dispose([...tensors]);
      }
    },
    reset(which) {
      checkOpen();
      const { starts } = memory;
      const chosen = which ?? starts.map((_, lane) => lane);
      const wrong = Array.isArray(chosen) ? chosen.find((lane) => !Number.isInteger(lane) || lane < 0 || lane >= lanes) : chosen;
      if (wrong !== undefined) {
        throw new CellstateError('INVALID_OPTION', 'The stream has no such lane.', {
          expected: `a list of lanes 0 to ${lanes - 1}`,
          received: String(wrong),
          where: `${where}.reset`,
        });
      }
      memory.start(chosen);
    },
    snapshot() {
      checkOpen();
      const { state, starts } = memory.tensors();
      const arrays = Object.entries(state).map(([path, tensors]) => [
        path,
        tensors.map((tensor) => fromValues(tensor.dataSync().slice(), tensor.shape)),
      ]);
      return { lanes, starts, state: Object.fromEntries(arrays) };
    },
    restore(snapshot) {
      checkOpen();
      checkSnapshot(model, snapshot, lanes);
      const state = Object.entries(snapshot.state).map(([path, arrays]) => [
        path,
        arrays.map(({ data, shape }) => toTensor(data, shape, 'float32')),
      ]);
      memory.replace({ state: Object.fromEntries(state), starts: snapshot.starts });
    },
    fork() {
      checkOpen();
      const { state, starts } = memory.tensors();
      const copy = Object.entries(state).map(([path, tensors]) => [path, tensors.map((tensor) => tf.keep(tf.clone(tensor)))]);
      return open(model, setting, { state: Object.fromEntries(copy), starts });
    },
    dispose() {
      if (!disposed) memory.dispose();
      disposed = true;
    },
  };
}
