import { type Backend, useBackend } from '@cellstate/backends';
import * as tf from '@tensorflow/tfjs-core';

/** Picks the engine of this thread, the same in all of them so that results do not depend on the thread, without tfjs' banner. */
export function startEngine(): Promise<Backend> {
  tf.env().set('PROD', true);
  return useBackend('cpu');
}

/** What the models run on, in one sentence. */
export function engineText({ name, simd, relaxed }: Backend): string {
  if (simd) return `Engine: ${name}, kernels in WebAssembly with ${relaxed ? 'relaxed ' : ''}SIMD.`;
  return `Engine: ${name}, kernels in plain TypeScript, since WebAssembly has no SIMD here: the same results, several times slower.`;
}
