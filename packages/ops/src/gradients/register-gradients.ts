import { getGradient, registerGradient } from '@tensorflow/tfjs-core';
import { sequenceGradients } from '../sequence/sequence-gradients.ts';
import { absGradient } from './abs-gradient.ts';
import { averagePool3dGradient, averagePoolGradient } from './average-pool-gradients.ts';
import { batchMatMulGradient } from './batch-mat-mul-gradient.ts';
import { conv2dGradient } from './conv-2d-gradient.ts';
import { cumprodGradient } from './cumprod-gradient.ts';
import { cumsumGradient } from './cumsum-gradient.ts';
import { einsumGradient } from './einsum-gradient.ts';
import { maxGradient, minGradient } from './extreme-gradients.ts';
import { gatherGradient } from './gather-gradient.ts';
import { gatherNdGradient } from './gather-nd-gradient.ts';
import { maximumGradient } from './maximum-gradient.ts';
import { meanGradient } from './mean-gradient.ts';
import { minimumGradient } from './minimum-gradient.ts';
import { mirrorPadGradient } from './mirror-pad-gradient.ts';
import { missingGradient } from './missing-gradient.ts';
import { prodGradient } from './prod-gradient.ts';
import { resizeBilinearGradient, resizeNearestNeighborGradient } from './resize-gradients.ts';
import { splitVGradient, unpackGradient } from './single-part-gradients.ts';
import { squaredDifferenceGradient } from './squared-difference-gradient.ts';
import { stridedSliceGradient } from './strided-slice-gradient.ts';
import { tfjsGradients, tfjsKernelNames } from './tfjs-gradients.generated.ts';
import { topKGradient } from './top-k-gradient.ts';
import { floorDivGradient, zeroGradients } from './zero-gradients.ts';

/** Right where tfjs-core's own are wrong or fail, or faster; scripts/bundle-gradients.js leaves those out. */
const corrected = [
  absGradient,
  averagePool3dGradient,
  averagePoolGradient,
  batchMatMulGradient,
  conv2dGradient,
  cumsumGradient,
  floorDivGradient,
  gatherGradient,
  maxGradient,
  maximumGradient,
  meanGradient,
  minGradient,
  minimumGradient,
  mirrorPadGradient,
  prodGradient,
  resizeBilinearGradient,
  resizeNearestNeighborGradient,
  splitVGradient,
  squaredDifferenceGradient,
  unpackGradient,
];

/** What tfjs-core lacks. */
const added = [
  ...zeroGradients,
  cumprodGradient,
  einsumGradient,
  gatherNdGradient,
  stridedSliceGradient,
  topKGradient,
  ...sequenceGradients,
];

/**
 * Gives TensorFlow.js' operations their gradients, which `@tensorflow/tfjs-core` alone does not register in Node: its
 * own definitions, replaced where they are wrong, fail or are slow (`Abs`, `AvgPool`, `AvgPool3D`, `BatchMatMul`, `Conv2D`, `Cumsum`, `FloorDiv`,
 * `GatherV2`, `Max`, `Maximum`, `Mean`, `Min`, `Minimum`, `MirrorPad`, `Prod`, `ResizeBilinear`, `ResizeNearestNeighbor`, `SplitV`,
 * `SquaredDifference`, `Unpack`), and those it lacks: comparisons and logical operations (zero), `Cumprod`, `Einsum`,
 * `GatherNd`, `StridedSlice`, `TopK`. Every other operation of TensorFlow.js gets one that throws `NO_GRADIENT` when
 * back-propagation reaches it.
 *
 * Importing `@cellstate/ops` does this; call it again only after a package that registers gradients of its own, such as
 * `@tensorflow/tfjs`. A gradient that is there already stays, but for the replaced ones. Calling twice changes nothing.
 *
 * @example
 * ```ts
 * import { registerGradients } from '@cellstate/ops';
 *
 * registerGradients();
 * ```
 */
export function registerGradients(): void {
  for (const config of corrected) {
    if (getGradient(config.kernelName) !== config) registerGradient(config);
  }
  for (const config of [...tfjsGradients, ...added]) {
    if (getGradient(config.kernelName) === undefined) registerGradient(config);
  }
  for (const kernelName of tfjsKernelNames) {
    if (getGradient(kernelName) === undefined) registerGradient(missingGradient(kernelName));
  }
}
