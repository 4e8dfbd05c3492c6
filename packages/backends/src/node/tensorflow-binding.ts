import type { DataId, TensorInfo } from '@tensorflow/tfjs-core';

/**
 * The parts of tfjs-node that this engine needs: its backend, and below it the binding that runs any operation of
 * libtensorflow by name. A handle is a number; whoever made it deletes it.
 */
export interface TensorflowBackend {
  readonly binding: TensorflowBinding;
  /** The tensors there are. */
  readonly tensorMap: { has(dataId: DataId): boolean };
  /** The handles behind tensors; values that were not sent yet are sent. */
  getInputTensorIds(tensors: readonly TensorInfo[]): number[];
  /** Makes a tensor of a handle, which is the tensor's from then on. */
  createOutputTensor(metadata: NativeTensor): TensorInfo & { readonly dataId: DataId };
}

/** A handle with what is known of it. */
export interface NativeTensor {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | boolean;
}

export interface TensorflowBinding {
  createTensor(shape: readonly number[], dtype: number, values: Float32Array | Int32Array): number;
  deleteTensor(id: number): void;
  executeOp(name: string, attributes: readonly Attribute[], inputs: readonly number[], outputs: number): NativeTensor[];
  /** How many handles there are. */
  getNumOfTensors(): number;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_INT64: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
}
