import * as tf from '@tensorflow/tfjs-core';

/**
 * Gradient of `einsum`: for each operand an einsum of the output's slope with the other operand. A label that only this
 * operand has was summed away; its slope is the same at every index.
 */
export const einsumGradient: tf.GradConfig = {
  kernelName: tf.Einsum,
  saveAllInputs: true,
  gradFunc: (dy, operands, attributes) => {
    const { equation } = attributes as unknown as { equation: string };
    const [left, output] = equation.replaceAll(/\s/g, '').split('->') as [string, string];
    const terms = left.split(',');
    return Object.fromEntries(operands.map((_, i) => [i, () => gradient(dy as tf.Tensor, i, { operands, terms, output })]));
  },
};

interface Contraction {
  readonly operands: readonly tf.Tensor[];
  /** The labels of each operand. */
  readonly terms: readonly string[];
  /** The labels of the output. */
  readonly output: string;
}

function gradient(dy: tf.Tensor, index: number, { operands, terms, output }: Contraction): tf.Tensor {
  const { shape } = operands[index] as tf.Tensor;
  const labels = [...(terms[index] as string)];
  const wanted = new Set(`${output}${terms[index]}`);
  const factors = operands.map((operand, i) => summedTo(wanted, operand, terms[i] as string)).filter((_, i) => i !== index);
  const reached = labels.filter((label) => output.includes(label) || factors.some((factor) => factor.labels.includes(label)));
  const slopes = factors.reduce(
    (product, factor) => ({
      labels: reached.join(''),
      values: tf.einsum(`${product.labels},${factor.labels}->${reached.join('')}`, product.values, factor.values),
    }),
    { labels: output, values: dy },
  );
  const ordered = tf.transpose(
    slopes.values,
    reached.map((label) => slopes.labels.indexOf(label)),
  );
  const spread = shape.map((size, axis) => (reached.includes(labels[axis] as string) ? size : 1));
  return tf.broadcastTo(tf.reshape(ordered, spread), shape);
}

/**
 * An operand summed over the labels that are not wanted, since they occur in it alone. The einsum of tfjs drops an operand
 * that shares no summed label with the others.
 */
function summedTo(wanted: ReadonlySet<string>, operand: tf.Tensor, labels: string): { labels: string; values: tf.Tensor } {
  const rest = [...labels].flatMap((label, axis) => (wanted.has(label) ? [] : [axis]));
  const values = tf.cast(operand, 'float32');
  return { labels: [...labels].filter((label) => wanted.has(label)).join(''), values: rest.length === 0 ? values : tf.sum(values, rest) };
}
