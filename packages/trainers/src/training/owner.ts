import * as tf from '@tensorflow/tfjs-core';

/** Tensors that one step must outlive the tidy they were made in, and must free in the end. */
export interface Owner {
  /** Protects a tensor from every tidy; variables stay their owner's. */
  own<T extends tf.Tensor>(tensor: T): T;
  /** Frees all. */
  free(): void;
  /** Forgets all: someone else owns them now. */
  release(): void;
}

export function owner(): Owner {
  let tensors: tf.Tensor[] = [];
  return {
    own(tensor) {
      if (!(tensor instanceof tf.Variable)) tensors.push(tf.keep(tensor));
      return tensor;
    },
    free() {
      for (const tensor of tensors) tensor.dispose();
      tensors = [];
    },
    release() {
      tensors = [];
    },
  };
}
