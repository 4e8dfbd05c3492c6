import { lstmSequence } from '@cellstate/ops';
import { caseInputs } from '@cellstate/ops/conformance';
import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '../../src/index.ts';

/** What the test calls in the page. */
export const page = {
  /** One pass that is large enough to be shared, forward and backward, on so many threads. */
  async pass(threads: number) {
    const backend = await useBackend('cpu', { threads });
    const values = tf.tidy(() => {
      const inputs = caseInputs('lstm', { name: 'large', batch: 40, time: 20, features: 8, units: 64 });
      return tf
        .grads((kernel) => tf.sum(lstmSequence({ ...inputs, kernel: kernel as tf.Tensor2D }).outputs))([inputs.kernel])[0]
        .dataSync();
    });
    return { threads: backend.threads, values: Array.from(values) };
  },
};

Object.assign(globalThis, { page });
