import { CellstateError } from '@cellstate/core';
import { expectGradientsMatch, expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test, vi } from 'vitest';
import { tfjsGradients, tfjsKernelNames } from '../../src/gradients/tfjs-gradients.generated.ts';
import { registerGradients } from '../../src/index.ts';
import { elementwise } from './cases/elementwise.ts';
import { reductions } from './cases/reductions.ts';
import { shapes } from './cases/shapes.ts';
import { windows } from './cases/windows.ts';

const cases = { ...elementwise, ...reductions, ...shapes, ...windows };

/** Gradients that finite differences cannot reach, and why. */
const unreachable: Readonly<Record<string, string>> = {
  BroadcastTo: 'no operation runs this kernel: broadcastTo runs Tile',
  ComplexAbs: 'its input is complex, and what makes a complex tensor from a real one has no gradient',
  LogSoftmax: 'no operation runs this kernel: logSoftmax is composed of others',
};

/** Kernels whose gradient is a real one, not one that throws NO_GRADIENT. */
const registered = tfjsKernelNames.filter((name) => {
  try {
    tf.getGradient(name).gradFunc([], [], {});
    return true;
  } catch (error) {
    return !(error instanceof CellstateError && error.code === 'NO_GRADIENT');
  }
});

describe('gradients agree with finite differences and leak nothing', () => {
  for (const [kernel, checks] of Object.entries(cases)) {
    for (const { variant, f, inputs } of checks) {
      test(variant === '' ? kernel : `${kernel}: ${variant}`, () => {
        const gradient = vi.spyOn(tf.getGradient(kernel), 'gradFunc');
        const tensors = inputs();
        expectNoLeak(() => expectGradientsMatch(f, tensors));
        expect(gradient).toHaveBeenCalled();
        gradient.mockRestore();
        tf.dispose(tensors);
      });
    }
  }
});

test('every registered gradient is checked above or has a reason not to be', () => {
  expect([...Object.keys(cases), ...Object.keys(unreachable)].sort()).toEqual([...registered].sort());
});

test('all of tfjs-core is there, and every other kernel throws its name', () => {
  for (const { kernelName } of tfjsGradients) expect(registered).toContain(kernelName);
  const missing = tfjsKernelNames.filter((name) => !registered.includes(name));
  expect(missing).toMatchInlineSnapshot(`
    [
      "AvgPool3DGrad",
      "AvgPoolGrad",
      "Bincount",
      "BroadcastArgs",
      "Complex",
      "Conv2DBackpropFilter",
      "Conv3DBackpropFilterV2",
      "Conv3DBackpropInputV2",
      "CropAndResize",
      "DenseBincount",
      "DepthToSpace",
      "DepthwiseConv2dNativeBackpropFilter",
      "DepthwiseConv2dNativeBackpropInput",
      "Diag",
      "Dilation2DBackpropFilter",
      "Dilation2DBackpropInput",
      "Draw",
      "EluGrad",
      "FFT",
      "Fill",
      "FlipLeftRight",
      "FromPixels",
      "FusedConv2D",
      "FusedDepthwiseConv2D",
      "IFFT",
      "Imag",
      "LRNGrad",
      "LinSpace",
      "LogicalXor",
      "LowerBound",
      "MatrixBandPart",
      "MaxPool3DGrad",
      "MaxPoolGrad",
      "MaxPoolWithArgmax",
      "NonMaxSuppressionV4",
      "NonMaxSuppressionV5",
      "Pool",
      "RaggedGather",
      "RaggedRange",
      "RaggedTensorToTensor",
      "Range",
      "Real",
      "ResizeBilinearGrad",
      "ResizeNearestNeighborGrad",
      "RotateWithOffset",
      "ScatterNd",
      "SparseFillEmptyRows",
      "SparseReshape",
      "SparseSegmentMean",
      "SparseSegmentSum",
      "SparseToDense",
      "StaticRegexReplace",
      "StringNGrams",
      "StringSplit",
      "StringToHashBucketFast",
      "TensorScatterUpdate",
      "Transform",
      "Unique",
      "UpperBound",
      "_FusedMatMul",
    ]
  `);
});

test('registering again changes nothing', () => {
  const before = tfjsKernelNames.map((name) => tf.getGradient(name));
  registerGradients();
  expect(tfjsKernelNames.map((name) => tf.getGradient(name))).toEqual(before);
});
