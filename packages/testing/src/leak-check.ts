import * as tf from '@tensorflow/tfjs-core';

/**
 * Runs `run` and throws unless it left as many tensors as it found. Returns what `run` returned; an async `run` gives a
 * promise. Tensors that `run` returns count as left behind: dispose them inside.
 *
 * @example
 * ```ts
 * import '@cellstate/testing/setup';
 * import { expectNoLeak } from '@cellstate/testing/tensors';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * expectNoLeak(() => tf.tidy(() => tf.sum(tf.ones([3])).arraySync())); // → 3
 * ```
 */
export function expectNoLeak<T>(run: () => T): T {
  const before = tf.memory();
  const result = run();
  if (result instanceof Promise) {
    return result.then((value: unknown) => {
      check(before);
      return value;
    }) as T;
  }
  check(before);
  return result;
}

function check(before: tf.MemoryInfo): void {
  const after = tf.memory();
  const tensors = after.numTensors - before.numTensors;
  const buffers = after.numDataBuffers - before.numDataBuffers;
  if (tensors === 0 && buffers === 0) return;
  throw new Error(
    `The tensor count changed by ${tensors} (from ${before.numTensors} to ${after.numTensors}), the buffer count by ${buffers} (from ${before.numDataBuffers} to ${after.numDataBuffers}).`,
  );
}
