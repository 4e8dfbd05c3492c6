import * as tf from '@tensorflow/tfjs-core';
import { spreadAxis } from './spread-axis.ts';

/**
 * Gradient of `conv2d`, and so of `conv1d`. A dilated convolution is one with zeros between the elements of its filter:
 * the gradient spreads the filter, and picks its own elements again. Replaces tfjs-core's, which refuses dilation, as causal
 * convolutions over time have it, and forgets the rounding of the output's size.
 */
export const conv2dGradient: tf.GradConfig = {
  kernelName: tf.Conv2D,
  inputsToSave: ['x', 'filter'],
  gradFunc: (dy, saved, attributes) => {
    const [x, filter] = saved as [tf.Tensor, tf.Tensor];
    const { dilations, strides, pad, dataFormat, dimRoundingMode } = attributes as unknown as tf.Conv2DAttrs;
    const [down, across] = typeof dilations === 'number' ? [dilations, dilations] : dilations;
    const options = { strides, pad, dataFormat, dimRoundingMode };
    const run = (kernel: string, inputs: tf.NamedTensorMap, shape: object) =>
      tf.engine().runKernel(kernel, inputs, { ...options, ...shape } as unknown as tf.NamedAttrMap) as tf.Tensor;
    const spread = () => dilate(dilate(filter, 0, down), 1, across);
    const picked = (slopes: tf.Tensor) => tf.stridedSlice(slopes, [0, 0, 0, 0], slopes.shape, [down, across, 1, 1]);
    return {
      x: () => run(tf.Conv2DBackpropInput, { dy: dy as tf.Tensor, filter: spread() }, { inputShape: x.shape }),
      filter: () => picked(run(tf.Conv2DBackpropFilter, { x, dy: dy as tf.Tensor }, { filterShape: spread().shape })),
    };
  },
};

function dilate(filter: tf.Tensor, axis: number, dilation: number): tf.Tensor {
  const count = filter.shape[axis] as number;
  return dilation === 1 ? filter : spreadAxis(filter, axis, { size: (count - 1) * dilation + 1, begin: 0, stride: dilation, count });
}
